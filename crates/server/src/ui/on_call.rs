//! On call: who is now and next, the weeks ahead as a strip, what was told to whom, and swaps.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use governance::Text;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use minijinja::context;
use reliability::kinds::Schedule;
use reliability::oncall::Window;
use reliability::record::Command as Any;
use reliability::record::swap::Stage;
use reliability::record::{notification, swap};
use reliability::views::{self, OnCallRow, ShiftView};
use serde::{Deserialize, Serialize};

use super::errors;
use super::frame::Page;
use super::notes::{self, Note};
use super::templates::view;
use crate::api::on_call::{HandOff, answered};

/// How far ahead the page looks: two turns of a week, so that everybody sees the next hand-off.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 14);

/// How many notifications the page shows; the API has all of them.
const SHOWN: usize = 30;

/// How many colours tell people apart on a strip; whoever comes after that shares one.
const TINTS: usize = 5;

/// The narrowest shift, in percent of the strip, whose person is named on it.
const NAMED: f64 = 9.0;

/// A schedule with the shifts ahead.
#[derive(Debug, Serialize)]
struct Ahead {
    row: OnCallRow,
    shifts: Vec<Bar>,
    weeks: Vec<Week>,
}

/// A shift and where it stands on the strip, in percent of it.
#[derive(Debug, Serialize)]
struct Bar {
    shift: ShiftView,
    x: f64,
    width: f64,
    /// The first of the person's names, where it has room.
    name: Option<String>,
    /// The person's colour, the same on the whole strip.
    tint: usize,
    mine: bool,
}

/// A midnight that begins a week, and where it stands on the strip.
#[derive(Debug, Serialize)]
struct Week {
    day: String,
    x: f64,
}

/// A swap that waits for an answer.
#[derive(Debug, Serialize)]
struct Asked {
    id: String,
    schedule: String,
    requester: String,
    asked: Option<String>,
    window: Window,
    mine: bool,
}

/// `GET /on-call`
pub(super) async fn show(page: Page) -> Response {
    let (lens, viewer) = (page.lens(), page.viewer.person.as_deref());
    let model = page.snapshot().model();
    let record = &lens.record.state.reliability;
    let exchanges = record.exchanges();
    let now = page.now();
    let within = Window { from: now, to: now.checked_add(AHEAD).unwrap_or(now) };
    let rows = views::on_call(model, &exchanges, now).into_iter();
    let schedules: Vec<Ahead> = rows
        .map(|row| {
            let schedule = model.get::<Schedule>(&row.schedule);
            let shifts = schedule
                .map(|schedule| views::shifts_of(model, schedule, &exchanges, within))
                .unwrap_or_default();
            let weeks = weeks(&row.time_zone, within);
            Ahead { row, shifts: bars(shifts, within, viewer), weeks }
        })
        .collect();
    let verified = lens.verified();
    let mut told = views::notifications(&lens.operations(&verified), viewer);
    told.truncate(SHOWN);
    let open = record.swaps.iter().filter(|(_, swap)| swap.stage == Stage::Requested);
    let swaps: Vec<Asked> = open
        .filter(|(_, swap)| swap.window.to > now)
        .map(|(id, swap)| Asked {
            id: id.clone(),
            schedule: swap.schedule.clone(),
            requester: swap.requester.clone().unwrap_or_default(),
            asked: swap.asked.clone(),
            window: swap.window,
            mine: swap.requester.as_deref() == viewer,
        })
        .collect();
    let shows = context! {
        schedules => view(schedules),
        told => view(told),
        swaps => view(swaps),
        zone => page.snapshot().time_zone().iana_name().unwrap_or("UTC"),
    };
    page.show("on_call.html", "On call", shows)
}

/// `GET /on-call/notes/<schedule>`: the note for the next hand-off.
pub(super) async fn note(page: Page, Path(schedule): Path<String>) -> Response {
    match HandOff::next(page.lens(), &schedule) {
        Some(note) => page.show("hand_off.html", &note.title, context! { note => view(&note) }),
        None => errors::missing(&page, &format!("There is no schedule `{schedule}`.")),
    }
}

fn bars(shifts: Vec<ShiftView>, within: Window, viewer: Option<&str>) -> Vec<Bar> {
    let mut people: Vec<String> = Vec::new();
    let bar = |shift: ShiftView| {
        let (x, end) = (place(shift.from, within), place(shift.to, within));
        // Whatever is too short to be seen is still there.
        let width = (end - x).max(0.2);
        let Some(person) = &shift.person else {
            return Bar { shift, x, width, name: None, tint: 0, mine: false };
        };
        let tint = people.iter().position(|known| *known == person.name).unwrap_or_else(|| {
            people.push(person.name.clone());
            people.len() - 1
        });
        let first = person.title.split_whitespace().next().filter(|_| width >= NAMED);
        let (name, mine) = (first.map(str::to_owned), Some(person.name.as_str()) == viewer);
        Bar { shift, x, width, name, tint: tint % TINTS, mine }
    };
    shifts.into_iter().map(bar).collect()
}

/// Where a moment stands on the strip, in percent.
fn place(moment: Timestamp, within: Window) -> f64 {
    let whole = within.to.duration_since(within.from).as_secs_f64().max(1.0);
    let since = moment.duration_since(within.from).as_secs_f64();
    (since / whole * 1e4).round().clamp(0.0, 1e4) / 100.0
}

/// Where the last label may begin, in percent.
const LAST_LABEL: f64 = 92.0;

/// The Mondays ahead in a schedule's own time.
fn weeks(zone: &str, within: Window) -> Vec<Week> {
    let Ok(zone) = TimeZone::get(zone) else { return Vec::new() };
    let first = within.from.to_zoned(zone.clone()).date();
    first
        .series(1.day())
        .skip(1)
        .take_while(|day| day.to_zoned(zone.clone()).is_ok_and(|day| day.timestamp() < within.to))
        .filter(|day| day.weekday() == Weekday::Monday)
        .filter_map(|day| {
            let x = place(day.to_zoned(zone.clone()).ok()?.timestamp(), within);
            // At the very end there is no room for its name.
            (x < LAST_LABEL).then_some(())?;
            Some(Week { day: day.strftime("%a %-d %b").to_string(), x })
        })
        .collect()
}

/// A form of the page. What a form does not have stays empty.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    csrf: String,
    #[serde(default)]
    schedule: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    asked: String,
    #[serde(default)]
    reason: String,
}

/// `POST /on-call/pages/<id>/acknowledge`
pub(super) async fn acknowledge(
    page: Page,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    let command = notification::Command::Acknowledge {};
    let command = Any::Notification { id, command };
    page.carry_out(&sent.csrf, command, "/on-call", "You act on it; nobody else is called").await
}

/// `POST /on-call/swaps`
pub(super) async fn request(page: Page, Form(sent): Form<Sent>) -> Response {
    let (Some(from), Some(to)) = (page.moment(&sent.from), page.moment(&sent.to)) else {
        let text = format!("`{}` or `{}` is no time.", sent.from, sent.to);
        return notes::redirect("/on-call", &Note::bad(text));
    };
    let command = swap::Command::Request {
        schedule: sent.schedule,
        window: Window { from, to },
        asked: Some(sent.asked).filter(|name| !name.is_empty()),
        in_return: None,
        reason: Text::of(&sent.reason),
    };
    let command = Any::Swap { id: crate::auth::secret::public_id(), command };
    page.carry_out(&sent.csrf, command, "/on-call", "You have asked").await
}

/// `POST /on-call/swaps/<id>/<answer>`
pub(super) async fn answer(
    page: Page,
    Path((id, answer)): Path<(String, String)>,
    Form(sent): Form<Sent>,
) -> Response {
    match answered(&answer) {
        Ok(command) => {
            let command = Any::Swap { id, command };
            page.carry_out(&sent.csrf, command, "/on-call", "It is settled").await
        }
        Err(problem) => notes::redirect("/on-call", &Note::refusal(&problem)),
    }
}
