//! Trends, for programs.

use axum::extract::State;
use policy::Resource;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::as_of::AsOfParameters;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Problem, Query};
use crate::trends::Trends;

/// The operations of trends.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Shows how changes and incidents went over the last twelve weeks: the four keys of DORA, recurring factors, promises kept.
#[utoipa::path(get, path = "/api/v1/trends", params(AsOfParameters), responses(
    (status = 200, description = "Trends", body = ref("#/components/schemas/Trends")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<Trends>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("trend"))?;
    let lens = moment.lens(&state).await?;
    Ok(Json(Trends::of(&lens, viewer.person.as_deref())))
}
