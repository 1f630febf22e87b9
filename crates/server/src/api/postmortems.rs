//! Postmortems: what was learned from incidents, and what will be different.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use governance::Text;
use policy::Resource;
use reliability::record::postmortem::Command;
use reliability::views::{self, PostmortemDetail, PostmortemRow};
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem, Query, Version};

/// The operations of postmortems.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show, draft))
        .routes(routes!(write))
        .routes(routes!(name))
        .routes(routes!(link))
        .routes(routes!(state_why))
        .routes(routes!(publish))
}

/// A part of a postmortem.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionRequest {
    /// The part's title in the template.
    section: String,
    /// What it says, in Markdown.
    text: String,
}

/// Something that contributed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactorRequest {
    /// In a word that can recur, such as `missing-alert`.
    factor: String,
}

/// The change that carries out an action.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkedChangeRequest {
    /// The action's id.
    action: String,
    /// The change's id, such as `CHG-2026-0007`.
    change: String,
}

/// Why an action needs no change.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatementRequest {
    /// The action's id.
    action: String,
    /// Why, or how it was verified otherwise.
    reason: String,
}

/// Lists postmortems by their incident's id: those that are owed, and those that were begun.
#[utoipa::path(get, path = "/api/v1/postmortems", params(AsOfParameters, PageParameters), responses(
    (status = 200, description = "Postmortems", body = ref("#/components/schemas/PageOfPostmortemRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<PostmortemRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("postmortem"))?;
    let lens = moment.lens(&state).await?;
    let verified = lens.verified();
    let mut rows = views::postmortems(&lens.operations(&verified), viewer.person.as_deref());
    rows.sort_by(|left, right| left.incident.cmp(&right.incident));
    Ok(paging.cut(rows, |row| row.incident.clone(), |row| row))
}

/// Shows one postmortem with its document; its tag is what `If-Match` wants.
#[utoipa::path(get, path = "/api/v1/postmortems/{id}", params(("id" = String, Path, description = "The incident's id"), AsOfParameters), responses(
    (status = 200, description = "The postmortem", body = ref("#/components/schemas/PostmortemDetail")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Response, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("postmortem", &id))?;
    let lens = moment.lens(&state).await?;
    let verified = lens.verified();
    let reading = lens.operations(&verified);
    let detail: PostmortemDetail = views::postmortem(&reading, &id, viewer.person.as_deref())
        .ok_or_else(|| {
            Problem::not_found(format!("Nobody has begun a postmortem of `{id}`."))
                .hint("Post to the same address to begin it")
        })?;
    let version = Version(detail.version);
    let mut response = Json(detail).into_response();
    response.extensions_mut().insert(version);
    Ok(response)
}

/// Begins the postmortem of an incident that is resolved.
#[utoipa::path(post, path = "/api/v1/postmortems/{id}", params(("id" = String, Path, description = "The incident's id")), responses(
    (status = 201, description = "Begun", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn draft(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    let performed = state.learn(&viewer, &id, Command::Draft {}, seen).await?;
    let location = format!("/api/v1/postmortems/{id}");
    Ok(Done::created(performed, location))
}

/// Writes a part.
#[utoipa::path(post, path = "/api/v1/postmortems/{id}/sections", params(("id" = String, Path, description = "The incident's id")), request_body(content = ref("#/components/schemas/SectionRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Written", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn write(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<SectionRequest>,
) -> Result<Done, Problem> {
    let SectionRequest { section, text } = asked;
    let command = Command::Write { section, text: Text::Plain(text) };
    Ok(state.learn(&viewer, &id, command, seen).await?.into())
}

/// Names what contributed.
#[utoipa::path(post, path = "/api/v1/postmortems/{id}/factors", params(("id" = String, Path, description = "The incident's id")), request_body(content = ref("#/components/schemas/FactorRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Named", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn name(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<FactorRequest>,
) -> Result<Done, Problem> {
    let command = Command::Factor { factor: asked.factor };
    Ok(state.learn(&viewer, &id, command, seen).await?.into())
}

/// Links an action to the change that carries it out.
#[utoipa::path(post, path = "/api/v1/postmortems/{id}/links", params(("id" = String, Path, description = "The incident's id")), request_body(content = ref("#/components/schemas/LinkedChangeRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Linked", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn link(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<LinkedChangeRequest>,
) -> Result<Done, Problem> {
    let LinkedChangeRequest { action, change } = asked;
    Ok(state.learn(&viewer, &id, Command::Link { action, change }, seen).await?.into())
}

/// States why an action needs no change.
#[utoipa::path(post, path = "/api/v1/postmortems/{id}/statements", params(("id" = String, Path, description = "The incident's id")), request_body(content = ref("#/components/schemas/StatementRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Stated", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn state_why(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<StatementRequest>,
) -> Result<Done, Problem> {
    let StatementRequest { action, reason } = asked;
    let command = Command::State { action, reason: Text::Plain(reason) };
    Ok(state.learn(&viewer, &id, command, seen).await?.into())
}

/// Shows it to everybody, once every part has words.
#[utoipa::path(post, path = "/api/v1/postmortems/{id}/publication", params(("id" = String, Path, description = "The incident's id")), responses(
    (status = 200, description = "Published", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn publish(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    Ok(state.learn(&viewer, &id, Command::Publish {}, seen).await?.into())
}
