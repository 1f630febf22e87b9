//! One id a request, in the answer's `x-request-id`, in every log line and in problems.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// The header's name.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken over from a client or proxy.
const MAX_LENGTH: usize = 64;

/// The id of the request at hand.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) HeaderValue);

impl RequestId {
    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Takes the client's id when it is a plain word, makes one otherwise, and sends it back.
pub(crate) async fn assign(mut request: Request, next: Next) -> Response {
    let given = request.headers().get(&HEADER).filter(|value| is_plain(value)).cloned();
    let id = given.unwrap_or_else(|| {
        HeaderValue::from_str(&crate::auth::secret::public_id())
            .expect("BUG: hexadecimal digits are a valid header")
    });
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    response.headers_mut().insert(HEADER, id);
    response
}

fn is_plain(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (1..=MAX_LENGTH).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
