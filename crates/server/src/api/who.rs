//! Who decides, approves, is consulted and told, about any resource, path or topic.

use axum::extract::State;
use org::who::Answer;
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Problem, Query};

/// The answer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct WhoView(Answer);

/// The question.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Question {
    /// A resource (`service/api`), a path (`network/vlans.yaml`) or words (`firewall`).
    query: String,
}

/// Longest question that is understood; a path is shorter.
const MAX_QUERY: usize = 500;

/// Answers who.
#[utoipa::path(get, path = "/api/v1/who", params(Question), responses(
    (status = 200, description = "The answer", body = ref("#/components/schemas/WhoView")),
))]
pub(crate) async fn ask(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(question): Query<Question>,
) -> Result<Json<WhoView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("who"))?;
    let query = question.query.trim();
    if query.is_empty() || query.len() > MAX_QUERY {
        return Err(Problem::bad_request(
            "bad-question",
            format!("`query` has {} characters; it goes from 1 to {MAX_QUERY}.", query.len()),
        ));
    }
    let snapshot = state.snapshot();
    Ok(Json(WhoView(governance::who::answer(snapshot.model(), query, &snapshot.facts))))
}
