//! An action: something somebody promised to do by a date.
//!
//! An action that is neither done nor dropped when its day has passed is overdue, and comes back on
//! every agenda by itself; moving it keeps the day that was promised first.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Facts, ITSELF, Refusal};
use crate::text::Text;

/// What somebody wants to do about an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Promises something.
    Open {
        /// What.
        title: Text,
        /// Who does it: `seat/network`, `person/ana`.
        owner: String,
        /// By when.
        due: Date,
        /// The stream that it came from, such as `ritual/weekly-sync/2026-11-24`.
        from: Option<String>,
    },
    /// It is done.
    Done {
        /// What came out of it.
        note: Option<Text>,
    },
    /// Nobody will do it.
    Drop {
        /// Why.
        reason: Text,
    },
    /// It takes longer.
    Move {
        /// The new day.
        due: Date,
        /// Why.
        reason: Option<Text>,
    },
}

/// What happened to an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was promised.
    Opened {
        /// What.
        title: Text,
        /// Who does it.
        owner: String,
        /// By when.
        due: Date,
        /// Where it came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// It was done.
    Done {
        /// What came out of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Text>,
    },
    /// It was given up.
    Dropped {
        /// Why.
        reason: Text,
    },
    /// It got another day.
    Moved {
        /// The new day.
        due: Date,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Opened { title: text, .. } | Self::Dropped { reason: text } => vec![text],
            Self::Done { note: text } | Self::Moved { reason: text, .. } => {
                text.iter_mut().collect()
            }
        }
    }
}

/// How far an action has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// To be done.
    Open,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

/// One action's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub stage: Stage,
    /// What is to be done.
    pub title: Text,
    /// Who does it.
    pub owner: String,
    /// By when.
    pub due: Date,
    /// The day that was promised first.
    pub promised: Date,
    /// How often it was moved.
    pub moves: u32,
    /// Where it came from.
    pub from: Option<String>,
    /// When it was promised.
    pub opened_at: Timestamp,
    /// When it was done or dropped.
    pub closed_at: Option<Timestamp>,
    /// What came out of it, or why it was given up or moved.
    pub note: Option<Text>,
}

impl State {
    /// The state after an event; nothing comes before it was opened.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        if let Event::Opened { title, owner, due, from } = event {
            return Some(Self {
                stage: Stage::Open,
                title: title.clone(),
                owner: owner.clone(),
                due: *due,
                promised: *due,
                moves: 0,
                from: from.clone(),
                opened_at: at,
                closed_at: None,
                note: None,
            });
        }
        let mut state = before?;
        match event {
            Event::Opened { .. } => {}
            Event::Done { note } => {
                state.stage = Stage::Done;
                state.closed_at = Some(at);
                state.note.clone_from(note);
            }
            Event::Dropped { reason } => {
                state.stage = Stage::Dropped;
                state.closed_at = Some(at);
                state.note = Some(reason.clone());
            }
            Event::Moved { due, reason } => {
                state.due = *due;
                state.moves += 1;
                state.note.clone_from(reason);
            }
        }
        Some(state)
    }

    /// Says whether it should have been done before a day.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.stage == Stage::Open && self.due < today
    }
}

/// Carries out a command, or says why not.
///
/// # Errors
/// Refuses what the state or the actor does not allow.
pub fn decide(
    state: Option<&State>,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Command::Open { title, owner, due, from } = command {
        return open(state, facts, (title, owner, *due, from.clone()));
    }
    let Some(state) = state else {
        return Err(Refusal::new("no-action", "there is no such action")
            .passes_if("its id is one of the open actions"));
    };
    if state.stage != Stage::Open {
        let word = if state.stage == Stage::Done { "done" } else { "dropped" };
        return Err(Refusal::new("action-closed", format!("the action is {word} already"))
            .passes_if("a new action is opened"));
    }
    // council itself says so of what it saw done: of the change that carried the action out.
    let seen_done = facts.actor == ITSELF && matches!(command, Command::Done { .. });
    if !seen_done {
        facts.actor_has_a_say(Some(&state.owner))?;
    }
    match command {
        Command::Open { .. } => Ok(Vec::new()),
        Command::Done { note } => Ok(vec![Event::Done { note: note.clone() }]),
        Command::Drop { reason } if reason.is_blank() => {
            Err(Refusal::new("no-reason", "dropping an action needs a reason")
                .passes_if("it says why nobody will do it"))
        }
        Command::Drop { reason } => Ok(vec![Event::Dropped { reason: reason.clone() }]),
        Command::Move { due, .. } if *due < facts.today() => Err(past(*due)),
        Command::Move { due, .. } if *due == state.due => {
            Err(Refusal::new("nothing-new", format!("it is due on {due} already"))
                .passes_if("the day is another one"))
        }
        Command::Move { due, reason } => {
            Ok(vec![Event::Moved { due: *due, reason: reason.clone() }])
        }
    }
}

fn open(
    state: Option<&State>,
    facts: &Facts<'_>,
    (title, owner, due, from): (&Text, &str, Date, Option<String>),
) -> Result<Vec<Event>, Refusal> {
    if state.is_some() {
        return Err(Refusal::new("action-exists", "an action with this id exists already")
            .passes_if("it gets a new id"));
    }
    facts.actor_works_here()?;
    if title.is_blank() {
        return Err(Refusal::new("no-title", "the action does not say what is to be done")
            .passes_if("it has a title"));
    }
    let known = ["seat/", "person/", "team/", "office/"].iter().any(|slug| owner.starts_with(slug));
    if !known || facts.model.resource(owner).is_none() {
        return Err(Refusal::new("no-owner", format!("`{owner}` cannot own an action"))
            .passes_if("the owner is a seat, person, team or office of the playbook"));
    }
    if due < facts.today() {
        return Err(past(due));
    }
    let owner = owner.to_owned();
    Ok(vec![Event::Opened { title: title.clone(), owner, due, from }])
}

fn past(due: Date) -> Refusal {
    Refusal::new("past", format!("{due} is over already")).passes_if("the day is today or later")
}
