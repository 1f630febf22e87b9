//! Runbooks and their runs: what there is, how far it can be trusted, and the record of a run step by step.
//!
//! The server runs nothing: whoever runs a step tells what came of it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use governance::Text;
use policy::Resource;
use reliability::record::runbook_run::{Command, Ending};
use reliability::views::{self, Coverage, RunDetail, RunbookDetail, RunbookRow};
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem, Query, Version};

/// The operations of runbooks.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(coverage))
        .routes(routes!(show))
        .routes(routes!(begin))
        .routes(routes!(run))
        .routes(routes!(approve))
        .routes(routes!(start))
        .routes(routes!(finish))
        .routes(routes!(abandon))
}

/// A run to begin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunRequest {
    /// The runbook's name.
    runbook: String,
    /// What its steps are told, without secrets.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// The incident that it is run for.
    #[serde(default)]
    incident: Option<String>,
}

/// How a step ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndingRequest {
    /// How.
    ending: Ending,
    /// What it printed, without secrets.
    #[serde(default)]
    output: Option<String>,
}

/// Why a run is given up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AbandonmentRequest {
    /// Why.
    reason: String,
}

/// The most that is kept of what one step prints, in bytes. The command line keeps its first and last lines within this; who
/// sends more has cut nothing, and the ledger is no place for logs.
const MAX_OUTPUT: usize = 32 * 1024;

/// Lists runbooks by name.
#[utoipa::path(get, path = "/api/v1/runbooks", params(AsOfParameters, PageParameters), responses(
    (status = 200, description = "Runbooks", body = ref("#/components/schemas/PageOfRunbookRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<RunbookRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("runbook"))?;
    let lens = moment.lens(&state).await?;
    let verified = lens.verified();
    let mut rows = views::runbooks(&lens.operations(&verified));
    rows.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(paging.cut(rows, |row| row.name.clone(), |row| row))
}

/// Tells how many alerting objectives have a runbook.
#[utoipa::path(get, path = "/api/v1/runbook-coverage", params(AsOfParameters), responses(
    (status = 200, description = "The coverage", body = ref("#/components/schemas/RunbookCoverage")),
))]
pub(crate) async fn coverage(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<Coverage>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("runbook"))?;
    let lens = moment.lens(&state).await?;
    let verified = lens.verified();
    Ok(Json(views::coverage(&lens.operations(&verified))))
}

/// Shows one runbook with its steps and its runs.
#[utoipa::path(get, path = "/api/v1/runbooks/{name}", params(("name" = String, Path, description = "Its name"), AsOfParameters), responses(
    (status = 200, description = "The runbook", body = ref("#/components/schemas/RunbookDetail")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<RunbookDetail>, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("runbook", &name))?;
    let lens = moment.lens(&state).await?;
    let verified = lens.verified();
    let mut detail = views::runbook(&lens.operations(&verified), &name).ok_or_else(|| {
        Problem::not_found(format!("There is no runbook `{name}`."))
            .hint("`/api/v1/runbooks` lists them")
    })?;
    detail.runs.retain(|run| state.may_see_run(&viewer, &run.id).is_ok());
    Ok(Json(detail))
}

/// Begins a run.
#[utoipa::path(post, path = "/api/v1/runbook-runs", request_body(content = ref("#/components/schemas/RunRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Begun", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn begin(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<RunRequest>,
) -> Result<Done, Problem> {
    let RunRequest { runbook, parameters, incident } = asked;
    let command = Command::Begin { runbook, parameters, incident };
    let performed = state.begin_run(&viewer, command).await?;
    let location = format!("/api/v1/runbook-runs/{}", performed.name());
    Ok(Done::created(performed, location))
}

/// Shows one run with what its steps printed; its tag is what `If-Match` wants.
#[utoipa::path(get, path = "/api/v1/runbook-runs/{id}", params(("id" = String, Path, description = "Its id"), AsOfParameters), responses(
    (status = 200, description = "The run", body = ref("#/components/schemas/RunDetail")),
))]
pub(crate) async fn run(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Response, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("runbook-run", &id))?;
    state.may_see_run(&viewer, &id)?;
    let lens = moment.lens(&state).await?;
    let verified = lens.verified();
    let detail: RunDetail = views::run(&lens.operations(&verified), &id)
        .ok_or_else(|| Problem::not_found(format!("There was no run `{id}` then.")))?;
    let version = Version(detail.version);
    let mut response = Json(detail).into_response();
    response.extensions_mut().insert(version);
    Ok(response)
}

/// Agrees to a step that waits for a second person.
#[utoipa::path(post, path = "/api/v1/runbook-runs/{id}/steps/{step}/approval", params(("id" = String, Path, description = "Its id"), ("step" = u32, Path, description = "The step, from 0")), responses(
    (status = 200, description = "Approved", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn approve(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, step)): Path<(String, u32)>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    Ok(state.run_on(&viewer, &id, Command::Approve { step }, seen).await?.into())
}

/// Says that a step is about to be run.
#[utoipa::path(post, path = "/api/v1/runbook-runs/{id}/steps/{step}/start", params(("id" = String, Path, description = "Its id"), ("step" = u32, Path, description = "The step, from 0")), responses(
    (status = 200, description = "Begun", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn start(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, step)): Path<(String, u32)>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    Ok(state.run_on(&viewer, &id, Command::Start { step }, seen).await?.into())
}

/// Says how a step ended, with what it printed.
#[utoipa::path(post, path = "/api/v1/runbook-runs/{id}/steps/{step}/ending", params(("id" = String, Path, description = "Its id"), ("step" = u32, Path, description = "The step, from 0")), request_body(content = ref("#/components/schemas/EndingRequest"), content_type = "application/json"), responses(
    (status = 200, description = "On record", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn finish(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, step)): Path<(String, u32)>,
    seen: IfMatch,
    Json(asked): Json<EndingRequest>,
) -> Result<Done, Problem> {
    let EndingRequest { ending, output } = asked;
    if output.as_ref().is_some_and(|output| output.len() > MAX_OUTPUT) {
        let text = format!("What a step printed is more than {MAX_OUTPUT} bytes.");
        return Err(crate::perform::wrong_value(text).hint("Keep its first and its last lines"));
    }
    let output = output.as_deref().and_then(Text::of);
    let command = Command::Finish { step, ending, output };
    Ok(state.run_on(&viewer, &id, command, seen).await?.into())
}

/// Gives a run up.
#[utoipa::path(post, path = "/api/v1/runbook-runs/{id}/abandonment", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/AbandonmentRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Given up", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn abandon(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<AbandonmentRequest>,
) -> Result<Done, Problem> {
    let command = Command::Abandon { reason: Text::Plain(asked.reason) };
    Ok(state.run_on(&viewer, &id, command, seen).await?.into())
}
