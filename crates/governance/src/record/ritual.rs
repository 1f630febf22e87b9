//! One meeting of a ritual: who came, what was said, when it was over.
//!
//! The agenda is not recorded: it is generated from the record each time, so a meeting of last month
//! shows what was known then when it is looked at "as of" that day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use org::kinds::{Person, Seat};
use playbook::Ref;
use serde::{Deserialize, Serialize};

use super::facts::holds;
use super::{Facts, Refusal};
use crate::kinds::Ritual;
use crate::text::Text;

/// What somebody wants to do about a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Begins it.
    Open {},
    /// Notes that somebody is there for a seat.
    Attend {
        /// The seat's name.
        seat: String,
        /// Who is there; somebody other than its holders is a delegate.
        person: String,
    },
    /// Notes what was said.
    Minute {
        /// The agenda item's title, or nothing for a remark about the whole.
        item: Option<String>,
        /// What was said.
        text: Text,
    },
    /// Ends it.
    Close {},
}

/// What happened at a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It began.
    Opened {
        /// Who opened it.
        by: String,
    },
    /// Somebody was there for a seat.
    Attended {
        /// The seat.
        seat: String,
        /// Who.
        person: String,
        /// Whether they came as a delegate.
        delegate: bool,
    },
    /// Something was noted.
    Minuted {
        /// The agenda item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<String>,
        /// Who noted it.
        by: String,
        /// What.
        text: Text,
    },
    /// It ended.
    Closed {},
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Minuted { text, .. } => vec![text],
            Self::Opened { .. } | Self::Attended { .. } | Self::Closed {} => Vec::new(),
        }
    }
}

/// Who was there for a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Who.
    pub person: String,
    /// Whether they came as a delegate.
    pub delegate: bool,
}

/// Something that was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minute {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The agenda item.
    pub item: Option<String>,
    /// What.
    pub text: Text,
}

/// One meeting's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// When it began.
    pub opened_at: Option<Timestamp>,
    /// Who opened it.
    pub opened_by: Option<String>,
    /// Who was there, by seat.
    pub attendance: BTreeMap<String, Attendance>,
    /// What was noted, in order.
    pub minutes: Vec<Minute>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
}

impl State {
    /// Takes in what happened.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Opened { by } => {
                self.opened_at = Some(at);
                self.opened_by = Some(by.clone());
            }
            Event::Attended { seat, person, delegate } => {
                let attendance = Attendance { person: person.clone(), delegate: *delegate };
                self.attendance.insert(seat.clone(), attendance);
            }
            Event::Minuted { item, by, text } => {
                let (item, by, text) = (item.clone(), by.clone(), text.clone());
                self.minutes.push(Minute { at, by, item, text });
            }
            Event::Closed {} => self.closed_at = Some(at),
        }
    }
}

/// Carries out a command about the meeting of `ritual` on `date`, or says why not.
///
/// # Errors
/// Refuses what the state or the actor does not allow.
pub fn decide(
    state: &State,
    (ritual, date): (&str, Date),
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if facts.model.get::<Ritual>(ritual).is_none() {
        return Err(Refusal::new("no-ritual", format!("there is no ritual `{ritual}`"))
            .passes_if("the playbook declares it"));
    }
    facts.actor_has_a_say(None)?;
    let is_open = state.opened_at.is_some() && state.closed_at.is_none();
    match command {
        Command::Open {} if state.opened_at.is_some() => {
            Err(Refusal::new("meeting-open", "the meeting was opened already")
                .passes_if("another date is meant"))
        }
        Command::Open {} if date > facts.today() => {
            Err(Refusal::new("not-due", format!("the meeting is on {date}, not today"))
                .passes_if("it is opened on its day or later"))
        }
        Command::Open {} => Ok(vec![Event::Opened { by: facts.actor.to_owned() }]),
        Command::Attend { .. } | Command::Minute { .. } | Command::Close {} if !is_open => {
            let word = if state.closed_at.is_some() { "is closed" } else { "has not been opened" };
            Err(Refusal::new("meeting-not-open", format!("the meeting {word}"))
                .passes_if("it is opened first"))
        }
        Command::Attend { seat, person } => attend(state, seat, person, facts),
        Command::Minute { text, .. } if text.is_blank() => {
            Err(Refusal::new("no-text", "there is nothing to note").passes_if("it has a text"))
        }
        Command::Minute { item, text } => {
            let (item, text) = (item.clone(), text.clone());
            Ok(vec![Event::Minuted { item, by: facts.actor.to_owned(), text }])
        }
        Command::Close {} => Ok(vec![Event::Closed {}]),
    }
}

fn attend(
    state: &State,
    seat: &str,
    person: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let seat = seat.strip_prefix("seat/").unwrap_or(seat);
    let Some(found) = facts.model.get::<Seat>(seat) else {
        return Err(Refusal::new("no-seat", format!("there is no seat `{seat}`"))
            .passes_if("the playbook declares it"));
    };
    if !facts.roster().is_active(&found) {
        return Err(Refusal::new(
            "inactive-seat",
            format!("the seat `{seat}` is not at the table"),
        )
        .passes_if("its condition holds"));
    }
    if !facts.roster().works_here(person) {
        let reason = match facts.model.get::<Person>(person) {
            Some(_) => format!("`{person}` does not work here today"),
            None => format!("the playbook has no person `{person}`"),
        };
        return Err(Refusal::new("not-here", reason).passes_if("somebody who does comes"));
    }
    let primary = found.primary.as_ref().map(Ref::name);
    let delegate = !holds(found.spec, person) && primary != Some(person);
    if state.attendance.get(seat).is_some_and(|known| known.person == person) {
        return Err(Refusal::new("nothing-new", format!("`{person}` is noted already"))
            .passes_if("somebody else came"));
    }
    Ok(vec![Event::Attended { seat: seat.to_owned(), person: person.to_owned(), delegate }])
}
