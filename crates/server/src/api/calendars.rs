//! Calendars: iCalendar feeds at addresses that are their own key.
//!
//! Calendar programs cannot sign in, so the address ends with a key: for whom it was made, and a signature over that and what
//! it shows. Whoever has it can read that feed and nothing else, for as long as that person works here.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use governance::render::calendar::{Feed, feed};
use hmac::{Hmac, KeyInit as _, Mac as _};
use policy::Resource;
use reliability::render::calendar as on_call;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::Sha256;

use crate::AppState;
use crate::auth::Viewer;
use crate::auth::secret::hex;
use crate::http::{Json, Path, Problem};

/// Your calendars.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CalendarLinks {
    /// One feed each.
    items: Vec<CalendarLink>,
}

/// One calendar.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CalendarLink {
    /// What it shows: `council/all`, `person/ana`, `seat/network`, `ritual/weekly-sync`, `shifts/ana`, `schedule/platform`.
    pub(crate) subject: String,
    /// The address for a calendar program. Whoever has it can read the feed.
    pub(crate) url: String,
}

/// The name of the signing key.
const KEY: &str = "calendar";

/// Lists your calendars: everything, yourself, your seats, your shifts, each schedule, each ritual.
#[utoipa::path(get, path = "/api/v1/calendars", responses(
    (status = 200, description = "Calendars", body = ref("#/components/schemas/CalendarLinks")),
))]
pub(crate) async fn links(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<CalendarLinks>, Problem> {
    let owner = Resource::kind("calendar").of_people(viewer.person.as_deref());
    state.authorize(&viewer, "calendar.link", owner)?;
    Ok(Json(CalendarLinks { items: own(&state, &viewer)? }))
}

/// The calendars of a viewer who was authorized before.
pub(crate) fn own(state: &AppState, viewer: &Viewer) -> Result<Vec<CalendarLink>, Problem> {
    let key = state.store().signing_key(KEY)?;
    let snapshot = state.snapshot();
    let person = viewer.person.iter().map(|name| ("person", name.to_string()));
    let seats = viewer.seats.iter().map(|held| ("seat", held.seat.to_string()));
    let each = |slug: &'static str| {
        let found = snapshot.model().of_slug(slug);
        found.map(move |resource| (slug, resource.id.name.to_string()))
    };
    // Shifts have a feed of their own: people keep them apart from meetings, and colleagues want to see theirs alone.
    let shifts = viewer.person.iter().map(|name| ("shifts", name.to_string()));
    let shifts = shifts.filter(|_| each("schedule").next().is_some());
    let mine = person.chain(seats).chain(shifts);
    let subjects = [("council", "all".to_owned())].into_iter().chain(mine);
    let reader = viewer.person.as_deref().unwrap_or_default();
    let link = |(kind, name): (&str, String)| {
        let subject = format!("{kind}/{name}");
        let signature = hex(&mac(&key, &subject, reader).finalize().into_bytes());
        let url = format!("{}/api/v1/calendars/{subject}/{reader}~{signature}", state.origin());
        CalendarLink { subject, url }
    };
    Ok(subjects.chain(each("schedule")).chain(each("ritual")).map(link).collect())
}

/// Serves one calendar (RFC 5545).
#[utoipa::path(get, path = "/api/v1/calendars/{kind}/{name}/{signature}", security(()), params(
    ("kind" = String, Path, description = "`council`, `person`, `seat`, `ritual`, `shifts` or `schedule`"),
    ("name" = String, Path, description = "The name; of the council, `all`"),
    ("signature" = String, Path, description = "What makes the address a key; `.ics` may follow"),
), responses(
    (status = 200, description = "The calendar", content_type = "text/calendar", body = String),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    Path((kind, name, signature)): Path<(String, String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let key = state.store().signing_key(KEY)?;
    let (reader, sent) = signature.trim_end_matches(".ics").split_once('~').unwrap_or_default();
    mac(&key, &format!("{kind}/{name}"), reader).verify_slice(&unhex(sent)).map_err(|_| {
        Problem::new(
            axum::http::StatusCode::FORBIDDEN,
            "wrong-signature",
            "The address is not valid",
            "The end of a calendar's address is its key, and this is not the one.",
        )
        .hint("Copy the address anew from `/api/v1/calendars`")
    })?;
    if !state.snapshot().works_here(reader) {
        return Err(Problem::not_found(
            "This calendar was for somebody who does not work here any more.",
        )
        .hint("Copy an address of your own from `/api/v1/calendars`"));
    }
    let missing =
        || Problem::not_found(format!("There is no calendar of `{kind}/{name}` any more."));
    let lens = state.lens();
    let shifts = |wanted| {
        let exchanges = lens.record.state.reliability.exchanges();
        on_call::feed(lens.snapshot.model(), &exchanges, &wanted, lens.now)
    };
    let council = |wanted| feed(&lens.reading(), &wanted);
    let text = match kind.as_str() {
        "council" => council(Feed::Council),
        "person" => council(Feed::Person(name.clone())),
        "seat" => council(Feed::Seat(name.clone())),
        "ritual" => council(Feed::Ritual(name.clone())),
        "shifts" => shifts(on_call::Feed::Person(name.clone())),
        "schedule" => shifts(on_call::Feed::Schedule(name.clone())),
        _ => None,
    };
    let text = text.ok_or_else(missing)?;
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text))
}

fn mac(key: &[u8], subject: &str, reader: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .expect("BUG: this construction takes keys of any length");
    // No name holds a tilde, so that no two pairs are signed alike.
    mac.update(format!("{reader}~{subject}").as_bytes());
    mac
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok();
    (0..text.len() / 2).filter_map(digits).collect()
}
