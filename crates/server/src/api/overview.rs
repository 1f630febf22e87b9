//! Views over everything: today, the RACI matrix, the gaps.

use axum::extract::State;
use governance::views::{self, Gap, RaciMatrix};
use policy::Resource;
use schemars::JsonSchema;
use serde::Serialize;

use super::as_of::AsOfParameters;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Problem, Query};
use crate::today::Today;

/// Everything that is missing.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Gaps {
    /// The gaps, most important first.
    items: Vec<Gap>,
}

/// What needs you, what changed, and what comes next.
#[utoipa::path(get, path = "/api/v1/today", params(AsOfParameters), responses(
    (status = 200, description = "Today", body = ref("#/components/schemas/Today")),
))]
pub(crate) async fn today(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<Today>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("today"))?;
    let lens = moment.lens(&state).await?;
    Ok(Json(Today::of(&state, &lens, viewer.person.as_deref(), moment.is_present())))
}

/// Shows who is responsible, accountable, consulted and informed.
#[utoipa::path(get, path = "/api/v1/raci", params(AsOfParameters), responses(
    (status = 200, description = "The matrix", body = ref("#/components/schemas/RaciMatrix")),
))]
pub(crate) async fn raci(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<RaciMatrix>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("raci-area"))?;
    Ok(Json(views::raci(moment.lens(&state).await?.snapshot.model())))
}

/// Lists what nobody has filled in yet, and what that puts at risk.
#[utoipa::path(get, path = "/api/v1/gaps", params(AsOfParameters), responses(
    (status = 200, description = "Gaps", body = ref("#/components/schemas/Gaps")),
))]
pub(crate) async fn gaps(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<Gaps>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("gap"))?;
    Ok(Json(Gaps { items: views::gaps(&moment.lens(&state).await?.reading()) }))
}
