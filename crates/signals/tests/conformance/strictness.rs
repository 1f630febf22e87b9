//! An emulator that takes everything proves nothing: each refuses what its vendor does not describe.

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::emulators;
use crate::targets::client;

/// A right request is taken, and every change of one parameter is not.
async fn check(address: &str, right: &[(&str, &str)], wrong: &[(&str, &str)]) {
    let ask = |parameters: &[(&str, &str)]| client().get(address).query(parameters);
    assert_eq!(status(ask(right)).await, StatusCode::OK, "{right:?}");
    for (name, value) in wrong {
        let others = right.iter().filter(|(known, _)| known != name).copied();
        let changed: Vec<_> = others.chain([(*name, *value)]).collect();
        assert_eq!(status(ask(&changed)).await, StatusCode::BAD_REQUEST, "{name}={value}");
    }
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.expect("an answer").status()
}

#[tokio::test]
async fn the_loki_wants_nanoseconds_and_logql() {
    let address = emulators::loki::start(None).await + "/loki/api/v1/query_range";
    let right = [
        ("query", "{a=\"b\"} |= \"c\" | d=~\"(?i)(e|f)\""),
        ("start", "1767225600000000000"),
        ("end", "1767225601000000000"),
        ("limit", "5000"),
        ("direction", "forward"),
    ];
    let wrong = [
        ("start", "1767225600000"),
        ("end", "1767225601"),
        ("limit", "5001"),
        ("query", "{a=\"b\"} or {a=\"c\"}"),
        ("query", "{a=\"b} "),
        ("query", "{a=\"\\x\"}"),
        ("order", "asc"),
    ];
    check(&address, &right, &wrong).await;
}

#[tokio::test]
async fn the_tempo_wants_seconds_and_traceql() {
    let address = emulators::tempo::start().await + "/api/search";
    let right = [
        ("q", "{ resource.service.name = \"a\" && duration >= 5ns && status = error }"),
        ("start", "1767225600"),
        ("end", "1767225601"),
        ("limit", "5"),
    ];
    let wrong = [
        ("start", "1767225600000"),
        ("q", "{ resource.service.name = \"a\" || true }"),
        ("q", "{ service = \"a\" }"),
        ("service", "a"),
    ];
    check(&address, &right, &wrong).await;
}

#[tokio::test]
async fn the_jaeger_wants_the_units_of_each_interface() {
    let address = emulators::jaeger::start().await;
    let right = [
        ("service", "a"),
        ("start", "1767225600000000"),
        ("end", "1767225601000000"),
        ("limit", "5"),
    ];
    let wrong = [
        ("start", "1767225600000"),
        ("end", "2026-01-01T00:00:00Z"),
        ("tags", "error=true"),
        ("x", "y"),
    ];
    check(&format!("{address}/api/traces"), &right, &wrong).await;
    let address = format!("{address}/api/v3/traces");
    let v3 = |end: &str, duration: &str, name: &str| {
        client().get(&address).query(&[
            ("query.serviceName", "a"),
            ("query.startTimeMin", "2026-01-01T00:00:00Z"),
            ("query.startTimeMax", end),
            ("query.searchDepth", "5"),
            (name, duration),
        ])
    };
    let end = "2026-01-01T00:00:01Z";
    // With nothing found, a right request is answered with 404.
    assert_eq!(status(v3(end, "5ns", "query.durationMin")).await, StatusCode::NOT_FOUND);
    for (end, duration, name) in [
        ("1767225601000000", "5ns", "query.durationMin"),
        (end, "5", "query.durationMin"),
        (end, "5ns", "query.duration_min"),
    ] {
        assert_eq!(status(v3(end, duration, name)).await, StatusCode::BAD_REQUEST, "{end} {name}");
    }
}

#[tokio::test]
async fn the_elasticsearch_wants_its_own_query_language() {
    let address = emulators::elastic::start().await;
    let bulk = |body: &'static str| {
        let request = client().post(format!("{address}/logs-1/_bulk")).body(body);
        request.header("content-type", "application/x-ndjson")
    };
    assert_eq!(
        status(bulk("{\"create\":{}}\n{\"@timestamp\":\"2026-01-01T00:00:00Z\"}\n")).await,
        StatusCode::OK
    );
    assert_eq!(status(bulk("{\"create\":{}}\n{}")).await, StatusCode::BAD_REQUEST);
    let bounds = json!({"gte": "2026-01-01T00:00:00Z", "lt": "2026-01-01T00:00:01Z", "format": "strict_date_optional_time_nanos"});
    let right = json!({
        "query": {"bool": {"filter": [{"range": {"@timestamp": bounds}}]}},
        "sort": [{"@timestamp": {"order": "asc", "numeric_type": "date_nanos", "unmapped_type": "date"}}], "size": 5, "timeout": "5ms", "_source": [],
    });
    let search = |body: &Value| client().post(format!("{address}/logs-*/_search")).json(body);
    assert_eq!(status(search(&right)).await, StatusCode::OK);
    for (place, value) in [
        ("/query/bool/filter/0/range/@timestamp/lt", json!(1_767_225_601)),
        ("/query/bool/filter/0/range/@timestamp/format", json!("epoch_millis")),
        ("/query/bool/filter/0", json!({"matches": {"a": "b"}})),
        ("/timeout", json!(5)),
        ("/size", json!(10_001)),
    ] {
        let mut wrong = right.clone();
        *wrong.pointer_mut(place).expect("a place") = value;
        assert_eq!(status(search(&wrong)).await, StatusCode::BAD_REQUEST, "{place}");
    }
    let mut wrong = right.clone();
    wrong["limit"] = json!(5);
    assert_eq!(status(search(&wrong)).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_graylog_wants_its_header_a_token_and_milliseconds() {
    let address = emulators::graylog::start().await;
    let right = json!({
        "query": "a:\"b\" AND level:[0 TO 3]", "sort": "timestamp", "sort_order": "asc", "size": 5, "fields": ["timestamp"],
        "timerange": {"type": "absolute", "from": "2026-01-01T00:00:00.000Z", "to": "2026-01-01T00:00:01.000Z"},
    });
    let bare = |body: &Value| client().post(format!("{address}/api/search/messages")).json(body);
    let named = |body: &Value| bare(body).header("x-requested-by", "council");
    let search = |body: &Value| named(body).basic_auth("canary", Some("token"));
    assert_eq!(status(search(&right)).await, StatusCode::OK);
    assert_eq!(
        status(bare(&right).basic_auth("canary", Some("token"))).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(status(named(&right)).await, StatusCode::UNAUTHORIZED);
    for (place, value) in [
        ("/timerange/type", json!("relative")),
        ("/timerange/from", json!("2026-01-01T00:00:00Z")),
        ("/timerange/to", json!(1_767_225_601)),
        ("/query", json!("a:b OR *")),
        ("/sort_order", json!("desc")),
    ] {
        let mut wrong = right.clone();
        *wrong.pointer_mut(place).expect("a place") = value;
        assert_eq!(status(search(&wrong)).await, StatusCode::BAD_REQUEST, "{place}");
    }
}
