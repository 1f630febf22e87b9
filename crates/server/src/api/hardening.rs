//! Hardening: what audits found on machines, and what is left of the baselines.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use fleet::hardening::record::{Command, Report};
use fleet::hardening::{HardeningView, HostDetail, hardening, host};
use policy::Resource;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Path, Problem};

/// The operations of hardening.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(overview)).routes(routes!(show, report))
}

/// Shows how far the fleet meets its baselines: hosts, sites, roles, exceptions, and the trend of a quarter.
#[utoipa::path(get, path = "/api/v1/hardening", responses(
    (status = 200, description = "The fleet", body = ref("#/components/schemas/HardeningView")),
))]
async fn overview(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<HardeningView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("hardening"))?;
    let lens = state.lens();
    let at = (lens.now, lens.reading().today());
    Ok(Json(hardening(lens.snapshot.model(), &lens.record.state.hardening, at)))
}

/// Shows one machine, control by control.
#[utoipa::path(get, path = "/api/v1/hardening/{machine}", params(("machine" = String, Path, description = "Its name")), responses(
    (status = 200, description = "The machine", body = ref("#/components/schemas/HardeningHostDetail")),
))]
async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(machine): Path<String>,
) -> Result<Json<HostDetail>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::new("hardening", &machine))?;
    let lens = state.lens();
    let at = (machine.as_str(), lens.now, lens.reading().today());
    let found = host(lens.snapshot.model(), &lens.record.state.hardening, at);
    found.map(Json).ok_or_else(|| {
        Problem::not_found(format!("There is no machine `{machine}` with a baseline."))
            .hint("`/api/v1/hardening` lists them")
    })
}

/// Writes down what an audit found on a machine. The same within 20 hours is no news, and not written again.
#[utoipa::path(post, path = "/api/v1/hardening/{machine}", params(("machine" = String, Path, description = "Its name")),
    request_body(content = ref("#/components/schemas/HardeningReport"), content_type = "application/json"), responses(
    (status = 201, description = "Written down", body = ref("#/components/schemas/Performed")),
    (status = 204, description = "It is known"),
))]
async fn report(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(machine): Path<String>,
    Json(report): Json<Report>,
) -> Result<Response, Problem> {
    let location = format!("/api/v1/hardening/{machine}");
    match state.perform(&viewer, Command { machine, report }).await {
        Ok(done) => Ok(Done::created(done, location).into_response()),
        Err(problem) if problem.code() == "nothing-new" => {
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        Err(problem) => Err(problem),
    }
}
