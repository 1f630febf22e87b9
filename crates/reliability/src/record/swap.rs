//! A swap: two people arrange between themselves who is on call for a while.
//!
//! Whoever is on call asks, naming somebody or anybody who takes turns in the schedule; once somebody has
//! accepted, the resolution of the schedule follows it. Taking over needs no request: whoever takes
//! agrees, and nobody minds being relieved.
//!
//! Invariants: nobody is put on call without having said so; what is over is not exchanged.

use std::borrow::Cow;

use governance::{Refusal, Text};
use jiff::Timestamp;
use playbook::Typed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Facts;
use crate::kinds::Schedule;
use crate::oncall::{Window, gaps, shifts};

/// What somebody wants to do about a swap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Asks for somebody to take over.
    Request {
        /// The schedule's name.
        schedule: String,
        /// What to take over.
        window: Window,
        /// Who is asked; anybody who takes turns in the schedule, when left out.
        asked: Option<String>,
        /// What the one who asks takes over in return.
        in_return: Option<Window>,
        /// Why.
        reason: Option<Text>,
    },
    /// Takes it over, as asked.
    Accept {},
    /// Does not take it over.
    Decline {},
    /// No longer asks.
    Withdraw {},
    /// Takes over without having been asked.
    Take {
        /// The schedule's name.
        schedule: String,
        /// What to take over.
        window: Window,
    },
}

/// What happened to a swap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Somebody asked.
    Requested {
        /// The schedule's name.
        schedule: String,
        /// What to take over.
        window: Window,
        /// Who asked.
        person: String,
        /// Who was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<String>,
        /// What the one who asks takes over in return.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        in_return: Option<Window>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// Somebody takes it over.
    Accepted {
        /// Who.
        person: String,
    },
    /// Whoever was asked does not.
    Declined {
        /// Who.
        person: String,
    },
    /// Nobody asks any more.
    Withdrawn {},
    /// Somebody took over without having been asked.
    Taken {
        /// The schedule's name.
        schedule: String,
        /// What.
        window: Window,
        /// Who.
        person: String,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Requested { reason, .. } => reason.iter_mut().collect(),
            Self::Accepted { .. }
            | Self::Declined { .. }
            | Self::Withdrawn {}
            | Self::Taken { .. } => Vec::new(),
        }
    }
}

/// How far a swap has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Somebody asks.
    Requested,
    /// It holds.
    Accepted,
    /// Whoever was asked does not.
    Declined,
    /// Nobody asks any more.
    Withdrawn,
}

/// One swap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub stage: Stage,
    /// The schedule's name.
    pub schedule: String,
    /// What is taken over.
    pub window: Window,
    /// Who asked; nobody, when somebody just took over.
    pub requester: Option<String>,
    /// Who was asked.
    pub asked: Option<String>,
    /// What is taken over in return.
    pub in_return: Option<Window>,
    /// Who takes it over.
    pub taker: Option<String>,
    /// Why.
    pub reason: Option<Text>,
    /// When it was settled, or asked while it is not.
    pub at: Timestamp,
}

impl State {
    /// The state after an event.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        let fresh = |schedule: &str, window: Window| Self {
            stage: Stage::Requested,
            schedule: schedule.to_owned(),
            window,
            requester: None,
            asked: None,
            in_return: None,
            taker: None,
            reason: None,
            at,
        };
        let settled = |before: Option<Self>, stage| before.map(|state| Self { stage, at, ..state });
        match event {
            Event::Requested { schedule, window, person, asked, in_return, reason } => Some(Self {
                requester: Some(person.clone()),
                asked: asked.clone(),
                in_return: *in_return,
                reason: reason.clone(),
                ..fresh(schedule, *window)
            }),
            Event::Taken { schedule, window, person } => Some(Self {
                stage: Stage::Accepted,
                taker: Some(person.clone()),
                ..fresh(schedule, *window)
            }),
            Event::Accepted { person } => settled(before, Stage::Accepted)
                .map(|state| Self { taker: Some(person.clone()), ..state }),
            Event::Declined { .. } => settled(before, Stage::Declined),
            Event::Withdrawn {} => settled(before, Stage::Withdrawn),
        }
    }
}

/// Carries out a command about the swap `id`, or says why not.
///
/// # Errors
/// Refuses what the schedule, the stage or the actor does not allow.
pub fn decide(
    state: Option<&State>,
    id: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let person = facts.person()?;
    match command {
        Command::Request { .. } | Command::Take { .. } if state.is_some() => {
            Err(Refusal::new("swap-exists", format!("there is a swap `{id}` already"))
                .passes_if("the new one gets a new id"))
        }
        Command::Request { schedule, window, asked, in_return, reason } => {
            let found = schedule_of(schedule, facts)?;
            ahead(*window, facts)?;
            owns(found, person, *window, facts)?;
            if let Some(asked) = asked {
                may_take(found, asked, person, facts)?;
            }
            if let Some((asked, back)) = asked.as_ref().zip(*in_return) {
                ahead(back, facts)?;
                owns(found, asked, back, facts)?;
            } else if in_return.is_some() {
                return Err(Refusal::new(
                    "no-one-asked",
                    "nobody in particular is asked for it in return",
                )
                .passes_if("it says who is asked"));
            }
            Ok(vec![Event::Requested {
                schedule: schedule.clone(),
                window: *window,
                person: person.to_owned(),
                asked: asked.clone(),
                in_return: *in_return,
                reason: reason.clone(),
            }])
        }
        Command::Take { schedule, window } => {
            let found = schedule_of(schedule, facts)?;
            ahead(*window, facts)?;
            may_take(found, person, "", facts)?;
            let (schedule, person) = (schedule.clone(), person.to_owned());
            Ok(vec![Event::Taken { schedule, window: *window, person }])
        }
        Command::Accept {} | Command::Decline {} | Command::Withdraw {} => {
            answer(state, id, command, person, facts)
        }
    }
}

fn answer(
    state: Option<&State>,
    id: &str,
    command: &Command,
    person: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Some(state) = state else {
        return Err(Refusal::new("no-swap", format!("there is no swap `{id}`"))
            .passes_if("it was requested"));
    };
    if state.stage != Stage::Requested {
        return Err(Refusal::new("swap-closed", "somebody has settled it already")
            .passes_if("a new one is requested"));
    }
    let requester = state.requester.as_deref().unwrap_or("");
    if let Command::Withdraw {} = command {
        return if requester == person {
            Ok(vec![Event::Withdrawn {}])
        } else {
            Err(Refusal::new("not-yours", format!("`{requester}` asked for it"))
                .passes_if(format!("`{requester}` withdraws it")))
        };
    }
    if let Some(asked) = state.asked.as_deref().filter(|asked| *asked != person) {
        return Err(Refusal::new("not-asked", format!("`{asked}` was asked"))
            .passes_if(format!("`{asked}` answers")));
    }
    if let Command::Decline {} = command {
        return Ok(vec![Event::Declined { person: person.to_owned() }]);
    }
    let schedule = schedule_of(&state.schedule, facts)?;
    may_take(schedule, person, requester, facts)?;
    // Both sides must still have what they give: another swap may have come between.
    for (owner, window) in [(requester, Some(state.window)), (person, state.in_return)] {
        if let Some(window) = window {
            ahead(window, facts)?;
            owns(schedule, owner, window, facts)?;
        }
    }
    Ok(vec![Event::Accepted { person: person.to_owned() }])
}

fn schedule_of<'a>(name: &str, facts: &Facts<'a>) -> Result<Typed<'a, Schedule>, Refusal> {
    facts.model.get::<Schedule>(name).ok_or_else(|| {
        Refusal::new("no-schedule", format!("there is no schedule `{name}`"))
            .passes_if("it is one of `council list schedule`")
    })
}

fn ahead(window: Window, facts: &Facts<'_>) -> Result<(), Refusal> {
    if window.from < window.to && window.to > facts.now {
        return Ok(());
    }
    Err(Refusal::new("past", "there is nothing left of that time")
        .passes_if("it ends after it begins, and in the future"))
}

/// Refuses when a person is not on call for the whole window.
fn owns(
    schedule: Typed<'_, Schedule>,
    person: &str,
    window: Window,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let exchanges = facts.record.exchanges();
    let mut shifts = shifts(facts.model, schedule, &exchanges, window);
    shifts.retain(|shift| shift.person == Cow::Borrowed(person));
    let everything = Schedule { covers: Vec::new(), ..schedule.spec.clone() };
    if gaps(facts.model, &everything, &shifts, window).is_empty() {
        return Ok(());
    }
    let name = schedule.name();
    Err(Refusal::new(
        "not-on-call",
        format!("`{person}` is not on call in `schedule/{name}` all that time"),
    )
    .passes_if("the time lies within a shift of theirs"))
}

/// Refuses whoever does not take turns in the schedule, or asked for the swap.
fn may_take(
    schedule: Typed<'_, Schedule>,
    person: &str,
    requester: &str,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    facts.works_here(person)?;
    let mut members = schedule.spec.layers.iter().flat_map(|layer| &layer.people);
    if person != requester && members.any(|member| member.person.name() == person) {
        return Ok(());
    }
    let name = schedule.name();
    Err(Refusal::new("not-a-member", format!("`{person}` cannot take over in `schedule/{name}`"))
        .passes_if("it is somebody else who takes turns in it"))
}
