//! Jobs of pipelines: what their own system says of them, exchanged for a short token of a service account.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::AppState;
use crate::http::idempotency::ShownOnce;
use crate::http::{Json, Peer, Problem};

/// What a job presents.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobTokenRequest {
    /// The service account that it wants to act by, by name.
    account: String,
    /// The token by which its own system vouches for it (OpenID Connect, signed).
    token: String,
}

/// A token for a job, shown this once.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct JobTokenView {
    /// Its public name.
    id: String,
    /// The secret, to be sent as `Authorization: Bearer council_…`.
    token: String,
    /// What it may be used for.
    scopes: Vec<String>,
    /// When it ends.
    #[schemars(with = "String")]
    expires: Timestamp,
}

/// Exchanges a job's token of its own system for a short one of a service account.
#[utoipa::path(post, path = "/api/v1/job-tokens", security(()), request_body(content = ref("#/components/schemas/JobTokenRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Made", body = ref("#/components/schemas/JobTokenView")),
))]
pub(crate) async fn exchange(
    State(state): State<AppState>,
    peer: Peer,
    Json(asked): Json<JobTokenRequest>,
) -> Result<Response, Problem> {
    let made = state.exchange_job_token(peer, &asked.account, &asked.token).await?;
    let body = JobTokenView {
        id: made.id,
        token: made.secret.expose().to_owned(),
        scopes: made.scopes,
        expires: made.expires,
    };
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    response.extensions_mut().insert(ShownOnce);
    Ok(response)
}
