//! Incidents: the list, one of them, and everything that can be asked of one.
//!
//! A private incident is there only for those who work on it; everybody else is told that there is none.

mod deeds;
mod requests;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::Resource;
use reliability::kinds::NoticeDuty;
use reliability::notices;
use reliability::views::{self, IncidentDetail, IncidentLine, IncidentRow};
use schemars::JsonSchema;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::auth::Viewer;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem, Query, Version};
use crate::operations::no_incident;
use crate::{AppState, Lens};

pub(crate) use requests::{
    AssessmentRequest, AssignmentRequest, HowRequest, IncidentFilter, IncidentRequest,
    MergeRequest, NoticeRequest, PrivacyRequest, RemarkRequest, ReopenIncidentRequest,
    SeverityRequest, TextRequest, TickRequest, TriageRequest, UpdateRequest,
};

/// The operations of incidents.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, declare))
        .routes(routes!(show))
        .routes(routes!(story, deeds::remark))
        .routes(routes!(draft))
        .routes(routes!(deeds::acknowledge))
        .routes(routes!(deeds::triage))
        .routes(routes!(deeds::reclassify))
        .routes(routes!(deeds::contain))
        .routes(routes!(deeds::resolve))
        .routes(routes!(deeds::reopen))
        .routes(routes!(deeds::review))
        .routes(routes!(deeds::close))
        .routes(routes!(deeds::merge))
        .routes(routes!(deeds::assign))
        .routes(routes!(deeds::amend))
        .routes(routes!(deeds::inform))
        .routes(routes!(deeds::tick))
        .routes(routes!(deeds::assess))
        .routes(routes!(deeds::notify))
        .routes(routes!(deeds::restrict))
}

/// What happened in an incident.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IncidentStory {
    /// Its lines, in the order in which things happened.
    lines: Vec<IncidentLine>,
}

/// A draft of a notice.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NoticeDraft {
    /// In Markdown; a person reads it, completes it and sends it.
    text: String,
}

/// Lists incidents by id, those that you may see.
#[utoipa::path(get, path = "/api/v1/incidents", params(IncidentFilter, AsOfParameters, PageParameters), responses(
    (status = 200, description = "Incidents", body = ref("#/components/schemas/PageOfIncidentRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(filter): Query<IncidentFilter>,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<IncidentRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("incident"))?;
    let lens = moment.lens(&state).await?;
    let verified = lens.verified();
    let mut rows = views::incidents(&lens.operations(&verified), viewer.person.as_deref());
    rows.retain(|row| filter.keeps(row));
    rows.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(paging.cut(rows, |row| row.id.clone(), |row| row))
}

/// Declares an incident.
#[utoipa::path(post, path = "/api/v1/incidents", request_body(content = ref("#/components/schemas/IncidentRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Declared", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn declare(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<IncidentRequest>,
) -> Result<Done, Problem> {
    let performed = state.declare_incident(&viewer, asked.command()).await?;
    let location = format!("/api/v1/incidents/{}", performed.name());
    Ok(Done::created(performed, location))
}

/// Shows one incident; its tag is what `If-Match` wants.
#[utoipa::path(get, path = "/api/v1/incidents/{id}", params(("id" = String, Path, description = "Its id"), AsOfParameters), responses(
    (status = 200, description = "The incident", body = ref("#/components/schemas/IncidentDetail")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Response, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("incident", &id))?;
    let lens = moment.lens(&state).await?;
    let detail = detail(&lens, &id, &viewer)?;
    let version = Version(detail.version);
    let mut response = Json(detail).into_response();
    response.extensions_mut().insert(version);
    Ok(response)
}

fn detail(lens: &Lens, id: &str, viewer: &Viewer) -> Result<IncidentDetail, Problem> {
    let verified = lens.verified();
    views::incident(&lens.operations(&verified), id, viewer.person.as_deref())
        .ok_or_else(|| no_incident(id))
}

/// Tells what happened in an incident, in the order in which it happened.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/timeline", params(("id" = String, Path, description = "Its id"), AsOfParameters), responses(
    (status = 200, description = "The timeline", body = ref("#/components/schemas/IncidentStory")),
))]
pub(crate) async fn story(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<IncidentStory>, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("incident", &id))?;
    let lens = moment.lens(&state).await?;
    detail(&lens, &id, &viewer)?;
    Ok(Json(IncidentStory { lines: lens.incident_story(&state, &id) }))
}

/// Drafts a notice from the record; a person sends it.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/notices/{duty}/draft", params(("id" = String, Path, description = "Its id"), ("duty" = String, Path, description = "The duty's name")), responses(
    (status = 200, description = "The draft", body = ref("#/components/schemas/NoticeDraft")),
))]
pub(crate) async fn draft(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, duty)): Path<(String, String)>,
) -> Result<Json<NoticeDraft>, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("incident", &id))?;
    let lens = state.lens();
    let detail = detail(&lens, &id, &viewer)?;
    let text = drafted(&lens, &id, &duty, &detail.row.title);
    let text = text.ok_or_else(|| {
        Problem::not_found(format!("There is no notice duty `{duty}`."))
            .hint("`/api/v1/incidents/{id}` lists those of an incident")
    })?;
    Ok(Json(NoticeDraft { text }))
}

/// A draft of a notice in Markdown; nothing when there is no such duty or incident.
pub(crate) fn drafted(lens: &Lens, id: &str, duty: &str, title: &str) -> Option<String> {
    let model = lens.snapshot.model();
    let incident = lens.record.state.reliability.incidents.get(id)?;
    let duty = model.get::<NoticeDuty>(duty)?;
    Some(notices::draft(model, id, incident, duty, title))
}
