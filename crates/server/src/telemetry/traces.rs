//! Traces over OTLP/HTTP.
//!
//! The exporter batches on a thread of its own, where there is no runtime; the client hands each request to ours.

use std::pin::Pin;

use axum::http::{Request, Response};
use bytes::Bytes;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, Tracer};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

use super::logs::LoggingError;

/// Makes the exporter. Everything but the address and the service's name it reads from the standard variables.
pub(super) fn provider(endpoint: &str) -> Result<SdkTracerProvider, LoggingError> {
    let failed = |why: String| LoggingError::Traces { endpoint: endpoint.to_owned(), why };
    let client = reqwest::Client::builder().build().map_err(|error| failed(error.to_string()))?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint)
        .with_http_client(OnRuntime { runtime: Handle::current(), client })
        .build()
        .map_err(|error| failed(error.to_string()))?;
    let resource = Resource::builder().with_service_name("council").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// Turns spans into traces.
pub(super) fn layer<S>(provider: &SdkTracerProvider) -> OpenTelemetryLayer<S, Tracer>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    tracing_opentelemetry::layer().with_tracer(provider.tracer("council"))
}

/// Sends from wherever it is called, by the runtime that was there at the start.
#[derive(Clone, Debug)]
struct OnRuntime {
    runtime: Handle,
    client: reqwest::Client,
}

type Answer = Result<Response<Bytes>, HttpError>;

impl HttpClient for OnRuntime {
    fn send_bytes<'client, 'answer>(
        &'client self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + 'answer>>
    where
        'client: 'answer,
        Self: 'answer,
    {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let request = reqwest::Request::try_from(request)?;
            let answer = client.execute(request).await?;
            let status = answer.status();
            let mut response = Response::new(answer.bytes().await?);
            *response.status_mut() = status;
            Ok::<_, HttpError>(response)
        });
        Box::pin(async move { sent.await? })
    }
}
