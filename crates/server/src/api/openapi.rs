//! The description of the API, OpenAPI 3.1.
//!
//! Paths come from the handlers by `utoipa`, shapes from the views' own JSON Schemas, which OpenAPI 3.1 takes
//! as they are. What holds for all operations (problems, request ids, keys, tags) is added here once.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder};

use super::{operations, schemas};

/// What the description begins with.
pub(super) fn head() -> OpenApi {
    let mut info = Info::new("council", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    OpenApiBuilder::new().info(info).build()
}

const ABOUT: &str = "\
The playbook, the record and the procedures of a council.

Sign in with `Authorization: Bearer council_…` or with a session's cookie. Every answer carries `x-request-id`. \
What goes wrong is a problem document (RFC 9457) with a stable `code`. Lists come in pages: follow `Link: rel=\"next\"` \
or send `next` as `cursor`. A POST with an `Idempotency-Key` can be sent again safely. Reads carry an `ETag`; send it \
as `If-None-Match` to save the body, and as `If-Match` with writes that replace what others may have written.";

/// The description as pretty JSON with a newline at its end, as it is committed.
pub fn document() -> String {
    let mut text =
        serde_json::to_string_pretty(&*DESCRIPTION).expect("BUG: the description is plain JSON");
    text.push('\n');
    text
}

static DESCRIPTION: LazyLock<Value> = LazyLock::new(describe);

/// Serves the description.
pub(super) async fn show() -> impl IntoResponse {
    static TEXT: LazyLock<String> = LazyLock::new(document);
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str())
}

fn describe() -> Value {
    let (_, description) = operations().split_for_parts();
    let mut document = serde_json::to_value(description).expect("BUG: a description is plain JSON");
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        paths.sort_keys();
        for (path, item) in paths.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if let Some(operation) = operation.as_object_mut() {
                    complete(path, method, operation);
                }
            }
        }
    }
    let components = json!({
        "schemas": schemas::all(),
        "securitySchemes": {
            "token": {
                "type": "http", "scheme": "bearer",
                "description": "A personal token, `council_…`, with scopes.",
            },
            "session": {
                "type": "apiKey", "in": "cookie", "name": "council",
                "description": "A browser's session; over https the cookie is `__Host-council`.",
            },
        },
    });
    if let Some(document) = document.as_object_mut() {
        document.insert("components".to_owned(), components);
        document.insert("security".to_owned(), json!([{"token": []}, {"session": []}]));
    }
    document
}

/// Adds what holds for every operation.
fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let noun = path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
    operation.insert("tags".to_owned(), json!([noun]));
    // Names of handlers repeat between nouns; clients generate methods from these ids.
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let id = format!("{}_{id}", noun.replace('-', "_"));
    operation.insert("operationId".to_owned(), json!(id));
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    if let Some(responses) = responses.as_object_mut() {
        responses.insert("default".to_owned(), problem());
    }
    if method == "post" {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.push(json!({
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "A key of your own; the same request with the same key is done once.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            }));
        }
    }
}

fn problem() -> Value {
    json!({
        "description": "A problem: what happened, why, and what to do now.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    })
}
