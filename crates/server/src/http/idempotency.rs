//! `Idempotency-Key`: a request that is sent again is answered again and not done again.
//!
//! An answer is kept for a day, for whoever is signed in. Only what was done is kept: a refusal changed
//! nothing, so that a repetition is decided anew. A secret that is shown once is never kept; repeating
//! that request says so. What a request writes to the ledger is written under a key made of all this, so that a
//! crash between writing and answering does not make a repetition write twice.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::extract::{read_body, too_large};
use super::{Peer, Problem};
use crate::AppState;
use crate::auth::secret::{Digest, hex};
use crate::limits::{MAX_BODY_BYTES, MAX_IDEMPOTENCY_KEY};
use crate::store::{Replies, Reply};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The headers that belong to an answer and are given again with it.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];

tokio::task_local! {
    /// Under which key the request that is being answered writes to the ledger.
    static APPEND_KEY: Cell<Option<String>>;
}

/// The key under which the present request may write to the ledger; whoever takes it is the only one.
pub(crate) fn take_append_key() -> Option<String> {
    APPEND_KEY.try_with(Cell::take).ok().flatten()
}

/// Marks an answer that holds a secret and must not be kept; put into the answer's extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShownOnce;

/// Keeps answers of POST requests that carry a key, and gives them again.
pub(crate) async fn remember(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(&KEY) {
        return next.run(request).await;
    }
    match once(&state, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn once(state: &AppState, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let key = key(&parts.headers[&KEY])?;
    let owner = match crate::auth::cached(&mut parts, state)? {
        Some(viewer) => viewer.owner(),
        None => format!("address/{}", Peer::of(&parts, state).address),
    };
    let body = read_body(Request::new(body), state).await?;
    if body.len() > MAX_BODY_BYTES {
        return Err(too_large());
    }
    let fingerprint =
        Digest::of_parts(&[parts.method.as_str().as_bytes(), parts.uri.path().as_bytes(), &body]);
    let now = state.clock().now();
    match state.store().claim_reply(&owner, &key, fingerprint, now)? {
        Replies::Fresh => {}
        Replies::Done(reply) => return Ok(again(reply)),
        Replies::Busy => {
            return Err(Problem::conflict("key-in-use", "The same request is being worked on.")
                .hint("Send it again in a moment to get its answer"));
        }
        Replies::Other => {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key-reused",
                "The key belongs to another request",
                "This `Idempotency-Key` was used for another request before.",
            )
            .hint("Use a new key for each request; the same one only to repeat it"));
        }
    }
    // Gives the key back when the client goes away in the middle and this future is dropped.
    let claim = Claim { state, owner: &owner, key: &key, kept: AtomicBool::new(false) };
    let parts_of_key = [owner.as_bytes(), key.as_bytes(), fingerprint.as_bytes()];
    let append_key = Cell::new(Some(hex(Digest::of_parts(&parts_of_key).as_bytes())));
    let request = Request::from_parts(parts, Body::from(body));
    let response = APPEND_KEY.scope(append_key, next.run(request)).await;
    let (response, reply) = keep(response).await?;
    match reply {
        Some(reply) => {
            claim.kept.store(true, Ordering::Relaxed);
            state.store().finish_reply(&owner, &key, &reply)?;
        }
        None => drop(claim),
    }
    Ok(response)
}

struct Claim<'c> {
    state: &'c AppState,
    owner: &'c str,
    key: &'c str,
    kept: AtomicBool,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if *self.kept.get_mut() {
            return;
        }
        if let Err(error) = self.state.store().release_reply(self.owner, self.key) {
            tracing::error!(%error, "an idempotency key could not be given back");
        }
    }
}

fn key(value: &HeaderValue) -> Result<String, Problem> {
    let text = value.to_str().unwrap_or_default().trim();
    if (1..=MAX_IDEMPOTENCY_KEY).contains(&text.len()) {
        return Ok(text.to_owned());
    }
    Err(Problem::bad_request(
        "bad-key",
        format!("An `Idempotency-Key` is 1 to {MAX_IDEMPOTENCY_KEY} visible ASCII characters."),
    )
    .hint("A random UUID is a good key"))
}

/// Reads an answer and says what of it is to be kept.
async fn keep(response: Response) -> Result<(Response, Option<Reply>), Problem> {
    if !response.status().is_success() {
        return Ok((response, None));
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|error| Problem::internal(&error))?;
    let reply = if parts.extensions.get::<ShownOnce>().is_some() {
        shown_once()
    } else {
        let kept = KEPT
            .iter()
            .filter_map(|name| Some((name.as_str(), parts.headers.get(name)?.to_str().ok()?)));
        let headers = serde_json::to_string(&kept.collect::<BTreeMap<_, _>>())
            .expect("BUG: headers are plain text");
        Reply { status: parts.status.as_u16(), headers, body: body.to_vec() }
    };
    Ok((Response::from_parts(parts, Body::from(body)), Some(reply)))
}

fn shown_once() -> Reply {
    let problem = Problem::conflict(
        "shown-once",
        "This was done before; its secret was shown then and cannot be shown again.",
    )
    .hint("If the first answer was lost, revoke what it made and make a new one");
    let body = serde_json::to_vec(&problem).expect("BUG: a problem is plain text and numbers");
    let headers = format!("{{\"content-type\":\"{}\"}}", super::problem::MEDIA_TYPE);
    Reply { status: StatusCode::CONFLICT.as_u16(), headers, body }
}

fn again(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, reply.body).into_response();
    let kept: BTreeMap<String, String> = serde_json::from_str(&reply.headers).unwrap_or_default();
    for (name, value) in kept {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
