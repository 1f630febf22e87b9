//! A freeze's way in the record: declared at once by a seat, extended, lifted.
//!
//! A freeze of the playbook cannot be declared again, but it can be lifted for a time: the playbook
//! keeps saying what usually holds, the ledger says who made an exception, until when, and why.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use governance::{Refusal, Text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Facts;
use crate::freeze::Scope;
use crate::gate::Window;
use crate::kinds::Freeze;

/// What somebody wants to do about a freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Freezes at once, or from a moment on.
    Declare {
        /// Why, in a line that everybody may read; it names no people.
        summary: String,
        /// From when to when.
        window: Window,
        /// What waits.
        scope: Scope,
        /// The decision types that go through all the same.
        passes: BTreeSet<String>,
    },
    /// Makes it last longer, or shorter.
    Move {
        /// When it ends.
        until: Timestamp,
        /// Why.
        reason: Option<Text>,
    },
    /// Lifts it.
    Lift {
        /// Until when a freeze of the playbook is lifted; one of the record is over.
        until: Option<Timestamp>,
        /// Why.
        reason: Text,
    },
}

/// What happened to a freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was declared.
    Declared {
        /// By whom.
        person: String,
        /// Why.
        summary: String,
        /// From when to when.
        window: Window,
        /// What waits.
        scope: Scope,
        /// The decision types that go through all the same.
        passes: BTreeSet<String>,
    },
    /// It got another end.
    Moved {
        /// When it ends.
        until: Timestamp,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// It was lifted.
    Lifted {
        /// By whom.
        person: String,
        /// Until when; for good when there is no end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// Why.
        reason: Text,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Declared { .. } => Vec::new(),
            Self::Moved { reason, .. } => reason.iter_mut().collect(),
            Self::Lifted { reason, .. } => vec![reason],
        }
    }
}

/// One freeze's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What was declared, for a freeze that is not of the playbook.
    pub declared: Option<Declared>,
    /// Who lifted it last.
    pub lifted: Option<Lifted>,
}

/// A freeze that somebody declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// By whom.
    pub person: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub summary: String,
    /// From when to when.
    pub window: Window,
    /// What waits.
    pub scope: Scope,
    /// The decision types that go through all the same.
    pub passes: BTreeSet<String>,
}

/// A freeze that does not hold for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// By whom.
    pub person: String,
    /// When.
    pub at: Timestamp,
    /// Until when; for good when there is no end.
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: Text,
}

impl State {
    /// Takes in an event.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Declared { person, summary, window, scope, passes } => {
                self.lifted = None;
                self.declared = Some(Declared {
                    person: person.clone(),
                    at,
                    summary: summary.clone(),
                    window: *window,
                    scope: scope.clone(),
                    passes: passes.clone(),
                });
            }
            Event::Moved { until, .. } => {
                if let Some(declared) = self.declared.as_mut() {
                    declared.window.until = *until;
                }
            }
            Event::Lifted { person, until, reason } => {
                let (person, reason) = (person.clone(), reason.clone());
                self.lifted = Some(Lifted { person, at, until: *until, reason });
            }
        }
    }

    /// Since when it is lifted at a moment, and by whom.
    pub fn lifted_at(&self, now: Timestamp) -> Option<(Timestamp, String)> {
        let lifted = self.lifted.as_ref()?;
        let still = lifted.at <= now && lifted.until.is_none_or(|until| now < until);
        still.then(|| (lifted.at, lifted.person.clone()))
    }

    /// Says whether a declared freeze is, or will be, in force.
    fn stands(&self, now: Timestamp) -> bool {
        let ends = self.declared.as_ref().map(|declared| declared.window.until);
        ends.is_some_and(|until| until > now) && self.lifted_at(now).is_none()
    }
}

/// How long a freeze of the playbook can be lifted at most: whoever needs more changes the playbook.
const LIFTED_AT_MOST_HOURS: i64 = 24 * 7;

/// Carries out a command about the freeze `name`, or says why not.
///
/// # Errors
/// Refuses somebody without a seat, a freeze that is not there, and times that make no sense.
pub fn decide(
    state: &State,
    name: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    facts.council.actor_has_a_say(None)?;
    let now = facts.council.now;
    let person = facts.council.actor.to_owned();
    let in_playbook = facts.council.model.get::<Freeze>(name).is_some();
    match command {
        Command::Declare { summary, window, scope, passes } => {
            may_declare(state, name, (summary, *window), facts)?;
            let (summary, scope, passes) = (summary.clone(), scope.clone(), passes.clone());
            Ok(vec![Event::Declared { person, summary, window: *window, scope, passes }])
        }
        Command::Move { until, reason } => {
            if !state.stands(now) {
                return Err(not_standing(name, in_playbook));
            }
            if *until <= now {
                return Err(Refusal::new("in-the-past", format!("{until} has passed"))
                    .passes_if("it ends later, or is lifted"));
            }
            Ok(vec![Event::Moved { until: *until, reason: reason.clone() }])
        }
        Command::Lift { until, reason } => {
            if !in_playbook && !state.stands(now) {
                return Err(not_standing(name, in_playbook));
            }
            if state.lifted_at(now).is_some() {
                return Err(Refusal::new(
                    "lifted-already",
                    format!("the freeze `{name}` is lifted already"),
                )
                .passes_if("it is in force"));
            }
            may_lift(name, in_playbook, (*until, reason), now)?;
            Ok(vec![Event::Lifted { person, until: *until, reason: reason.clone() }])
        }
    }
}

fn not_standing(name: &str, in_playbook: bool) -> Refusal {
    let refusal =
        Refusal::new("no-freeze", format!("no freeze `{name}` was declared that still stands"));
    if in_playbook {
        refusal.passes_if("the playbook is changed: that freeze stands there")
    } else {
        refusal.passes_if("`council freeze list` shows it")
    }
}

fn may_declare(
    state: &State,
    name: &str,
    (summary, window): (&str, Window),
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let now = facts.council.now;
    if facts.council.model.get::<Freeze>(name).is_some() {
        let text = format!("the playbook has a freeze `{name}`");
        return Err(Refusal::new("in-playbook", text).passes_if("it gets another name"));
    }
    if state.stands(now) {
        let text = format!("the freeze `{name}` stands already");
        return Err(Refusal::new("stands-already", text)
            .passes_if("it is moved or lifted, or another name"));
    }
    if summary.trim().is_empty() {
        return Err(Refusal::new(
            "no-reason",
            "a freeze needs a reason that whoever waits can read",
        )
        .passes_if("it says why"));
    }
    if window.until <= window.from || window.until <= now {
        return Err(Refusal::new("window-reversed", "the freeze would be over before it begins")
            .passes_if("its end lies after its beginning, and ahead"));
    }
    Ok(())
}

fn may_lift(
    name: &str,
    in_playbook: bool,
    (until, reason): (Option<Timestamp>, &Text),
    now: Timestamp,
) -> Result<(), Refusal> {
    if reason.is_blank() {
        return Err(
            Refusal::new("no-reason", "lifting a freeze needs a reason").passes_if("it says why")
        );
    }
    if until.is_some_and(|until| until <= now) {
        return Err(
            Refusal::new("in-the-past", "it would be over already").passes_if("it ends later")
        );
    }
    let most = jiff::SignedDuration::from_hours(LIFTED_AT_MOST_HOURS);
    let too_long = until.is_none_or(|until| until.duration_since(now) > most);
    if in_playbook && too_long {
        let text =
            format!("`freeze/{name}` stands in the playbook: it can be lifted for a week at most");
        return Err(Refusal::new("lifted-too-long", text)
            .passes_if("it says until when, or the playbook is changed"));
    }
    Ok(())
}
