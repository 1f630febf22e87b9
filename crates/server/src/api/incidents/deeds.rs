//! Everything that can be asked of an incident: one handler a command.

use axum::extract::State;
use governance::Text;
use reliability::record::incident::Command;

use super::requests::{
    AssessmentRequest, AssignmentRequest, HowRequest, MergeRequest, NoticeRequest, PrivacyRequest,
    RemarkRequest, ReopenIncidentRequest, SeverityRequest, TextRequest, TickRequest, TriageRequest,
    UpdateRequest,
};
use crate::AppState;
use crate::api::done::Done;
use crate::auth::Viewer;
use crate::http::{IfMatch, Json, Path, Problem};

/// Says that you have seen it and work on it.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/acknowledgement", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "Seen", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn acknowledge(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    let command = Command::Acknowledge {};
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says how bad it is and whom it hurts.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/triage", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/TriageRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Triaged", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn triage(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<TriageRequest>,
) -> Result<Done, Problem> {
    let command = Command::Triage { severity: asked.severity, services: asked.services };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says that it is worse or better than was thought.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/severity", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/SeverityRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Reclassified", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn reclassify(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<SeverityRequest>,
) -> Result<Done, Problem> {
    let command = {
        let SeverityRequest { severity, reason } = asked;
        Command::Reclassify { severity, reason: Text::Plain(reason) }
    };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says that it gets no worse.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/containment", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/HowRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Contained", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn contain(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<HowRequest>,
) -> Result<Done, Problem> {
    let command = Command::Contain { how: Text::Plain(asked.how) };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says that users are no longer hurt.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/resolution", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/HowRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Resolved", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn resolve(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<HowRequest>,
) -> Result<Done, Problem> {
    let command = Command::Resolve { how: Text::Plain(asked.how) };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says that it is not over after all.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/reopening", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/ReopenIncidentRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Opened again", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn reopen(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<ReopenIncidentRequest>,
) -> Result<Done, Problem> {
    let command = Command::Reopen { reason: Text::Plain(asked.reason) };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says that what there is to learn has been learned.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/review", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "Reviewed", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn review(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    let command = Command::Review {};
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Closes it, once everything that came of it is verified.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/closure", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "Closed", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn close(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    let command = Command::Close {};
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says that it is the same as another one.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/merger", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/MergeRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Merged", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn merge(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<MergeRequest>,
) -> Result<Done, Problem> {
    let command = Command::Merge { into: asked.into };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Gives a role to somebody, or hands it over.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/assignments", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/AssignmentRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Assigned", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn assign(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<AssignmentRequest>,
) -> Result<Done, Problem> {
    let command = {
        let AssignmentRequest { role, person, note } = asked;
        Command::Assign { role, person, note: note.as_deref().and_then(Text::of) }
    };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Adds to the timeline.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/timeline", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/RemarkRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Noted", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn remark(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<RemarkRequest>,
) -> Result<Done, Problem> {
    let command = {
        let RemarkRequest { text, source, at } = asked;
        Command::Remark { text: Text::Plain(text), source, at }
    };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Tells people how it stands.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/updates", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/UpdateRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Told", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn inform(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<UpdateRequest>,
) -> Result<Done, Problem> {
    let command = {
        let UpdateRequest { audience, text } = asked;
        Command::Inform { audience, text: Text::Plain(text) }
    };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Ticks an item of the checklist.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/checklist", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/TickRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Ticked", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn tick(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<TickRequest>,
) -> Result<Done, Problem> {
    let command = Command::Tick { item: asked.item };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Hides it from those who do not work on it, or shows it again.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/privacy", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/PrivacyRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Changed", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn restrict(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<PrivacyRequest>,
) -> Result<Done, Problem> {
    let command = Command::Restrict { private: asked.private };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says a timeline entry better; the first words stay in the record.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/timeline/{entry}", params(("id" = String, Path, description = "Its id"), ("entry" = u32, Path, description = "The entry's number, from 0")), request_body(content = ref("#/components/schemas/TextRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Amended", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn amend(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, entry)): Path<(String, u32)>,
    seen: IfMatch,
    Json(asked): Json<TextRequest>,
) -> Result<Done, Problem> {
    let command = Command::Amend { entry, text: Text::Plain(asked.text) };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Answers the questions of a notice duty.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{duty}/assessment", params(("id" = String, Path, description = "Its id"), ("duty" = String, Path, description = "The duty's name")), request_body(content = ref("#/components/schemas/AssessmentRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Assessed", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn assess(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, duty)): Path<(String, String)>,
    seen: IfMatch,
    Json(asked): Json<AssessmentRequest>,
) -> Result<Done, Problem> {
    let command = Command::Assess { duty, answers: asked.answers };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}

/// Says that a person has sent a notice.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/notices/{duty}/sent", params(("id" = String, Path, description = "Its id"), ("duty" = String, Path, description = "The duty's name")), request_body(content = ref("#/components/schemas/NoticeRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Sent", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn notify(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, duty)): Path<(String, String)>,
    seen: IfMatch,
    Json(asked): Json<NoticeRequest>,
) -> Result<Done, Problem> {
    let command = Command::Notify { duty, reference: asked.reference };
    Ok(state.respond(&viewer, &id, command, seen).await?.into())
}
