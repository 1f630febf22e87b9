//! Actions: what was promised, by whom, until when.

use jiff::civil::Date;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::{PartyRef, Reading};
use crate::record::action::{Stage, State};

/// The actions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ActionList {
    /// Open ones, by due date.
    pub open: Vec<ActionRow>,
    /// Done and dropped ones, newest first.
    pub closed: Vec<ActionRow>,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ActionRow {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// How far it has come.
    pub stage: Stage,
    /// Who does it.
    pub owner: PartyRef,
    /// Who answers for the owner today.
    pub person: Option<PersonRef>,
    /// By when.
    pub due: Date,
    /// The day that was promised first, when it is another one.
    pub promised: Option<Date>,
    /// Whether the day has passed.
    pub overdue: bool,
    /// Where it came from.
    pub from: Option<String>,
    /// What came out of it, or why it was moved or given up.
    pub note: Option<String>,
    /// When it was promised.
    pub opened: Date,
    /// When it was closed.
    pub closed: Option<Date>,
}

/// Lists the actions.
pub fn actions(reading: &Reading<'_>) -> ActionList {
    let rows = reading.record.actions.iter().map(|(id, state)| row(reading, id, state));
    let (mut open, mut closed): (Vec<_>, Vec<_>) = rows.partition(|row| row.stage == Stage::Open);
    open.sort_by(|left, right| (left.due, &left.id).cmp(&(right.due, &right.id)));
    closed.sort_by(|left, right| (right.closed, &left.id).cmp(&(left.closed, &right.id)));
    ActionList { open, closed }
}

fn row(reading: &Reading<'_>, id: &str, state: &State) -> ActionRow {
    let stream = format!("action/{id}");
    let read = |text| reading.texts.read(&stream, text);
    let (slug, name) = state.owner.split_once('/').unwrap_or(("seat", &state.owner));
    let duty = org::Roster::new(reading.model, reading.today()).duty(slug, name);
    ActionRow {
        id: id.to_owned(),
        title: read(&state.title),
        stage: state.stage,
        owner: PartyRef::of(reading.model, &state.owner),
        person: duty.person.map(|person| reading.person(&person)),
        due: state.due,
        promised: Some(state.promised).filter(|promised| *promised != state.due),
        overdue: state.is_overdue(reading.today()),
        from: state.from.clone(),
        note: state.note.as_ref().map(read),
        opened: reading.day(state.opened_at),
        closed: state.closed_at.map(|at| reading.day(at)),
    }
}
