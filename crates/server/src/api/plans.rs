//! Plans: what would be done, whole or in parts.

use axum::extract::State;
use gitops::views::DriftView;
use plan::render::{Filter, page};
use plan::{Action, Plan, StepId};
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::IntoParams;

use super::changes::PlanRequest;
use crate::AppState;
use crate::auth::Viewer;
use crate::changes::Wish;
use crate::http::{Json, Path, Problem, Query};
use crate::limits::MAX_STEPS;

/// A whole plan, as `council plan` writes it to a file.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlanView(Value);

impl PlanView {
    fn of(plan: &Plan) -> Result<Self, Problem> {
        serde_json::to_value(plan).map(Self).map_err(|error| Problem::internal(&error))
    }
}

/// Plans what the playbook wants against what is there, without a change.
#[utoipa::path(post, path = "/api/v1/plans", request_body(content = ref("#/components/schemas/PlanRequest"), content_type = "application/json"), responses(
    (status = 200, description = "The plan", body = ref("#/components/schemas/PlanView")),
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<PlanRequest>,
) -> Result<Json<PlanView>, Problem> {
    state.authorize(&viewer, "change.plan", Resource::kind("change"))?;
    let targets = asked.targets.into_iter().collect();
    let made = state.plan(&Wish { targets, ..Wish::default() }).await?;
    state.keep(&made)?;
    PlanView::of(&made.plan).map(Json)
}

/// Shows a plan by its hash.
#[utoipa::path(get, path = "/api/v1/plans/{hash}", params(("hash" = String, Path, description = "Its hash")), responses(
    (status = 200, description = "The plan", body = ref("#/components/schemas/PlanView")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(hash): Path<String>,
) -> Result<Json<PlanView>, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("plan", &hash))?;
    PlanView::of(&state.plans().load(&hash)?).map(Json)
}

/// Which steps to show.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StepFilter {
    /// Only this action: `create`, `update`, `replace`, `destroy`, `run`.
    pub(crate) action: Option<String>,
    /// Only what cannot be taken back.
    pub(crate) irreversible: Option<bool>,
    /// Only what interrupts somebody.
    pub(crate) disruptive: Option<bool>,
    /// Only steps with this label, such as `service`.
    pub(crate) label: Option<String>,
    /// With this value of the label, such as `checkout`.
    pub(crate) value: Option<String>,
    /// Only resources with this in their name.
    pub(crate) text: Option<String>,
    /// From this step on.
    pub(crate) from: Option<u32>,
}

impl StepFilter {
    pub(crate) fn filter(&self) -> Result<Filter, Problem> {
        let known = |word: &str| Action::ALL.into_iter().find(|action| action.word() == word);
        let action = match self.action.as_deref().filter(|word| !word.is_empty()) {
            None => None,
            Some(word) => Some(known(word).ok_or_else(|| {
                Problem::bad_request("bad-action", format!("There is no action `{word}`."))
                    .hint("There are `destroy`, `replace`, `run`, `update` and `create`")
            })?),
        };
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Ok(Filter {
            action,
            irreversible: self.irreversible.unwrap_or(false),
            disruptive: self.disruptive.unwrap_or(false),
            label: filled(&self.label),
            value: filled(&self.value),
            text: filled(&self.text),
        })
    }
}

/// Some steps of a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StepsView {
    /// The steps.
    items: Vec<Value>,
    /// How many fit.
    all: usize,
    /// Where to go on with `from`; nothing at the end.
    next: Option<u32>,
}

/// Shows steps of a plan, filtered and in pages.
#[utoipa::path(get, path = "/api/v1/plans/{hash}/steps", params(("hash" = String, Path, description = "The plan's hash"), StepFilter), responses(
    (status = 200, description = "Steps", body = ref("#/components/schemas/StepsView")),
))]
pub(crate) async fn steps(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(hash): Path<String>,
    Query(filter): Query<StepFilter>,
) -> Result<Json<StepsView>, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("plan", &hash))?;
    let plan = state.plans().load(&hash)?;
    let found = page(&plan, &filter.filter()?, filter.from.map(StepId), MAX_STEPS);
    let items = found.steps.iter().map(|step| serde_json::to_value(step).unwrap_or_default());
    let next = found.next.map(|next| next.0);
    Ok(Json(StepsView { items: items.collect(), all: found.all, next }))
}

/// What differs from the playbook.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DriftAnswer {
    /// The last look; nothing before the first.
    look: Option<DriftView>,
    /// The hash of the plan that would mend it, under `/api/v1/plans`; nobody asked for it, and it is never applied.
    plan: Option<String>,
}

/// Shows what differs between targets and playbook, as it was seen last.
#[utoipa::path(get, path = "/api/v1/drift", responses(
    (status = 200, description = "Drift", body = ref("#/components/schemas/DriftAnswer")),
))]
pub(crate) async fn drift(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<DriftAnswer>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("drift"))?;
    let last = state.sight().last();
    Ok(Json(DriftAnswer {
        plan: last.as_ref().map(|look| look.plan.hash().to_string()),
        look: last.map(|look| look.view()),
    }))
}
