//! Open questions, and the decisions that answer them.

use axum::extract::State;
use governance::Text;
use governance::record::Command as Any;
use governance::record::question::Command;
use governance::views::{self, QuestionRow};
use jiff::civil::Date;
use policy::Resource;
use schemars::JsonSchema;
use serde::Deserialize;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem, Query};
use crate::perform::Precondition;

/// A question to raise.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionRequest {
    /// A short name for it, such as `managed-databases`.
    name: String,
    /// The question.
    title: String,
    /// The seat that brings it to an answer.
    #[serde(default)]
    owner: Option<String>,
    /// By when.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    due: Option<Date>,
}

/// What answers it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnsweredBy {
    /// The accepted decision's name.
    decision: String,
}

/// Why it is open again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReopenRequest {
    /// What the answer leaves open.
    reason: String,
}

/// Lists questions by name, open and answered.
#[utoipa::path(get, path = "/api/v1/questions", params(AsOfParameters, PageParameters), responses(
    (status = 200, description = "Questions", body = ref("#/components/schemas/PageOfQuestionRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<QuestionRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("question"))?;
    let lens = moment.lens(&state).await?;
    let found = views::questions(&lens.reading());
    let mut rows: Vec<QuestionRow> = found.open.into_iter().chain(found.answered).collect();
    rows.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(paging.cut(rows, |row| row.name.clone(), |row| row))
}

/// Shows one question.
#[utoipa::path(get, path = "/api/v1/questions/{name}", params(("name" = String, Path, description = "The question's name"), AsOfParameters), responses(
    (status = 200, description = "The question", body = ref("#/components/schemas/QuestionRow")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<QuestionRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("question", &name))?;
    let lens = moment.lens(&state).await?;
    let found = views::questions(&lens.reading());
    let row = found.open.into_iter().chain(found.answered).find(|row| row.name == name);
    row.map(Json).ok_or_else(|| super::resources::missing(&lens.snapshot, "question", &name))
}

/// Raises a question.
#[utoipa::path(post, path = "/api/v1/questions", request_body(content = ref("#/components/schemas/QuestionRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Raised", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn raise(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<QuestionRequest>,
) -> Result<Done, Problem> {
    let QuestionRequest { name, title, owner, due } = asked;
    let location = format!("/api/v1/questions/{name}");
    let command = Command::Raise { title: Text::Plain(title), owner, due };
    let performed = state.perform(&viewer, Any::Question { name, command }).await?;
    Ok(Done::created(performed, location))
}

async fn perform(
    state: &AppState,
    viewer: &Viewer,
    seen: IfMatch,
    name: String,
    command: Command,
) -> Result<Done, Problem> {
    let snapshot = state.snapshot();
    let raised = state.record().state.council.questions.contains_key(&name);
    if !raised && snapshot.model().find("question", &name).is_none() {
        return Err(super::resources::missing(&snapshot, "question", &name));
    }
    let command = Any::Question { name, command };
    Ok(state.perform_if(viewer, command, Precondition::Offered(seen)).await?.into())
}

/// Closes a question with the decision that answers it.
#[utoipa::path(post, path = "/api/v1/questions/{name}/answer", params(("name" = String, Path, description = "The question's name")), request_body(content = ref("#/components/schemas/AnsweredBy"), content_type = "application/json"), responses(
    (status = 200, description = "Answered", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn answer(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    seen: IfMatch,
    Json(asked): Json<AnsweredBy>,
) -> Result<Done, Problem> {
    let command = Command::Answer { decision: asked.decision };
    perform(&state, &viewer, seen, name, command).await
}

/// Opens a question again.
#[utoipa::path(post, path = "/api/v1/questions/{name}/reopening", params(("name" = String, Path, description = "The question's name")), request_body(content = ref("#/components/schemas/ReopenRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Open again", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn reopen(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    seen: IfMatch,
    Json(asked): Json<ReopenRequest>,
) -> Result<Done, Problem> {
    let command = Command::Reopen { reason: Text::Plain(asked.reason) };
    perform(&state, &viewer, seen, name, command).await
}
