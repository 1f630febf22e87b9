//! On call: who is, who was told what, and swaps of shifts.

use axum::extract::State;
use governance::Text;
use policy::Resource;
use reliability::Schedule;
use reliability::oncall::{self, Window};
use reliability::record::Command as Any;
use reliability::record::{notification, swap};
use reliability::render::hand_off;
use reliability::views::{NotificationRow, OnCallRow, notifications, on_call};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::done::Done;
use crate::auth::Viewer;
use crate::http::{Json, Page, Paging, Path, Problem};
use crate::{AppState, Lens};

/// The operations of being on call.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(now))
        .routes(routes!(note))
        .routes(routes!(list))
        .routes(routes!(acknowledge))
        .routes(routes!(request))
        .routes(routes!(answer))
}

/// Who is on call.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OnCallNow {
    /// Every schedule.
    items: Vec<OnCallRow>,
}

/// What whoever comes on call has to know.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HandOff {
    /// The schedule's title.
    pub(crate) title: String,
    /// When it is handed over; now, where nobody comes after whoever is on call.
    at: jiff::Timestamp,
    /// The note, in Markdown.
    markdown: String,
}

impl HandOff {
    /// The note for the next hand-off of a schedule, as far as it can be written now.
    pub(crate) fn next(lens: &Lens, schedule: &str) -> Option<Self> {
        let model = lens.snapshot.model();
        let schedule = model.get::<Schedule>(schedule)?;
        let exchanges = lens.record.state.reliability.exchanges();
        let next = oncall::at(model, schedule, &exchanges, lens.now).next;
        let at = next.map_or(lens.now, |shift| shift.window.from);
        let verified = lens.verified();
        let markdown = hand_off::note(&lens.operations(&verified), schedule, at);
        // The page and whoever reads JSON have the title already.
        let text = markdown.split_once("\n\n").map_or("", |(_, text)| text);
        let title = format!("Hand-off: {}", schedule.title());
        Some(Self { title, at, markdown: text.to_owned() })
    }
}

/// A swap to ask for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapRequest {
    /// The schedule's name.
    schedule: String,
    /// From when somebody else is on call.
    from: jiff::Timestamp,
    /// Until when.
    to: jiff::Timestamp,
    /// Who is asked; anybody who takes turns, when left out.
    #[serde(default)]
    asked: Option<String>,
    /// Why.
    #[serde(default)]
    reason: Option<String>,
}

/// Lists who is on call now, and who comes next.
#[utoipa::path(get, path = "/api/v1/on-call", responses(
    (status = 200, description = "Every schedule", body = ref("#/components/schemas/OnCallNow")),
))]
pub(crate) async fn now(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<OnCallNow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("schedule"))?;
    let lens = state.lens();
    let exchanges = lens.record.state.reliability.exchanges();
    Ok(Json(OnCallNow { items: on_call(lens.snapshot.model(), &exchanges, lens.now) }))
}

/// Writes the note for the next hand-off of a schedule, as far as it can be written now.
#[utoipa::path(get, path = "/api/v1/on-call/{schedule}/note", params(("schedule" = String, Path, description = "Its name")), responses(
    (status = 200, description = "The note", body = ref("#/components/schemas/HandOff")),
))]
pub(crate) async fn note(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(schedule): Path<String>,
) -> Result<Json<HandOff>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("schedule"))?;
    let note = HandOff::next(&state.lens(), &schedule);
    note.map(Json).ok_or_else(|| Problem::not_found(format!("There is no schedule `{schedule}`.")))
}

/// Lists notifications: whom they reached, and who acts.
#[utoipa::path(get, path = "/api/v1/notifications", params(crate::http::PageParameters), responses(
    (status = 200, description = "Notifications", body = ref("#/components/schemas/PageOfNotificationRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<NotificationRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("notification"))?;
    let lens = state.lens();
    let verified = lens.verified();
    let mut rows = notifications(&lens.operations(&verified), viewer.person.as_deref());
    rows.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(paging.cut(rows, |row| row.id.clone(), |row| row))
}

/// Says that you have seen it and act; nobody else is called.
#[utoipa::path(post, path = "/api/v1/notifications/{id}/acknowledgement", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "Acknowledged", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn acknowledge(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done, Problem> {
    let command = notification::Command::Acknowledge {};
    Ok(state.perform(&viewer, Any::Notification { id, command }).await?.into())
}

/// Asks somebody to take over a shift of yours.
#[utoipa::path(post, path = "/api/v1/swaps", request_body(content = ref("#/components/schemas/SwapRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Asked", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn request(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<SwapRequest>,
) -> Result<Done, Problem> {
    let id = crate::auth::secret::public_id();
    let SwapRequest { schedule, from, to, asked, reason } = asked;
    let command = swap::Command::Request {
        schedule,
        window: Window { from, to },
        asked,
        in_return: None,
        reason: reason.as_deref().and_then(Text::of),
    };
    let done = state.perform(&viewer, Any::Swap { id, command }).await?;
    let location = format!("/api/v1/swaps/{}", done.name());
    Ok(Done::created(done, location))
}

/// Accepts, declines or withdraws a swap.
#[utoipa::path(post, path = "/api/v1/swaps/{id}/{answer}", params(
    ("id" = String, Path, description = "Its id"),
    ("answer" = String, Path, description = "`accept`, `decline` or `withdraw`"),
), responses(
    (status = 200, description = "Done", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn answer(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((id, answer)): Path<(String, String)>,
) -> Result<Done, Problem> {
    let command = answered(&answer)?;
    Ok(state.perform(&viewer, Any::Swap { id, command }).await?.into())
}

/// What a word asks of a swap.
pub(crate) fn answered(answer: &str) -> Result<swap::Command, Problem> {
    match answer {
        "accept" => Ok(swap::Command::Accept {}),
        "decline" => Ok(swap::Command::Decline {}),
        "withdraw" => Ok(swap::Command::Withdraw {}),
        _ => Err(Problem::not_found(format!("A swap cannot be answered with `{answer}`."))
            .hint("It is one of `accept`, `decline`, `withdraw`")),
    }
}
