//! Rituals: list, the agenda of a date, attendance, minutes.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use governance::Text;
use governance::record::Command as Any;
use governance::record::ritual::Command;
use governance::views::{self, RitualRow};
use jiff::civil::Date;
use policy::Resource;
use schemars::JsonSchema;
use serde::Deserialize;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem, Query, Version};
use crate::perform::Precondition;

/// Somebody who came for a seat.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttendanceRequest {
    /// The seat's name.
    seat: String,
    /// Who is there; somebody other than its holders is a delegate.
    person: String,
}

/// Something to note.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MinuteRequest {
    /// The agenda item's title; nothing for a remark about the whole.
    #[serde(default)]
    item: Option<String>,
    /// What was said.
    text: String,
}

/// Lists the rituals by name, with the next meeting of each.
#[utoipa::path(get, path = "/api/v1/rituals", params(AsOfParameters, PageParameters), responses(
    (status = 200, description = "Rituals", body = ref("#/components/schemas/PageOfRitualRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<RitualRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("ritual"))?;
    let mut rows = views::rituals(&moment.lens(&state).await?.reading()).rows;
    rows.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(paging.cut(rows, |row| row.name.clone(), |row| row))
}

/// Shows the agenda of a date, with minutes and attendance once there are any.
#[utoipa::path(get, path = "/api/v1/rituals/{name}/{date}", params(
    ("name" = String, Path, description = "The ritual's name"),
    ("date" = String, Path, description = "The day of the meeting, such as 2026-11-24"),
    AsOfParameters,
), responses(
    (status = 200, description = "The agenda", body = ref("#/components/schemas/AgendaView")),
))]
pub(crate) async fn agenda(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((name, date)): Path<(String, Date)>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Response, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("ritual", &name))?;
    let lens = moment.lens(&state).await?;
    let Some(agenda) = views::agenda(&lens.reading(), &name, date) else {
        return Err(super::resources::missing(&lens.snapshot, "ritual", &name));
    };
    let version = lens.record.state.version(&format!("ritual/{name}/{date}"));
    let mut response = Json(agenda).into_response();
    response.extensions_mut().insert(Version(version));
    Ok(response)
}

async fn perform(
    state: &AppState,
    viewer: &Viewer,
    seen: IfMatch,
    (name, date): (String, Date),
    command: Command,
) -> Result<Done, Problem> {
    let snapshot = state.snapshot();
    if snapshot.model().find("ritual", &name).is_none() {
        return Err(super::resources::missing(&snapshot, "ritual", &name));
    }
    let command = Any::Ritual { name, date, command };
    Ok(state.perform_if(viewer, command, Precondition::Offered(seen)).await?.into())
}

/// Opens the meeting of a date.
#[utoipa::path(post, path = "/api/v1/rituals/{name}/{date}/opening", params(
    ("name" = String, Path, description = "The ritual's name"),
    ("date" = String, Path, description = "The day of the meeting"),
), responses(
    (status = 200, description = "Opened", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn open(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(meeting): Path<(String, Date)>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    perform(&state, &viewer, seen, meeting, Command::Open {}).await
}

/// Notes who is there for a seat.
#[utoipa::path(post, path = "/api/v1/rituals/{name}/{date}/attendance", params(
    ("name" = String, Path, description = "The ritual's name"),
    ("date" = String, Path, description = "The day of the meeting"),
), request_body(content = ref("#/components/schemas/AttendanceRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Noted", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn attend(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(meeting): Path<(String, Date)>,
    seen: IfMatch,
    Json(asked): Json<AttendanceRequest>,
) -> Result<Done, Problem> {
    let command = Command::Attend { seat: asked.seat, person: asked.person };
    perform(&state, &viewer, seen, meeting, command).await
}

/// Notes what was said.
#[utoipa::path(post, path = "/api/v1/rituals/{name}/{date}/minutes", params(
    ("name" = String, Path, description = "The ritual's name"),
    ("date" = String, Path, description = "The day of the meeting"),
), request_body(content = ref("#/components/schemas/MinuteRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Noted", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn minute(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(meeting): Path<(String, Date)>,
    seen: IfMatch,
    Json(asked): Json<MinuteRequest>,
) -> Result<Done, Problem> {
    let command = Command::Minute { item: asked.item, text: Text::Plain(asked.text) };
    perform(&state, &viewer, seen, meeting, command).await
}

/// Closes the meeting.
#[utoipa::path(post, path = "/api/v1/rituals/{name}/{date}/closing", params(
    ("name" = String, Path, description = "The ritual's name"),
    ("date" = String, Path, description = "The day of the meeting"),
), responses(
    (status = 200, description = "Closed", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn close(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(meeting): Path<(String, Date)>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    perform(&state, &viewer, seen, meeting, Command::Close {}).await
}
