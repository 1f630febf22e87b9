//! A notification: a message that somebody must get, from the wish to the acknowledgement.
//!
//! It is an outbox. What is wanted is written down first and sent afterwards, so that a server that dies
//! between the two sends it when it is back. Each attempt is written down before it is made, too: one
//! whose end is not known is made again under the same number, which whoever receives it can recognize.
//!
//! A page climbs the escalation policy, step by step, until somebody acknowledges it; when every way of a
//! step has failed, it climbs at once. A ticket goes to the first step alone and keeps people's quiet hours.
//!
//! Invariants: an acknowledged page is never sent again; a page that nobody acknowledged ends as given up,
//! which stays in sight, and never as delivered. Absent on purpose: sending.

mod decide;
mod due;
#[cfg(test)]
mod tests;

use governance::Text;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use decide::{decide, id_of};
pub use due::{Due, address, agenda, next_at};

/// How urgent it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Somebody has to act now, at any hour.
    Page,
    /// Somebody should act, when they work.
    Ticket,
}

/// Somebody who is told at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// The person's name.
    pub person: String,
    /// Why them.
    pub because: String,
}

/// What is wanted of a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Asks that somebody be told.
    Want {
        /// What it is about, such as `incident/INC-2026-0012`.
        about: String,
        /// How urgent it is.
        urgency: Urgency,
        /// The service whose escalation policy it climbs; the default one when left out.
        service: Option<String>,
        /// Whom alone it is for: then it climbs no policy.
        only: Option<Told>,
        /// The first line.
        subject: Text,
        /// The message.
        text: Text,
        /// The page to look at, from the server's root: `/incidents/INC-2026-0012`.
        link: Option<String>,
    },
    /// Goes to the next step, when it is time.
    Climb {},
    /// Is about to send it.
    Attempt {
        /// To whom.
        person: String,
        /// By which notification channel.
        channel: String,
        /// At which step.
        step: u32,
    },
    /// The channel took it.
    Deliver {
        /// The attempt's number.
        attempt: u32,
    },
    /// The channel did not take it.
    Fail {
        /// The attempt's number.
        attempt: u32,
        /// Why.
        why: String,
        /// Whether trying again is of no use.
        for_good: bool,
    },
    /// Somebody has seen it and acts.
    Acknowledge {},
}

/// What happened to a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Somebody must be told.
    Wanted {
        /// What it is about.
        about: String,
        /// How urgent it is.
        urgency: Urgency,
        /// The service whose escalation policy it climbs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        /// Whom alone it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<Told>,
        /// The first line.
        subject: Text,
        /// The message.
        text: Text,
        /// The page to look at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    },
    /// It reached a step; the first one is 0.
    Escalated {
        /// The step, counted through all repetitions.
        step: u32,
        /// Who is told.
        told: Vec<Told>,
        /// Whom the step names and nobody stands behind.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gaps: Vec<String>,
        /// When the next step comes, if nobody acknowledges.
        until: Timestamp,
    },
    /// It is about to be sent.
    Attempted {
        /// The attempt's number.
        attempt: u32,
        /// To whom.
        person: String,
        /// By which notification channel.
        channel: String,
        /// At which step.
        step: u32,
    },
    /// The channel took it.
    Delivered {
        /// The attempt's number.
        attempt: u32,
    },
    /// The channel did not take it.
    Failed {
        /// The attempt's number.
        attempt: u32,
        /// Why.
        why: String,
        /// Whether it is not tried again.
        for_good: bool,
    },
    /// Somebody has seen it and acts.
    Acknowledged {
        /// Who.
        person: String,
    },
    /// Every step has waited in vain.
    GivenUp {},
    /// A ticket has come to everybody whom it can reach.
    Settled {},
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Wanted { subject, text, .. } => vec![subject, text],
            Self::Escalated { .. }
            | Self::Attempted { .. }
            | Self::Delivered { .. }
            | Self::Failed { .. }
            | Self::Acknowledged { .. }
            | Self::GivenUp {}
            | Self::Settled {} => Vec::new(),
        }
    }
}

/// How far a notification has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It is on its way.
    Open,
    /// Somebody acts.
    Acknowledged,
    /// Nobody has answered.
    GivenUp,
    /// A ticket came where it had to come.
    Settled,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nobody knows yet.
    Open,
    /// The channel took it.
    Delivered,
    /// It did not, and it is tried again.
    Failed(String),
    /// It did not, and it is not tried again.
    Lost(String),
}

/// One attempt to send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// To whom.
    pub person: String,
    /// By which notification channel.
    pub channel: String,
    /// At which step.
    pub step: u32,
    /// When it began, or ended once it has.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
}

/// A step that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who is told.
    pub told: Vec<Told>,
    /// Whom it names and nobody stands behind.
    pub gaps: Vec<String>,
    /// When it was reached.
    pub at: Timestamp,
    /// When the next one comes.
    pub until: Timestamp,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub stage: Stage,
    /// What it is about.
    pub about: String,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The service whose escalation policy it climbs.
    pub service: Option<String>,
    /// Whom alone it is for.
    pub only: Option<Told>,
    /// The first line.
    pub subject: Text,
    /// The message.
    pub text: Text,
    /// The page to look at.
    pub link: Option<String>,
    /// When it was wanted.
    pub since: Timestamp,
    /// The steps that it has reached, in order.
    pub steps: Vec<Step>,
    /// The attempts, by their number.
    pub attempts: Vec<Attempt>,
    /// Who acts on it.
    pub acknowledged_by: Option<String>,
    /// When it reached its stage.
    pub at: Timestamp,
}

impl State {
    /// The state after an event.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        if let Event::Wanted { about, urgency, service, only, subject, text, link } = event {
            return Some(Self {
                stage: Stage::Open,
                about: about.clone(),
                urgency: *urgency,
                service: service.clone(),
                only: only.clone(),
                subject: subject.clone(),
                text: text.clone(),
                link: link.clone(),
                since: at,
                steps: Vec::new(),
                attempts: Vec::new(),
                acknowledged_by: None,
                at,
            });
        }
        let mut state = before?;
        match event {
            Event::Wanted { .. } => {}
            Event::Escalated { told, gaps, until, .. } => {
                let (told, gaps) = (told.clone(), gaps.clone());
                state.steps.push(Step { told, gaps, at, until: *until });
            }
            Event::Attempted { person, channel, step, .. } => state.attempts.push(Attempt {
                person: person.clone(),
                channel: channel.clone(),
                step: *step,
                at,
                outcome: Outcome::Open,
            }),
            Event::Delivered { attempt } => state.end(*attempt, Outcome::Delivered, at),
            Event::Failed { attempt, why, for_good: true } => {
                state.end(*attempt, Outcome::Lost(why.clone()), at);
            }
            Event::Failed { attempt, why, for_good: false } => {
                state.end(*attempt, Outcome::Failed(why.clone()), at);
            }
            Event::Acknowledged { person } => {
                state.acknowledged_by = Some(person.clone());
                (state.stage, state.at) = (Stage::Acknowledged, at);
            }
            Event::GivenUp {} => (state.stage, state.at) = (Stage::GivenUp, at),
            Event::Settled {} => (state.stage, state.at) = (Stage::Settled, at),
        }
        Some(state)
    }

    fn end(&mut self, attempt: u32, outcome: Outcome, at: Timestamp) {
        let index = usize::try_from(attempt).unwrap_or(usize::MAX);
        if let Some(found) = self.attempts.get_mut(index) {
            (found.outcome, found.at) = (outcome, at);
        }
    }

    /// Says whether it waits for somebody to act: pages only, also those that were given up.
    pub fn waits(&self) -> bool {
        self.urgency == Urgency::Page && matches!(self.stage, Stage::Open | Stage::GivenUp)
    }

    /// Says whether somebody was told at any step.
    pub fn told(&self, person: &str) -> bool {
        self.steps.iter().flat_map(|step| &step.told).any(|told| told.person == person)
    }
}
