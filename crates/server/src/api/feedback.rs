//! Feedback of developers about the platform.

use axum::extract::State;
use governance::Text;
use governance::record::Command as Any;
use governance::record::feedback::Command;
use governance::views::{self, FeedbackRow};
use policy::Resource;
use schemars::JsonSchema;
use serde::Deserialize;

use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::auth::secret::public_id;
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem};
use crate::perform::Precondition;

/// Something to say about the platform.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedbackRequest {
    /// What.
    text: String,
    /// What it is about, as a reference or a word.
    #[serde(default)]
    about: Option<String>,
}

/// The answer to it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedbackAnswer {
    /// The answer.
    text: String,
}

/// Lists feedback by id, open and closed.
#[utoipa::path(get, path = "/api/v1/feedback", params(PageParameters), responses(
    (status = 200, description = "Feedback", body = ref("#/components/schemas/PageOfFeedbackRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<FeedbackRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("feedback"))?;
    let found = views::feedback(&state.lens().reading());
    let mut rows: Vec<FeedbackRow> = found.open.into_iter().chain(found.closed).collect();
    rows.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(paging.cut(rows, |row| row.id.clone(), |row| row))
}

/// Gives feedback.
#[utoipa::path(post, path = "/api/v1/feedback", request_body(content = ref("#/components/schemas/FeedbackRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Given", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn give(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<FeedbackRequest>,
) -> Result<Done, Problem> {
    let id = public_id();
    let command = Command::Give { text: Text::Plain(asked.text), about: asked.about };
    let performed = state.perform(&viewer, Any::Feedback { id: id.clone(), command }).await?;
    Ok(Done::created(performed, format!("/api/v1/feedback/{id}")))
}

async fn perform(
    state: &AppState,
    viewer: &Viewer,
    seen: IfMatch,
    id: String,
    command: Command,
) -> Result<Done, Problem> {
    if !state.record().state.feedback.contains_key(&id) {
        return Err(Problem::not_found(format!("There is no feedback `{id}`."))
            .hint("`/api/v1/feedback` lists it"));
    }
    let command = Any::Feedback { id, command };
    Ok(state.perform_if(viewer, command, Precondition::Offered(seen)).await?.into())
}

/// Answers feedback.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/answer", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/FeedbackAnswer"), content_type = "application/json"), responses(
    (status = 200, description = "Answered", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn answer(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<FeedbackAnswer>,
) -> Result<Done, Problem> {
    perform(&state, &viewer, seen, id, Command::Answer { text: Text::Plain(asked.text) }).await
}

/// Puts feedback away.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/closing", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "Put away", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn close(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    perform(&state, &viewer, seen, id, Command::Close {}).await
}
