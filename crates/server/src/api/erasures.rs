//! Erasing what people wrote about a person (GDPR article 17): the key of a stream's texts goes, the chain stays.
//!
//! The ledger keeps who erased what and why, as it keeps everything else. Copies of the ledger are erased with it as
//! far as they are restored with the keys that remain; a backup of the keys must be erased where it is kept.

use axum::extract::State;
use axum::http::StatusCode;
use ledger::{Append, Draft, Stream};
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::AppState;
use crate::auth::Viewer;
use crate::auth::secret::public_id;
use crate::http::{Json, Problem};
use crate::limits::MAX_REASON;
use crate::perform::wrong_value;

/// What to erase.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErasureRequest {
    /// The stream whose texts are erased, such as `feedback/4f2a`.
    stream: String,
    /// On which ground, such as `request of the person concerned, ticket 311`. It stays readable: name nobody.
    reason: String,
}

/// What was erased.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ErasureView {
    /// The stream.
    stream: String,
    /// How many keys there were; none when nothing was sealed in it, or everything is erased already.
    keys: usize,
    /// The entry that says so.
    seq: u64,
}

/// Erases all sealed texts of a stream for good. Entries, versions and hashes stay.
#[utoipa::path(post, path = "/api/v1/erasures", request_body(content = ref("#/components/schemas/ErasureRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Erased", body = ref("#/components/schemas/ErasureView")),
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<ErasureRequest>,
) -> Result<(StatusCode, Json<ErasureView>), Problem> {
    state.authorize(&viewer, "text.erase", Resource::new("text", &asked.stream))?;
    let ErasureRequest { stream, reason } = asked;
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.len() > MAX_REASON {
        return Err(wrong_value(format!("`reason` has 1 to {MAX_REASON} bytes.")));
    }
    let actor = viewer.actor();
    let work = move || erase(&state, &actor, &stream, &reason);
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map(|view| (StatusCode::CREATED, Json(view))),
        Err(error) => Err(Problem::internal(&error)),
    }
}

fn erase(
    state: &AppState,
    actor: &str,
    stream: &str,
    reason: &str,
) -> Result<ErasureView, Problem> {
    let missing = || {
        Problem::not_found(format!("The ledger has no stream `{stream}`."))
            .hint("`/api/v1/ledger/entries` shows the stream of each entry")
    };
    let named = Stream::new(stream).map_err(|_| missing())?;
    let ledger = state.ledger();
    let version = ledger.version(&named).map_err(|error| Problem::internal(&error))?;
    if version == 0 {
        return Err(missing());
    }
    // The wish is written down first: after a crash it is known what was to go, and asking again does the rest.
    let own = Stream::new(format!("erasure/{}", public_id())).map_err(|_| missing())?;
    let body = json!({ "stream": stream, "reason": reason });
    let draft = Draft::new(own, "erasure.asked", actor, body);
    let append = Append::new([draft], state.clock().now());
    let appended = ledger.append(append).map_err(|error| Problem::internal(&error))?;
    let keys = ledger.erase(&named).map_err(|error| Problem::internal(&error))?;
    tracing::info!(stream, actor, keys, "sealed texts were erased");
    let seq = appended.entries.last().map_or(0, |entry| entry.seq);
    Ok(ErasureView { stream: stream.to_owned(), keys, seq })
}
