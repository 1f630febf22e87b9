//! Actions: what somebody promised to do by a day.

use axum::extract::State;
use governance::Text;
use governance::record::Command as Any;
use governance::record::action::Command;
use governance::views::{self, ActionRow};
use jiff::civil::Date;
use policy::Resource;
use schemars::JsonSchema;
use serde::Deserialize;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::auth::secret::public_id;
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem, Query};
use crate::perform::Precondition;

/// Something to be done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActionRequest {
    /// What is to be done.
    title: String,
    /// Who does it: `seat/network`, `person/ana`, `team/payments`.
    owner: String,
    /// By when.
    #[schemars(with = "String")]
    due: Date,
    /// The stream that it came from, such as `ritual/weekly-sync/2026-11-24`.
    #[serde(default)]
    from: Option<String>,
}

/// What came of it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteRequest {
    /// What came out of it.
    #[serde(default)]
    note: Option<String>,
}

/// Why nobody will do it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DropRequest {
    /// Why.
    reason: String,
}

/// Another day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveRequest {
    /// The new day.
    #[schemars(with = "String")]
    due: Date,
    /// Why.
    #[serde(default)]
    reason: Option<String>,
}

/// Lists actions by id, open and closed.
#[utoipa::path(get, path = "/api/v1/actions", params(AsOfParameters, PageParameters), responses(
    (status = 200, description = "Actions", body = ref("#/components/schemas/PageOfActionRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<ActionRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("action"))?;
    let lens = moment.lens(&state).await?;
    let found = views::actions(&lens.reading());
    let mut rows: Vec<ActionRow> = found.open.into_iter().chain(found.closed).collect();
    rows.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(paging.cut(rows, |row| row.id.clone(), |row| row))
}

/// Gives an action to somebody.
#[utoipa::path(post, path = "/api/v1/actions", request_body(content = ref("#/components/schemas/ActionRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Opened", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn open(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<ActionRequest>,
) -> Result<Done, Problem> {
    let id = public_id();
    let ActionRequest { title, owner, due, from } = asked;
    let command = Command::Open { title: Text::Plain(title), owner, due, from };
    let command = Any::Action { id, command };
    let performed = state.perform(&viewer, command).await?;
    let location = format!("/api/v1/actions/{}", performed.name());
    Ok(Done::created(performed, location))
}

/// Carries out a command about an action that exists.
async fn perform(
    state: &AppState,
    viewer: &Viewer,
    id: String,
    precondition: Precondition,
    command: Command,
) -> Result<Done, Problem> {
    if !state.record().state.council.actions.contains_key(&id) {
        return Err(Problem::not_found(format!("There is no action `{id}`."))
            .hint("`/api/v1/actions` lists them"));
    }
    let command = Any::Action { id, command };
    Ok(state.perform_if(viewer, command, precondition).await?.into())
}

/// Marks an action as done.
#[utoipa::path(post, path = "/api/v1/actions/{id}/completion", params(("id" = String, Path, description = "The action's id")), request_body(content = ref("#/components/schemas/NoteRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Done", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn complete(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<NoteRequest>,
) -> Result<Done, Problem> {
    let command = Command::Done { note: asked.note.as_deref().and_then(Text::of) };
    perform(&state, &viewer, id, Precondition::Offered(seen), command).await
}

/// Gives an action up.
#[utoipa::path(post, path = "/api/v1/actions/{id}/drop", params(("id" = String, Path, description = "The action's id")), request_body(content = ref("#/components/schemas/DropRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Dropped", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn give_up(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<DropRequest>,
) -> Result<Done, Problem> {
    let command = Command::Drop { reason: Text::Plain(asked.reason) };
    perform(&state, &viewer, id, Precondition::Offered(seen), command).await
}

/// Moves an action to another day. Needs `If-Match`, because it replaces the day that others may have set.
#[utoipa::path(post, path = "/api/v1/actions/{id}/move", params(("id" = String, Path, description = "The action's id")), request_body(content = ref("#/components/schemas/MoveRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Moved", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn postpone(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<MoveRequest>,
) -> Result<Done, Problem> {
    let reason = asked.reason.as_deref().and_then(Text::of);
    let command = Command::Move { due: asked.due, reason };
    perform(&state, &viewer, id, Precondition::Required(seen), command).await
}

/// Shows one action; its tag is what `If-Match` wants.
#[utoipa::path(get, path = "/api/v1/actions/{id}", params(("id" = String, Path, description = "The action's id"), AsOfParameters), responses(
    (status = 200, description = "The action", body = ref("#/components/schemas/ActionRow")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<axum::response::Response, Problem> {
    use axum::response::IntoResponse as _;
    state.authorize(&viewer, "record.read", Resource::new("action", &id))?;
    let lens = moment.lens(&state).await?;
    let found = views::actions(&lens.reading());
    let row = found.open.into_iter().chain(found.closed).find(|row| row.id == id);
    let Some(row) = row else {
        return Err(Problem::not_found(format!("There is no action `{id}`."))
            .hint("`/api/v1/actions` lists them"));
    };
    let mut response = Json(row).into_response();
    let version = lens.record.state.version(&format!("action/{id}"));
    response.extensions_mut().insert(crate::http::Version(version));
    Ok(response)
}
