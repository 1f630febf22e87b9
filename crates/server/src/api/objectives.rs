//! Objectives: what is left of error budgets, what would be if another promise had been made, and what people decide about them.

use axum::extract::State;
use governance::Text;
use jiff::Timestamp;
use policy::Resource;
use reliability::record::Command as Any;
use reliability::record::amendment::Command;
use reliability::slo::Objective;
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem, Query};
use crate::objectives::{ObjectiveDetail, ObjectiveRow};
use crate::perform::Performed;
use crate::workers::OBJECTIVES;

/// The operations of objectives.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(exclude))
        .routes(routes!(include))
        .routes(routes!(reset))
}

/// What if another promise had been made.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhatIf {
    /// Percent that must be good, such as `99.95`, instead of what the playbook promises.
    objective: Option<f64>,
}

impl WhatIf {
    /// The objective that is asked about.
    pub(crate) fn objective(&self) -> Result<Option<Objective>, Problem> {
        let Some(percent) = self.objective else { return Ok(None) };
        Objective::of_percent(percent).map(Some).ok_or_else(|| {
            Problem::bad_request("wrong-value", format!("`{percent}` is no objective."))
                .hint("Write percent above 0 and below 100, such as `99.95`")
        })
    }
}

/// Time that does not count.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExclusionRequest {
    /// From when on.
    #[schemars(with = "String")]
    from: Timestamp,
    /// Until when, exclusively; it may lie ahead.
    #[schemars(with = "String")]
    to: Timestamp,
    /// Why.
    reason: String,
}

/// A new beginning.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetRequest {
    /// Why.
    reason: String,
}

impl AppState {
    /// Writes down what somebody decides about a budget, and has it measured again.
    pub(crate) async fn amend(
        &self,
        viewer: &Viewer,
        id: String,
        command: Command,
    ) -> Result<Performed, Problem> {
        let done = self.perform(viewer, Any::Budget { id, command }).await?;
        self.board().nudge(OBJECTIVES);
        Ok(done)
    }
}

/// Lists objectives by id, with what is left of their budgets.
#[utoipa::path(get, path = "/api/v1/objectives", params(PageParameters), responses(
    (status = 200, description = "Objectives", body = ref("#/components/schemas/PageOfObjectiveRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<ObjectiveRow>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("slo"))?;
    let last = state.objectives().last();
    let mut rows = last.map(|look| look.rows().to_vec()).unwrap_or_default();
    // Pages are cut by id: where a budget stands may change between two of them.
    rows.sort_by(|one, other| one.budget.id.cmp(&other.budget.id));
    Ok(paging.cut(rows, |row| row.budget.id.clone(), |row| row))
}

/// Shows one objective: what is left, how fast it goes, how it came so far, and what happened meanwhile.
#[utoipa::path(get, path = "/api/v1/objectives/{id}", params(("id" = String, Path, description = "Its id"), WhatIf), responses(
    (status = 200, description = "The objective", body = ref("#/components/schemas/ObjectiveDetail")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(what_if): Query<WhatIf>,
) -> Result<Json<ObjectiveDetail>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::new("slo", &id))?;
    let what_if = what_if.objective()?;
    let (last, lens) = (state.objectives().last(), state.lens());
    let detail = last.and_then(|look| look.detail(&lens, (&id, viewer.person.as_deref()), what_if));
    detail.map(Json).ok_or_else(|| none(&id))
}

/// Says that some time does not count, such as an announced maintenance. The budget is measured anew.
#[utoipa::path(post, path = "/api/v1/objectives/{id}/exclusions", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/ExclusionRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Excluded", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn exclude(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Json(asked): Json<ExclusionRequest>,
) -> Result<Done, Problem> {
    let ExclusionRequest { from, to, reason } = asked;
    let command = Command::Exclude { from, to, reason: Text::Plain(reason) };
    Ok(state.amend(&viewer, id, command).await?.into())
}

/// Takes an exclusion back: the time counts again.
#[utoipa::path(delete, path = "/api/v1/objectives/{id}/exclusions/{exclusion}", params(("id" = String, Path, description = "The objective's id"), ("exclusion" = u32, Path, description = "Its number, from 1")), responses(
    (status = 200, description = "Taken back", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn include(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, exclusion)): Path<(String, u32)>,
) -> Result<Done, Problem> {
    Ok(state.amend(&viewer, id, Command::Include { exclusion }).await?.into())
}

/// Counts a budget anew from now on.
#[utoipa::path(post, path = "/api/v1/objectives/{id}/reset", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/ResetRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Counted anew", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn reset(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Json(asked): Json<ResetRequest>,
) -> Result<Done, Problem> {
    let command = Command::Reset { reason: Text::Plain(asked.reason) };
    Ok(state.amend(&viewer, id, command).await?.into())
}

/// The problem of an objective that is not there.
pub(crate) fn none(id: &str) -> Problem {
    Problem::not_found(format!("There is no objective `{id}` that was looked at."))
        .hint("`/api/v1/objectives` lists them")
}
