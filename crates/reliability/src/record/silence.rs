//! Silences: who keeps which alerts quiet, until when, and why.
//!
//! A silence has an owner who works here, an end within the playbook's limit, and a reason. One that matches nothing for a day
//! ends by itself: what it was for is over, and the next alert that it would hide is another one.

use governance::{Refusal, Text};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Actor, Facts};
use crate::alerts::{Compiled, MAX_SILENCES, Matcher, Routing};

/// What a silence says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What it matches; all have to hold.
    pub matchers: Vec<Matcher>,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Why.
    pub comment: Text,
}

/// What somebody wants to do about a silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Keeps alerts quiet.
    Create(Terms),
    /// Says something else about it.
    Change(Terms),
    /// Ends it.
    Expire {},
}

/// What happened to a silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was made.
    Created {
        /// What it says.
        terms: Terms,
        /// Whose it is.
        person: String,
    },
    /// It says something else.
    Changed {
        /// What it says.
        terms: Terms,
        /// By whom.
        person: String,
    },
    /// It was ended.
    Expired {
        /// By whom; nobody when it ended because it matched nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<String>,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Created { terms, .. } | Self::Changed { terms, .. } => vec![&mut terms.comment],
            Self::Expired { .. } => Vec::new(),
        }
    }
}

/// How a silence stands at a moment.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "SilenceStage")]
pub enum Stage {
    /// It keeps alerts quiet.
    Active,
    /// It will.
    Pending,
    /// It did.
    Expired,
}

/// One silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What it says.
    pub terms: Terms,
    /// Whose it is.
    pub person: String,
    /// When it was changed last.
    pub at: Timestamp,
    /// When it was ended before its time, and by whom.
    pub expired: Option<(Timestamp, Option<String>)>,
}

impl State {
    /// The state after an event.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        match event {
            Event::Created { terms, person } => {
                Some(Self { terms: terms.clone(), person: person.clone(), at, expired: None })
            }
            Event::Changed { terms, .. } => {
                before.map(|state| Self { terms: terms.clone(), at, ..state })
            }
            Event::Expired { person } => {
                before.map(|state| Self { expired: Some((at, person.clone())), at, ..state })
            }
        }
    }

    /// How it stands at a moment.
    pub fn stage(&self, now: Timestamp) -> Stage {
        if self.expired.is_some() || self.terms.ends_at <= now {
            Stage::Expired
        } else if self.terms.starts_at > now {
            Stage::Pending
        } else {
            Stage::Active
        }
    }

    /// Says whether it keeps alerts quiet.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.stage(now) == Stage::Active
    }
}

/// Carries out a command about the silence `id`, or says why not.
///
/// # Errors
/// Refuses what would match everything, last too long, or change what is over.
pub fn decide(
    state: Option<&State>,
    id: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let missing = || {
        Refusal::new("no-silence", format!("there is no silence `{id}` that could be changed"))
            .passes_if("it is one of `council silence list`")
    };
    match command {
        Command::Create(terms) => {
            let person = facts.person()?.to_owned();
            if state.is_some() {
                return Err(Refusal::new(
                    "silence-exists",
                    format!("there is a silence `{id}` already"),
                )
                .passes_if("the new one gets a new id"));
            }
            let open = facts.record.silences.values();
            let open = open.filter(|silence| silence.stage(facts.now) != Stage::Expired).count();
            if open >= MAX_SILENCES {
                return Err(Refusal::new(
                    "too-many-silences",
                    format!("there are {open} silences"),
                )
                .passes_if("others end first"));
            }
            let terms = checked(terms, facts)?;
            Ok(vec![Event::Created { terms, person }])
        }
        Command::Change(terms) => {
            let person = facts.person()?.to_owned();
            let state = state.filter(|state| state.stage(facts.now) != Stage::Expired);
            state.ok_or_else(missing)?;
            Ok(vec![Event::Changed { terms: checked(terms, facts)?, person }])
        }
        Command::Expire {} => {
            let state = state.filter(|state| state.stage(facts.now) != Stage::Expired);
            let state = state.ok_or_else(missing)?;
            let person = match facts.actor {
                Actor::Person(_) => Some(facts.person()?.to_owned()),
                Actor::Council if is_idle(state, id, facts) => None,
                Actor::Council => {
                    return Err(Refusal::new("not-idle", "it still matches something")
                        .passes_if("it has matched nothing for long enough"));
                }
            };
            Ok(vec![Event::Expired { person }])
        }
    }
}

/// Says whether a silence has matched nothing for so long that it ends by itself.
pub fn is_idle(state: &State, id: &str, facts: &Facts<'_>) -> bool {
    let alerts = &facts.record.alerts;
    let mut active = alerts.active.values();
    let used = active.any(|alert| alert.held.silenced_by.iter().any(|by| by == id));
    let last = alerts.silenced.get(id).copied().unwrap_or(state.at);
    let last = last.max(state.at).max(state.terms.starts_at);
    state.is_active(facts.now)
        && !used
        && facts.now.duration_since(last) >= Routing::of(facts.model).idle_silence()
}

fn checked(terms: &Terms, facts: &Facts<'_>) -> Result<Terms, Refusal> {
    let bad = |reason: String| Refusal::new("wrong-silence", reason);
    let compiled = Compiled::of(&terms.matchers).map_err(|problem| {
        bad(format!("a regular expression cannot be read: {problem}")).passes_if("it is mended")
    })?;
    if terms.matchers.is_empty() || compiled.matches_everything() {
        return Err(bad("it would match every alert".to_owned())
            .passes_if("one matcher asks for a label with a value"));
    }
    let starts_at = terms.starts_at.max(facts.now);
    if terms.ends_at <= starts_at {
        return Err(bad("it would end before it begins".to_owned()).passes_if("its end is ahead"));
    }
    let longest = Routing::of(facts.model).longest_silence();
    if terms.ends_at.duration_since(starts_at) > longest {
        let hours = longest.as_hours();
        return Err(bad(format!("it would last longer than {hours} hours"))
            .passes_if(format!("it ends within {hours} hours; it can be renewed")));
    }
    if terms.comment == Text::Plain(String::new()) {
        return Err(bad("nobody would know why".to_owned()).passes_if("it says why"));
    }
    Ok(Terms { starts_at, ..terms.clone() })
}
