//! The stores that are asked, emulated and real, and how lines and spans get into them.

use reqwest::{Client, Url};
use secrecy::SecretString;
use serde_json::{Value, json};
use signals::{
    Credentials, Elastic, Fields, Grafana, Graylog, Jaeger, JaegerApi, LogStore, Loki, Page,
    Server, Store, Tempo, TraceStore,
};

use crate::scene::Scene;

/// The client of all tests.
pub(crate) fn client() -> Client {
    // Whoever installed one before has chosen.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().expect("a client")
}

/// What a variable says, or a word about its absence.
#[expect(clippy::print_stderr, reason = "what is left out is said loudly")]
pub(crate) fn variable(name: &str) -> Option<String> {
    let found = std::env::var(name).ok().filter(|value| !value.is_empty());
    if found.is_none() {
        eprintln!("LEFT OUT: `{name}` is not set, so this real server is not asked");
    }
    found
}

/// A server by its address, with the credentials that stand in it.
pub(crate) fn server(store: Store, address: &str) -> Server {
    let mut url: Url = address.parse().expect("an address");
    let (user, password) =
        (url.username().to_owned(), url.password().unwrap_or_default().to_owned());
    url.set_username("").expect("an address with a host");
    url.set_password(None).expect("an address with a host");
    let server = Server::new(store, url.as_str(), client()).expect("a server");
    match user.as_str() {
        "" => server,
        user => server.with_credentials(Credentials::Basic {
            user: SecretString::from(user),
            password: SecretString::from(password),
        }),
    }
}

fn grafana() -> Option<Grafana> {
    let base = "https://grafana.example.org/g".parse().expect("an address");
    Some(Grafana { base, data_source: "main".to_owned(), organization: 1 })
}

/// A Loki with the lines of a scene.
pub(crate) async fn loki(address: &str, scene: &Scene) -> LogStore {
    let stream = |line: &crate::scene::Written| {
        let labels = json!({"service_name": line.service, "level": line.level});
        json!({"stream": labels, "values": [[line.at.as_nanosecond().to_string(), line.text]]})
    };
    let streams: Vec<Value> = scene.lines().iter().map(stream).collect();
    send(&format!("{address}/loki/api/v1/push"), &json!({ "streams": streams })).await;
    let loki = Loki::new(server(Store::Loki, address));
    LogStore::Loki(Loki { grafana: grafana(), ..loki })
}

/// An Elasticsearch or an OpenSearch with the lines of a scene in an index of their own.
pub(crate) async fn elastic(store: Store, address: &str, scene: &Scene) -> LogStore {
    // A pattern of three: times as `date_nanos`, as `date`, and an index that has none.
    let index = |kind: &str| format!("{address}/council-{}-{kind}", scene.service);
    for (kind, time) in [("nanos", "date_nanos"), ("millis", "date"), ("other", "keyword")] {
        let name = if kind == "other" { "time" } else { "@timestamp" };
        let mappings = json!({"properties": {
            name: {"type": time}, "service.name": {"type": "keyword"},
            "message": {"type": "text"}, "log.level": {"type": "keyword"},
        }});
        checked(client().put(index(kind)).json(&json!({ "mappings": mappings }))).await;
    }
    for (number, line) in scene.lines().iter().enumerate() {
        let document = json!({
            "@timestamp": line.at.to_string(), "service.name": line.service,
            "log.level": line.level.to_uppercase(), "message": line.text, "host.name": "web1",
        });
        // The oldest line is a `date_nanos`: read as milliseconds it would be the youngest.
        let kind = if number % 2 == 1 { "nanos" } else { "millis" };
        let bulk = client().post(format!("{}/_bulk?refresh=true", index(kind)));
        let body = format!("{{\"create\":{{}}}}\n{document}\n");
        let answer = checked(bulk.header("content-type", "application/x-ndjson").body(body)).await;
        assert_eq!(answer["errors"], false, "{answer}");
    }
    let page = Page {
        base: "https://kibana.example.org/s/ops".parse().expect("an address"),
        data_view: Some("logs".to_owned()),
    };
    let fields = Fields::ecs();
    let index = "council-checkout-*".to_owned();
    LogStore::Elastic(Elastic { server: server(store, address), index, fields, page: Some(page) })
}

/// A Graylog with the lines of a scene, sent to an input for GELF.
pub(crate) async fn graylog(address: &str, gelf: &str, scene: &Scene) -> LogStore {
    for line in scene.lines() {
        let at = line.at.as_duration().as_secs_f64();
        let message = json!({
            "version": "1.1", "host": "web1", "short_message": line.text, "timestamp": at,
            "level": line.number, "_service_name": line.service,
        });
        send(&format!("{gelf}/gelf"), &message).await;
    }
    let labels = vec!["source".to_owned(), "request_id".to_owned()];
    LogStore::Graylog(Graylog { labels, ..Graylog::new(server(Store::Graylog, address)) })
}

/// A Jaeger with the spans of a scene.
pub(crate) async fn jaeger(address: &str, otlp: &str, api: JaegerApi, scene: &Scene) -> TraceStore {
    spans(otlp, scene).await;
    TraceStore::Jaeger(Jaeger { api, ..Jaeger::new(server(Store::Jaeger, address)) })
}

/// A Tempo with the spans of a scene.
pub(crate) async fn tempo(address: &str, otlp: &str, scene: &Scene) -> TraceStore {
    spans(otlp, scene).await;
    let tempo = Tempo::new(server(Store::Tempo, address));
    TraceStore::Tempo(Tempo { grafana: grafana(), ..tempo })
}

/// Pushes spans by the OpenTelemetry protocol, in JSON.
async fn spans(address: &str, scene: &Scene) {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    for span in scene.spans() {
        let end = span.start + jiff::SignedDuration::from_millis(span.milliseconds);
        let mut written = json!({
            "traceId": span.trace, "spanId": span.id, "name": span.name, "kind": 2,
            "startTimeUnixNano": span.start.as_nanosecond().to_string(),
            "endTimeUnixNano": end.as_nanosecond().to_string(),
            "attributes": [text("auth", &format!("token={}", crate::scene::SECRET))],
            "status": {},
        });
        if let Some(parent) = span.parent {
            written["parentSpanId"] = json!(parent);
        }
        if span.failed {
            written["status"] = json!({"code": 2, "message": "no stock"});
        }
        let resource = json!({"attributes": [text("service.name", &span.service)]});
        let scopes = json!([{"scope": {"name": "suite"}, "spans": [written]}]);
        let body = json!({"resourceSpans": [{"resource": resource, "scopeSpans": scopes}]});
        send(&format!("{address}/v1/traces"), &body).await;
    }
}

async fn send(address: &str, body: &Value) {
    checked(client().post(address).json(body)).await;
}

async fn checked(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("text");
    assert!(status.is_success(), "{status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}
