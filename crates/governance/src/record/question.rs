//! An open question: raised in the playbook or in the record, answered by a decision.
//!
//! Most questions stand in the playbook and need no event at all. The record holds those that came up
//! since, and that a question was closed by an accepted decision, or opened again.

use jiff::Timestamp;
use jiff::civil::Date;
use org::kinds::Seat;
use serde::{Deserialize, Serialize};

use super::decision::Stage as DecisionStage;
use super::{Facts, Refusal};
use crate::kinds::{Decision, Question};
use crate::text::Text;

/// What somebody wants to do about a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Raises one that the playbook does not have yet.
    Raise {
        /// The question.
        title: Text,
        /// The seat that brings it to an answer.
        owner: Option<String>,
        /// By when.
        due: Option<Date>,
    },
    /// Closes it with the decision that answers it.
    Answer {
        /// The decision's name.
        decision: String,
    },
    /// Opens it again.
    Reopen {
        /// Why.
        reason: Text,
    },
}

/// What happened to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It came up.
    Raised {
        /// The question.
        title: Text,
        /// Its owner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<String>,
        /// By when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Date>,
    },
    /// A decision answered it.
    Answered {
        /// The decision's name.
        decision: String,
    },
    /// It is open again.
    Reopened {
        /// Why.
        reason: Text,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Raised { title: text, .. } | Self::Reopened { reason: text } => vec![text],
            Self::Answered { .. } => Vec::new(),
        }
    }
}

/// What the record knows of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The question, when it was raised here and not in the playbook.
    pub title: Option<Text>,
    /// Its owner.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Date>,
    /// When it was raised here.
    pub raised_at: Option<Timestamp>,
    /// The decision that answered it, and when.
    pub answered: Option<(String, Timestamp)>,
    /// The decisions whose answers were not enough, because it was opened again after them.
    pub insufficient: Vec<String>,
    /// Why it was opened again.
    pub reopened: Option<Text>,
}

impl State {
    /// Takes in what happened.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Raised { title, owner, due } => {
                self.title = Some(title.clone());
                self.owner.clone_from(owner);
                self.due = *due;
                self.raised_at = Some(at);
            }
            Event::Answered { decision } => {
                self.answered = Some((decision.clone(), at));
                self.insufficient.retain(|name| name != decision);
            }
            Event::Reopened { reason } => {
                self.insufficient.extend(self.answered.take().map(|(decision, _)| decision));
                self.reopened = Some(reason.clone());
            }
        }
    }
}

/// Carries out a command about the question `name`, or says why not.
///
/// # Errors
/// Refuses what the state or the actor does not allow.
pub fn decide(
    state: &State,
    name: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    facts.actor_works_here()?;
    let declared = facts.model.get::<Question>(name);
    let exists = declared.is_some() || state.raised_at.is_some();
    match command {
        Command::Raise { .. } if exists => {
            Err(Refusal::new("question-exists", format!("there is a question `{name}` already"))
                .passes_if("the new one gets another name"))
        }
        Command::Raise { title, .. } if title.is_blank() => {
            Err(Refusal::new("no-title", "the question is empty").passes_if("it has a text"))
        }
        Command::Raise { owner: Some(owner), .. } if facts.model.get::<Seat>(owner).is_none() => {
            Err(Refusal::new("no-owner", format!("there is no seat `{owner}`"))
                .passes_if("the owner is a seat of the playbook"))
        }
        Command::Raise { title, owner, due } => {
            let (title, owner) = (title.clone(), owner.clone());
            Ok(vec![Event::Raised { title, owner, due: *due }])
        }
        Command::Answer { .. } | Command::Reopen { .. } if !exists => {
            Err(Refusal::new("no-question", format!("there is no question `{name}`"))
                .passes_if("it is raised first"))
        }
        Command::Answer { decision } => answer(state, name, decision, facts),
        Command::Reopen { reason } if reason.is_blank() => {
            Err(Refusal::new("no-reason", "opening a question again needs a reason")
                .passes_if("it says what the answer leaves open"))
        }
        Command::Reopen { reason } => {
            facts.actor_has_a_say(None)?;
            if facts.record.answer_of(facts.model, name).is_none() {
                return Err(Refusal::new("question-open", "the question is open")
                    .passes_if("it was answered before"));
            }
            // The answer may have come from a file alone; it is named so that it no longer counts.
            let answered = facts.record.answer_of(facts.model, name);
            let known = state.answered.is_some();
            let note = answered.filter(|_| !known).map(|decision| Event::Answered { decision });
            Ok(note.into_iter().chain([Event::Reopened { reason: reason.clone() }]).collect())
        }
    }
}

fn answer(
    state: &State,
    name: &str,
    decision: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Some((by, _)) = &state.answered {
        return Err(Refusal::new(
            "question-closed",
            format!("`decision/{by}` answered it already"),
        )
        .passes_if("it is opened again first"));
    }
    let Some(found) = facts.model.get::<Decision>(decision) else {
        return Err(Refusal::new("no-decision", format!("there is no decision `{decision}`"))
            .passes_if("its file is in the playbook"));
    };
    if !found.answers.iter().any(|question| question.name() == name) {
        let reason = format!("`decision/{decision}` does not say that it answers this question");
        return Err(Refusal::new("not-answering", reason)
            .passes_if(format!("its front matter has `answers: [{name}]`")));
    }
    let stage = facts.record.decision_stage(facts.model, decision);
    if stage != DecisionStage::Accepted {
        let reason = format!("`decision/{decision}` is {}", stage.word());
        return Err(Refusal::new("not-in-force", reason).passes_if("it is accepted"));
    }
    Ok(vec![Event::Answered { decision: decision.to_owned() }])
}
