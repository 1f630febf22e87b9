//! Feedback of developers about the platform.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use governance::Text;
use governance::record::Command as Any;
use governance::record::feedback::Command;
use governance::views::{self, FeedbackRow};
use policy::Resource;
use schemars::JsonSchema;
use serde::Deserialize;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::auth::Viewer;
use crate::auth::secret::public_id;
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem, Query, Version};
use crate::perform::Precondition;
use crate::{AppState, Lens};

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
#[utoipa::path(get, path = "/api/v1/feedback", params(AsOfParameters, PageParameters), responses(
    (status = 200, description = "Feedback", body = ref("#/components/schemas/PageOfFeedbackRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<FeedbackRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("feedback"))?;
    let mut rows = rows(&moment.lens(&state).await?);
    rows.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(paging.cut(rows, |row| row.id.clone(), |row| row))
}

fn rows(lens: &Lens) -> Vec<FeedbackRow> {
    let found = views::feedback(&lens.reading());
    found.open.into_iter().chain(found.closed).collect()
}

/// Shows one piece of feedback; its tag is what `If-Match` wants.
#[utoipa::path(get, path = "/api/v1/feedback/{id}", params(("id" = String, Path, description = "Its id"), AsOfParameters), responses(
    (status = 200, description = "The feedback", body = ref("#/components/schemas/FeedbackRow")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Response, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("feedback", &id))?;
    let lens = moment.lens(&state).await?;
    let row = rows(&lens).into_iter().find(|row| row.id == id).ok_or_else(|| missing(&id))?;
    let mut response = Json(row).into_response();
    let version = lens.record.state.version(&format!("feedback/{id}"));
    response.extensions_mut().insert(Version(version));
    Ok(response)
}

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("There is no feedback `{id}`.")).hint("`/api/v1/feedback` lists it")
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
    let performed = state.perform(&viewer, Any::Feedback { id, command }).await?;
    let location = format!("/api/v1/feedback/{}", performed.name());
    Ok(Done::created(performed, location))
}

async fn perform(
    state: &AppState,
    viewer: &Viewer,
    seen: IfMatch,
    id: String,
    command: Command,
) -> Result<Done, Problem> {
    if !state.record().state.council.feedback.contains_key(&id) {
        return Err(missing(&id));
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
