//! Sign-in links that the operator makes for others.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::AppState;
use crate::auth::{Viewer, operator};
use crate::http::idempotency::ShownOnce;
use crate::http::{Json, Problem};
use crate::limits::LINK_LIFE;

/// Whom a link is for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkRequest {
    /// The person.
    person: String,
    /// Whether their session may operate the server, too.
    #[serde(default)]
    operator: bool,
}

/// A new sign-in link.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LinkView {
    /// The address to open; it works once.
    url: String,
    /// When it ends.
    #[schemars(with = "String")]
    expires: Timestamp,
}

/// Makes a one-time sign-in link for a person.
#[utoipa::path(post, path = "/api/v1/sign-in-links", request_body(content = ref("#/components/schemas/LinkRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Made", body = ref("#/components/schemas/LinkView")),
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<LinkRequest>,
) -> Result<Response, Problem> {
    let resource = Resource::kind("link").of_people([&asked.person]);
    state.authorize(&viewer, "link.create", resource)?;
    let snapshot = state.snapshot();
    if snapshot.model().find("person", &asked.person).is_none() {
        return Err(super::resources::missing(&snapshot, "person", &asked.person));
    }
    let now = state.clock().now();
    let path = operator::sign_in_path(state.store(), Some(&asked.person), asked.operator, now)?;
    let life = SignedDuration::try_from(LINK_LIFE).unwrap_or(SignedDuration::ZERO);
    let view = LinkView { url: format!("{}{path}", state.origin()), expires: now + life };
    tracing::info!(person = asked.person, actor = viewer.actor(), "a sign-in link was made");
    let mut response = (StatusCode::CREATED, Json(view)).into_response();
    response.extensions_mut().insert(ShownOnce);
    Ok(response)
}
