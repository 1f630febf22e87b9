//! How the background work goes.

use axum::extract::State;
use axum::http::StatusCode;
use policy::Resource;
use schemars::JsonSchema;
use serde::Serialize;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Page, PageParameters, Paging, Path, Problem};
use crate::workers::WorkerStatus;

/// One worker.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Worker(WorkerStatus);

/// Lists the workers with their statuses.
#[utoipa::path(get, path = "/api/v1/workers", params(PageParameters), responses(
    (status = 200, description = "Workers", body = ref("#/components/schemas/PageOfWorker")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<Worker>, Problem> {
    state.authorize(&viewer, "worker.read", Resource::kind("worker"))?;
    Ok(paging.cut(state.board().statuses(), |status| status.name.to_owned(), Worker))
}

/// Wakes a worker, so that it takes its next turn now.
#[utoipa::path(post, path = "/api/v1/workers/{name}/turns", params(("name" = String, Path, description = "The worker's name")), responses(
    (status = 202, description = "Woken"),
))]
pub(crate) async fn nudge(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    state.authorize(&viewer, "worker.nudge", Resource::new("worker", &*name))?;
    if state.board().nudge(&name) {
        return Ok(StatusCode::ACCEPTED);
    }
    Err(Problem::not_found(format!("There is no worker `{name}`."))
        .hint("`/api/v1/workers` lists them"))
}
