//! Freezes: when changes wait.

use axum::extract::State;
use gitops::gate::Window;
use gitops::record::Command as Any;
use gitops::record::freeze::Command;
use gitops::views::{self, FreezeList};
use governance::Text;
use jiff::Timestamp;
use policy::Resource;
use schemars::JsonSchema;
use serde::Deserialize;

use super::as_of::AsOfParameters;
use super::changes::FreezeRequest;
use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Path, Problem, Query};

/// When a freeze ends, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LiftRequest {
    /// Until when it is lifted; for good when left out, which a freeze of the playbook cannot be.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    until: Option<Timestamp>,
    /// Why.
    reason: String,
}

/// Another end of a freeze.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FreezeEndRequest {
    /// When it ends.
    #[schemars(with = "String")]
    until: Timestamp,
    /// Why.
    #[serde(default)]
    reason: Option<String>,
}

/// Lists freezes: in force, ahead within two weeks, lifted.
#[utoipa::path(get, path = "/api/v1/freezes", params(AsOfParameters), responses(
    (status = 200, description = "Freezes", body = ref("#/components/schemas/FreezeList")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<FreezeList>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("freeze"))?;
    let lens = moment.lens(&state).await?;
    let gate = lens.gate(&state);
    Ok(Json(views::freezes(&lens.changes(&gate))))
}

/// Declares a freeze.
#[utoipa::path(post, path = "/api/v1/freezes", request_body(content = ref("#/components/schemas/FreezeRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Declared", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn declare(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<FreezeRequest>,
) -> Result<Done, Problem> {
    let FreezeRequest { name, summary, from, until, scope, passes } = asked;
    let window = Window { from: from.unwrap_or_else(|| state.clock().now()), until };
    let command = Command::Declare { summary, window, scope, passes };
    let performed = state.perform(&viewer, Any::Freeze { name, command }).await?;
    Ok(Done::created(performed, "/api/v1/freezes".to_owned()))
}

/// Lifts a freeze.
#[utoipa::path(post, path = "/api/v1/freezes/{name}/lift", params(("name" = String, Path, description = "Its name")), request_body(content = ref("#/components/schemas/LiftRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Lifted", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn lift(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    Json(asked): Json<LiftRequest>,
) -> Result<Done, Problem> {
    let LiftRequest { until, reason } = asked;
    let command = Command::Lift { until, reason: Text::Plain(reason) };
    Ok(state.perform(&viewer, Any::Freeze { name, command }).await?.into())
}

/// Gives a freeze another end.
#[utoipa::path(post, path = "/api/v1/freezes/{name}/move", params(("name" = String, Path, description = "Its name")), request_body(content = ref("#/components/schemas/FreezeEndRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Moved", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn postpone(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    Json(asked): Json<FreezeEndRequest>,
) -> Result<Done, Problem> {
    let FreezeEndRequest { until, reason } = asked;
    let command = Command::Move { until, reason: reason.as_deref().and_then(Text::of) };
    Ok(state.perform(&viewer, Any::Freeze { name, command }).await?.into())
}
