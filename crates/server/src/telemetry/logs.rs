//! Logs: structured, on the standard error stream, for people or as JSON.
//!
//! The filter and the format are the caller's (`COUNCIL_LOG`, `RUST_LOG`); traces go out as well when the standard
//! OpenTelemetry variables say where to.

use std::io::IsTerminal as _;

use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use super::traces;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: one readable line each.
    Human,
    /// For machines: one JSON object each.
    Json,
}

/// What to log and how.
#[derive(Clone, Debug)]
pub struct Logging {
    /// Directives such as `info` or `server=debug,info`.
    pub filter: String,
    /// How lines look.
    pub format: Format,
    /// Where traces go, as a whole address such as `http://127.0.0.1:4318/v1/traces`; nowhere without it. The other
    /// `OTEL_*` variables are read by the exporter itself.
    pub traces_to: Option<String>,
}

/// The address for traces from the standard variables: the one for traces alone as it is, or else the one for all
/// signals with the path of traces behind it.
pub fn traces_address(for_traces: Option<&str>, for_all: Option<&str>) -> Option<String> {
    let for_all = || for_all.map(|base| format!("{}/v1/traces", base.trim_end_matches('/')));
    for_traces.map(str::to_owned).or_else(for_all)
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The directives are not well-formed.
    #[error(
        "the log filter `{filter}` cannot be read; write it like `info` or `server=debug,info`"
    )]
    Filter {
        /// As given.
        filter: String,
        /// What is wrong.
        source: tracing_subscriber::filter::ParseError,
    },
    /// Traces cannot be exported.
    #[error("traces cannot be sent to `{endpoint}`: {why}")]
    Traces {
        /// As given.
        endpoint: String,
        /// What is wrong.
        why: String,
    },
    /// Somebody set it up before.
    #[error("logging is set up already")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Keeps traces going out; what is left is sent when it is dropped.
#[derive(Debug)]
#[must_use = "traces end when this is dropped"]
pub struct Guard(Option<SdkTracerProvider>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take()
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// Sets up logs, and traces if asked for. Call it once, inside the runtime.
///
/// # Errors
/// When the filter cannot be read, the exporter cannot be made, or it was called before.
pub fn start(logging: &Logging) -> Result<Guard, LoggingError> {
    const QUIET: &str = "tower_http::csrf=warn";
    let filter = EnvFilter::try_new(&logging.filter)
        .map_err(|source| LoggingError::Filter { filter: logging.filter.clone(), source })?
        // Its traces print whole addresses, and people paste secrets into addresses.
        .add_directive(QUIET.parse().expect("BUG: the directive is written here"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match logging.format {
        Format::Human => {
            lines.with_ansi(std::io::stderr().is_terminal()).with_target(false).boxed()
        }
        Format::Json => lines.json().flatten_event(true).boxed(),
    };
    let provider = match &logging.traces_to {
        Some(endpoint) => Some(traces::provider(endpoint)?),
        None => None,
    };
    let spans = provider.as_ref().map(traces::layer);
    tracing_subscriber::registry().with(spans).with(lines.with_filter(filter)).try_init()?;
    Ok(Guard(provider))
}
