//! What goes wrong with controllers.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream::{self, StreamExt as _};
use serde_json::json;

use super::{refusal, reply};

/// What goes wrong at a path.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// It takes the request and never answers.
    Hang,
    /// It answers one byte at a time, and never ends.
    Drip,
    /// It says this instead.
    Says(&'static str),
    /// It stops in the middle.
    Half,
    /// It promises a gibibyte, and whoever waits for it waits long.
    Huge,
    /// It answers without end, and does not say so.
    Flood,
    /// It leads elsewhere.
    Leads(String),
    /// It refuses.
    Refuses(u16),
    /// It refuses without words.
    Mute(u16),
    /// It says "OK" and means an error.
    FalseOk,
    /// Its list leads back to its first page.
    Loop,
    /// Its list always has one more page.
    Endless,
    /// It wants another password before anything else.
    WantsChange,
}

const MEBIBYTE: usize = 1 << 20;

impl Fault {
    pub(super) async fn answer(&self, path: &str, query: Option<&str>) -> Response {
        match self {
            Self::Hang => std::future::pending().await,
            Self::Drip => drip(),
            Self::Says(text) => body("text/html", Body::from(*text)),
            Self::Half => {
                let parts = [Ok(Bytes::from("{\"Id\": ")), Err(io::Error::other("cut"))];
                body("application/json", Body::from_stream(stream::iter(parts)))
            }
            Self::Huge => {
                let nothing = stream::pending::<Result<Bytes, io::Error>>();
                let mut response = body("application/json", Body::from_stream(nothing));
                let length = (1024 * MEBIBYTE).to_string().parse().expect("a header");
                response.headers_mut().insert("content-length", length);
                response
            }
            Self::Flood => body("application/json", flood()),
            Self::Leads(to) => {
                let mut response = reply(307, &json!(null));
                response.headers_mut().insert("location", to.parse().expect("a header"));
                response
            }
            Self::Refuses(status) => refusal(*status, "Base.1.8.InternalError", "It broke."),
            Self::Mute(status) => reply(*status, &json!(null)),
            Self::FalseOk => refusal(200, "Base.1.8.ServiceShuttingDown", "Good night."),
            Self::Loop => list(&format!("{path}?page=1"), path),
            Self::Endless => {
                let at = query.and_then(|query| query.strip_prefix("page=")?.parse::<u32>().ok());
                list(path, &format!("{path}?page={}", at.unwrap_or(0) + 1))
            }
            Self::WantsChange => refusal(403, "Base.1.8.PasswordChangeRequired", "Change it."),
        }
    }
}

fn list(member: &str, next: &str) -> Response {
    let page = json!({ "Members": [{ "@odata.id": member }], "Members@odata.nextLink": next });
    reply(200, &page)
}

fn flood() -> Body {
    let chunk = Bytes::from(vec![b' '; MEBIBYTE]);
    Body::from_stream(stream::repeat(chunk).take(1024).map(Ok::<_, io::Error>))
}

fn drip() -> Response {
    let pace = tokio::time::interval(Duration::from_millis(5));
    let drops = stream::unfold(pace, |mut pace| async move {
        pace.tick().await;
        Some((Ok::<_, io::Error>(Bytes::from(" ")), pace))
    });
    body("application/json", Body::from_stream(drops))
}

fn body(kind: &str, body: Body) -> Response {
    Response::builder().header("content-type", kind).body(body).expect("a response")
}
