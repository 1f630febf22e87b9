//! A small Graylog: GELF over HTTP, and its search for messages ("ScriptingApi").

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::scan::{Scanner, has_phrase};
use super::{Answer, bad, serve};

type Messages = Arc<Mutex<Vec<Value>>>;

/// What `Basic canary:token` is in the header.
const AUTHORIZATION: &str = "Basic Y2FuYXJ5OnRva2Vu";

/// Starts one that takes the token `canary`.
pub(crate) async fn start() -> String {
    let router = Router::new()
        .route("/gelf", post(gelf))
        .route("/api/search/messages", post(search))
        .with_state(Messages::default());
    serve(router).await
}

async fn gelf(State(messages): State<Messages>, Json(sent): Json<Value>) -> Answer {
    if sent["version"] != "1.1" || !sent["short_message"].is_string() || !sent["host"].is_string() {
        return Err(bad("no GELF 1.1"));
    }
    let seconds = sent["timestamp"].as_f64().ok_or_else(|| bad("timestamp"))?;
    let at = Timestamp::from_second(0).expect("a moment");
    let at = at + jiff::SignedDuration::from_secs_f64((seconds * 1e3).round() / 1e3);
    let mut kept = json!({
        "timestamp": format!("{at:.3}"), "message": sent["short_message"],
        "source": sent["host"], "level": sent["level"],
    });
    for (name, value) in sent.as_object().expect("an object") {
        if let Some(name) = name.strip_prefix('_') {
            kept[name] = value.clone();
        }
    }
    messages.lock().expect("a lock").push(kept);
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn search(
    State(messages): State<Messages>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Answer {
    if !headers.contains_key("x-requested-by") {
        return Err(bad(
            "CSRF protection header is missing. Please add a \"X-Requested-By\" header",
        ));
    }
    if headers.get("authorization").is_none_or(|it| it != AUTHORIZATION) {
        return Err(StatusCode::UNAUTHORIZED.into_response());
    }
    const KNOWN: [&str; 8] =
        ["query", "streams", "timerange", "sort", "sort_order", "from", "size", "fields"];
    let body = body.as_object().ok_or_else(|| bad("no object"))?;
    if let Some(strange) = body.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(bad(format!("Unrecognized field \"{strange}\"")));
    }
    if (&body["sort"], &body["sort_order"]) != (&json!("timestamp"), &json!("asc")) {
        return Err(bad("only ascending time is emulated"));
    }
    let range = &body["timerange"];
    let (from, to) = (milliseconds(&range["from"]), milliseconds(&range["to"]));
    let (Some(from), Some(to), Some("absolute")) = (from, to, range["type"].as_str()) else {
        return Err(bad("no absolute range in milliseconds"));
    };
    let size = body["size"].as_u64().ok_or_else(|| bad("size"))?;
    let fields: Vec<String> =
        serde_json::from_value(body["fields"].clone()).map_err(|_| bad("fields"))?;
    let matches = parse(body["query"].as_str().ok_or_else(|| bad("query"))?).map_err(bad)?;
    let messages = messages.lock().expect("a lock");
    // Both ends are in the range here: a stricter client must not notice.
    let inside =
        |it: &Value| milliseconds(&it["timestamp"]).is_some_and(|at| from <= at && at <= to);
    let mut found: Vec<&Value> = messages.iter().filter(|it| inside(it) && matches(it)).collect();
    found.sort_by_key(|it| milliseconds(&it["timestamp"]));
    let cell = |message: &Value, name: &String| message.get(name).cloned().unwrap_or(json!("-"));
    let row = |message: &Value| fields.iter().map(|name| cell(message, name)).collect::<Vec<_>>();
    let rows = found.into_iter().take(usize::try_from(size).expect("a size")).map(row);
    let column = |field: &String| json!({"column_type": "field", "type": "string", "field": field, "name": format!("field: {field}")});
    let answer = json!({
        "schema": fields.iter().map(column).collect::<Vec<_>>(),
        "datarows": rows.collect::<Vec<_>>(),
        "metadata": {"effective_timerange": range},
    });
    Ok(Json(answer).into_response())
}

/// `2026-01-01T00:00:00.000Z` and nothing else.
fn milliseconds(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let is_right = text.len() == 24 && text.ends_with('Z') && text.as_bytes()[19] == b'.';
    text.parse().ok().filter(|_| is_right)
}

/// Reads `field:"phrase" AND message:"phrase" AND level:[0 TO 3]`.
fn parse(query: &str) -> Result<impl Fn(&Value) -> bool + use<>, String> {
    enum Term {
        Is(String, String),
        Says(String),
        AtMost(String, u64),
    }
    let mut scanner = Scanner(query);
    let mut terms = Vec::new();
    loop {
        let field = scanner.word("_.");
        scanner.need(":")?;
        terms.push(if scanner.eat("[0 TO") {
            let most = scanner.word("").parse().map_err(|_| "no number")?;
            scanner.need("]")?;
            Term::AtMost(field, most)
        } else if field == "message" {
            Term::Says(scanner.string()?)
        } else {
            Term::Is(field, scanner.string()?)
        });
        if scanner.is_done() {
            break;
        }
        scanner.need("AND")?;
    }
    Ok(move |message: &Value| {
        terms.iter().all(|term| match term {
            Term::Is(field, value) => message[field] == *value,
            Term::Says(text) => has_phrase(message["message"].as_str().unwrap_or_default(), text),
            Term::AtMost(field, most) => message[field].as_u64().is_some_and(|it| it <= *most),
        })
    })
}
