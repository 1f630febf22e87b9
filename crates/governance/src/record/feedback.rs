//! Feedback of developers about the platform, until somebody has answered it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Facts, Refusal};
use crate::text::Text;

/// What somebody wants to do about feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Says something about the platform.
    Give {
        /// What.
        text: Text,
        /// What it is about, as a reference or a word.
        about: Option<String>,
    },
    /// Answers it.
    Answer {
        /// The answer.
        text: Text,
    },
    /// Puts it away.
    Close {},
}

/// What happened to feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was given.
    Given {
        /// Who.
        by: String,
        /// What.
        text: Text,
        /// About what.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
    },
    /// It was answered.
    Answered {
        /// Who.
        by: String,
        /// What.
        text: Text,
    },
    /// It was put away.
    Closed {
        /// Who.
        by: String,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Given { text, .. } | Self::Answered { text, .. } => vec![text],
            Self::Closed { .. } => Vec::new(),
        }
    }
}

/// One piece of feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// When it was given.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What was said.
    pub text: Text,
    /// About what.
    pub about: Option<String>,
    /// The answer, by whom and when.
    pub answer: Option<(String, Timestamp, Text)>,
    /// When it was put away.
    pub closed_at: Option<Timestamp>,
}

impl State {
    /// The state after an event; nothing comes before it was given.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        match event {
            Event::Given { by, text, about } => Some(Self {
                at,
                by: by.clone(),
                text: text.clone(),
                about: about.clone(),
                answer: None,
                closed_at: None,
            }),
            Event::Answered { by, text } => {
                before.map(|state| Self { answer: Some((by.clone(), at, text.clone())), ..state })
            }
            Event::Closed { .. } => before.map(|state| Self { closed_at: Some(at), ..state }),
        }
    }

    /// Says whether it still waits for somebody.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
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
    let by = facts.actor.to_owned();
    facts.actor_works_here()?;
    match (command, state) {
        (Command::Give { .. }, Some(_)) => {
            Err(Refusal::new("feedback-exists", "feedback with this id exists already")
                .passes_if("it gets a new id"))
        }
        (Command::Give { text, .. } | Command::Answer { text }, _) if text.is_blank() => {
            Err(Refusal::new("no-text", "there is nothing said").passes_if("it has a text"))
        }
        (Command::Give { text, about }, None) => {
            Ok(vec![Event::Given { by, text: text.clone(), about: about.clone() }])
        }
        (Command::Answer { .. } | Command::Close {}, None) => {
            Err(Refusal::new("no-feedback", "there is no such feedback")
                .passes_if("its id is one that was given"))
        }
        (Command::Answer { .. } | Command::Close {}, Some(state)) if !state.is_open() => {
            Err(Refusal::new("feedback-closed", "it was put away already")
                .passes_if("it is given again"))
        }
        (Command::Answer { text }, Some(_)) => {
            facts.actor_has_a_say(None)?;
            Ok(vec![Event::Answered { by, text: text.clone() }])
        }
        (Command::Close {}, Some(state)) => {
            facts.actor_has_a_say(Some(&format!("person/{}", state.by)))?;
            Ok(vec![Event::Closed { by }])
        }
    }
}
