//! Attestations of a change: who approved what and who passed the gate, as signed statements for others.
//!
//! Each is an in-toto statement about the plan, in a DSSE envelope under the ledger's signing key, which is the key of the
//! checkpoints, too. Whoever archives them needs neither this server nor its ledger to check them. Free text is not in them:
//! it may name people, and what is in somebody else's archive cannot be erased.

use axum::extract::State;
use gitops::attestation;
use policy::Resource;
use schemars::JsonSchema;
use serde::Serialize;

use super::changes::missing;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Path, Problem};

/// What is signed about a change.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AttestationView {
    /// The change's id.
    change: String,
    /// The public key (Ed25519) that verifies the envelopes; it is the one of the ledger's checkpoints.
    key: String,
    /// Every approval and override, oldest first, those that do not count any more among them.
    statements: Vec<SignedView>,
}

/// One signed statement.
#[derive(Debug, Serialize, JsonSchema)]
struct SignedView {
    /// A name for its file.
    name: String,
    /// The DSSE envelope: `payloadType`, `payload` in base64, `signatures`.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    envelope: ledger::Envelope,
}

/// Signs every approval and override of a change as an in-toto statement in a DSSE envelope.
#[utoipa::path(get, path = "/api/v1/changes/{id}/attestation", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "The signed statements", body = ref("#/components/schemas/AttestationView")),
))]
pub(crate) async fn attest(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<AttestationView>, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("change", &id))?;
    let record = state.record();
    let change = record.state.changes.changes.get(&id).ok_or_else(|| missing(&id))?;
    let keys = state.ledger().keys();
    let signed = attestation::statements(&id, change).into_iter().map(|statement| {
        let envelope = attestation::sign(&statement, keys);
        let envelope = envelope.map_err(|error| Problem::internal(&error))?;
        Ok(SignedView { name: statement.name, envelope })
    });
    let statements = signed.collect::<Result<_, Problem>>()?;
    Ok(Json(AttestationView { change: id, key: keys.public().to_string(), statements }))
}
