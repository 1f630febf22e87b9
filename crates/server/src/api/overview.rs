//! Views over everything: today, the RACI matrix, the gaps.

use axum::extract::State;
use governance::views::{self, Gap, RaciMatrix, Today};
use policy::Resource;
use schemars::JsonSchema;
use serde::Serialize;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Problem};

/// Everything that is missing.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Gaps {
    /// The gaps, most important first.
    items: Vec<Gap>,
}

/// What needs you, what changed, and what comes next.
#[utoipa::path(get, path = "/api/v1/today", responses(
    (status = 200, description = "Today", body = ref("#/components/schemas/Today")),
))]
pub(crate) async fn today(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<Today>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("today"))?;
    Ok(Json(views::today(&state.lens().reading(), viewer.person.as_deref())))
}

/// Shows who is responsible, accountable, consulted and informed.
#[utoipa::path(get, path = "/api/v1/raci", responses(
    (status = 200, description = "The matrix", body = ref("#/components/schemas/RaciMatrix")),
))]
pub(crate) async fn raci(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<RaciMatrix>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("raci-area"))?;
    Ok(Json(views::raci(state.snapshot().model())))
}

/// Lists what nobody has filled in yet, and what that puts at risk.
#[utoipa::path(get, path = "/api/v1/gaps", responses(
    (status = 200, description = "Gaps", body = ref("#/components/schemas/Gaps")),
))]
pub(crate) async fn gaps(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<Gaps>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("gap"))?;
    Ok(Json(Gaps { items: views::gaps(&state.lens().reading()) }))
}
