//! Logs and traces: asked of stores that speak Loki's and Jaeger's interfaces, shown, kept with an incident; and stores that are
//! silent, or not declared. The stores themselves are held against the real ones by `signals`.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::incidents::RELIABILITY;
use crate::pages::page;
use crate::support::{Key, Role, World, problem};

const TRACE: &str = "5b8efff798038103d269b633813fc60c";

type Parameters = std::collections::BTreeMap<String, String>;

/// A Loki with two lines, one of which says too much; it answers nobody without the token.
async fn loki(headers: axum::http::HeaderMap, Query(asked): Query<Parameters>) -> Response {
    if headers.get("authorization").is_none_or(|token| token != "Bearer loki-token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    assert!(asked["query"].contains("\"db\""), "{asked:?}");
    let at = |seconds| (Timestamp::now() - SignedDuration::from_secs(seconds)).as_nanosecond();
    let values = json!([
        [at(120).to_string(), "connection refused"],
        [at(60).to_string(), "retry with password=hunter2hunter2X9 and fail"],
        [at(50).to_string(), "sent Authorization: Bearer opaque0123"],
    ]);
    let stream = json!({"service_name": "db", "detected_level": "error"});
    let result = json!([{"stream": stream, "values": values}]);
    Json(json!({"status": "success", "data": {"resultType": "streams", "result": result}}))
        .into_response()
}

/// A Jaeger with one trace of two spans.
async fn jaeger() -> Json<Value> {
    let begin = (Timestamp::now() - SignedDuration::from_secs(90)).as_nanosecond();
    let span = |id: &str, parent: &str, (after, took): (i128, i128), failed: bool| {
        json!({
            "traceId": TRACE, "spanId": id, "parentSpanId": parent, "name": format!("step {id}"),
            "startTimeUnixNano": (begin + after * 1_000_000).to_string(),
            "endTimeUnixNano": (begin + (after + took) * 1_000_000).to_string(),
            "status": {"code": if failed { 2 } else { 0 }, "message": if failed { "refused" } else { "" }},
        })
    };
    let spans = [
        span("00f067aa0ba902b7", "", (0, 250), false),
        span("10f067aa0ba902b7", "00f067aa0ba902b7", (10, 200), true),
    ];
    let resource = json!({"attributes": [{"key": "service.name", "value": {"stringValue": "db"}}]});
    let spans = json!([{"resource": resource, "scopeSpans": [{"spans": spans}]}]);
    Json(json!({"result": {"resourceSpans": spans}}))
}

async fn stores() -> String {
    let routes = Router::new()
        .route("/loki/api/v1/query_range", get(loki))
        .route("/api/v3/traces", get(jaeger))
        .route("/api/v3/traces/{id}", get(jaeger));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

fn playbook(logs: &str, traces: &str) -> String {
    format!(
        "{RELIABILITY}
---
apiVersion: council/v1
kind: TelemetryTool
metadata: {{name: logs}}
spec: {{signal: logs, chosen: Loki, access: {{speaks: loki, url: '{logs}', secret_from: LOKI_TOKEN, page: {{url: 'https://grafana.example', source: loki}}}}}}
---
apiVersion: council/v1
kind: TelemetryTool
metadata: {{name: traces}}
spec: {{signal: traces, chosen: Jaeger, access: {{speaks: jaeger, url: '{traces}'}}}}
"
    )
}

async fn start(logs: &str, traces: &str) -> (World, Key) {
    let files = playbook(logs, traces);
    let world = World::governed_and(&[("reliability.yaml", &files)], |config| {
        config.variable = |name| (name == "LOKI_TOKEN").then(|| "loki-token".to_owned());
    })
    .await;
    let dan = world.session(Role::Member).await;
    (world, dan)
}

#[tokio::test]
async fn what_a_service_wrote_is_shown_and_kept_with_the_incident() {
    let address = stores().await;
    let (world, dan) = start(&address, &address).await;
    let found = world.read("/api/v1/logs?service=db&severity=warn", &dan).await;
    let texts: Vec<_> =
        found["lines"].as_array().expect("lines").iter().map(|it| &it["text"]).collect();
    assert_eq!(texts[0], "connection refused", "{found:#}");
    assert!(!found.to_string().contains("hunter2hunter2X9"), "a secret is covered: {found:#}");
    assert!(!found.to_string().contains("opaque0123"), "what signs in is covered: {found:#}");
    assert_eq!(found["lines"][0]["severity"], "error");
    assert!(found["link"].as_str().is_some_and(|link| link.starts_with("https://grafana.example")));

    let token = concat!("ghp", "_16C7e42F292c6912E7710c838347Ae178B4a");
    let looked_for = world.read(&format!("/api/v1/logs?service=db&text={token}"), &dan).await;
    assert!(!looked_for.to_string().contains(token), "whoever looks for one spreads it not");

    let declared =
        world.post("/api/v1/incidents", &dan, json!({"title": "Slow", "services": ["db"]})).await;
    assert!(declared.status().is_success());
    let shown = page(&world, "/incidents/INC-2026-0001/evidence?what=logs&service=db", &dan).await;
    assert!(
        shown.contains("connection refused") && shown.contains("Keep it in the timeline"),
        "{shown}"
    );
    let keep = "/api/v1/incidents/INC-2026-0001/evidence";
    let kept = world.post(keep, &dan, json!({"what": "logs", "service": "db"})).await;
    assert_eq!(kept.status(), 200, "{}", kept.text().await.expect("text"));
    let kept = world.post(keep, &dan, json!({"what": "traces", "service": "db"})).await;
    assert_eq!(kept.status(), 200, "{}", kept.text().await.expect("text"));
    let story = world.read("/api/v1/incidents/INC-2026-0001/timeline", &dan).await.to_string();
    assert!(story.contains("connection refused") && story.contains(TRACE), "{story}");
    assert!(story.contains("seen in Loki") && !story.contains("hunter2hunter2X9"), "{story}");
    let shown = page(&world, "/incidents/INC-2026-0001", &dan).await;
    assert!(shown.contains("<pre class=\"wrap\">`db` from"), "{shown}");
}

#[tokio::test]
async fn a_trace_is_shown_span_by_span() {
    let address = stores().await;
    let (world, dan) = start(&address, &address).await;
    let found = world.read("/api/v1/traces?service=db", &dan).await;
    let row = &found["found"][0];
    assert_eq!((&row["id"], &row["errors"]), (&json!(TRACE), &json!(1)), "{found:#}");
    let whole = world.read(&format!("/api/v1/traces/{TRACE}"), &dan).await;
    assert_eq!(whole["spans"][1]["depth"], 1, "{whole:#}");
    assert_eq!(
        (&whole["milliseconds"], &whole["spans"][1]["after_milliseconds"]),
        (&json!(250.0), &json!(10.0))
    );
    let shown = page(&world, &format!("/traces/{TRACE}"), &dan).await;
    assert!(shown.contains("refused") && shown.contains("250.0 ms"), "{shown}");
}

#[tokio::test]
async fn a_silent_store_and_one_that_nobody_declared_say_why() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nowhere = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let (world, dan) = start(&nowhere, &stores().await).await;
    let silent = world.get("/api/v1/logs?service=db", &dan).await;
    problem(silent, 503, "store-silent").await;
    let declared =
        world.post("/api/v1/incidents", &dan, json!({"title": "Slow", "services": ["db"]})).await;
    assert!(declared.status().is_success());
    let shown = page(&world, "/incidents/INC-2026-0001/evidence?what=logs&service=db", &dan).await;
    assert!(shown.contains("Loki could not be reached"), "{shown}");
    let wrong = "/api/v1/logs?service=db&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z";
    problem(world.get(wrong, &dan).await, 422, "wrong-value").await;
    let stranger = world.get("/api/v1/logs?service=db", &Key::Nothing).await;
    assert_eq!(stranger.status(), 401);

    let bare = World::governed().await;
    let ana = bare.session(Role::Holder).await;
    problem(bare.get("/api/v1/logs?service=db", &ana).await, 409, "nobody-to-ask").await;
    problem(bare.get(&format!("/api/v1/traces/{TRACE}"), &ana).await, 409, "nobody-to-ask").await;
}
