//! The one door: any command of governance, carried out with everything that follows from it.

use jiff::civil::Date;
use ledger::Draft;
use serde::{Deserialize, Serialize};

use super::decision::Stage;
use super::{Facts, Refusal, action, decision, feedback, question, ritual};
use crate::kinds::Decision;
use crate::text::Text;

/// A command with the record that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// About a decision.
    Decision {
        /// The decision's name.
        name: String,
        /// What to do.
        command: decision::Command,
    },
    /// About a meeting.
    Ritual {
        /// The ritual's name.
        name: String,
        /// The day of the meeting.
        date: Date,
        /// What to do.
        command: ritual::Command,
    },
    /// About an action.
    Action {
        /// The action's id, chosen by the caller.
        id: String,
        /// What to do.
        command: action::Command,
    },
    /// About a question.
    Question {
        /// The question's name.
        name: String,
        /// What to do.
        command: question::Command,
    },
    /// About feedback.
    Feedback {
        /// Its id, chosen by the caller.
        id: String,
        /// What to do.
        command: feedback::Command,
    },
}

impl Command {
    /// The stream that the command writes to.
    pub fn stream(&self) -> String {
        match self {
            Self::Decision { name, .. } => format!("decision/{name}"),
            Self::Ritual { name, date, .. } => format!("ritual/{name}/{date}"),
            Self::Action { id, .. } => format!("action/{id}"),
            Self::Question { name, .. } => format!("question/{name}"),
            Self::Feedback { id, .. } => format!("feedback/{id}"),
        }
    }
}

/// An event of any of the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Of a decision.
    Decision(decision::Event),
    /// Of a meeting.
    Ritual(ritual::Event),
    /// Of an action.
    Action(action::Event),
    /// Of a question.
    Question(question::Event),
    /// Of feedback.
    Feedback(feedback::Event),
}

/// An event and the stream that it is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Such as `decision/0012-log-stack`.
    pub stream: String,
    /// What happened.
    pub event: Event,
}

impl Recorded {
    /// The texts that must be sealed under the stream's key before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match &mut self.event {
            Event::Decision(event) => event.texts(),
            Event::Ritual(event) => event.texts(),
            Event::Action(event) => event.texts(),
            Event::Question(event) => event.texts(),
            Event::Feedback(event) => event.texts(),
        }
    }

    /// Drafts the ledger's entry: the kind is the noun and the variant, `decision.voted`.
    ///
    /// # Errors
    /// When the stream's name cannot stand in a ledger, because of a strange id.
    pub fn draft(&self, actor: &str) -> Result<Draft, ledger::InvalidName> {
        let stream = ledger::Stream::new(&self.stream)?;
        let event = match &self.event {
            Event::Decision(event) => serde_json::to_value(event),
            Event::Ritual(event) => serde_json::to_value(event),
            Event::Action(event) => serde_json::to_value(event),
            Event::Question(event) => serde_json::to_value(event),
            Event::Feedback(event) => serde_json::to_value(event),
        };
        let event = event.expect("BUG: events have string keys only");
        let tagged = event.as_object().and_then(|object| object.iter().next());
        let (tag, body) = tagged.expect("BUG: every variant of an event has fields");
        let kind = format!("{}.{tag}", stream.noun());
        Ok(Draft::new(stream, kind, actor, body.clone()))
    }
}

/// Carries out a command, with everything that follows: an accepted decision supersedes those it
/// names and closes the questions that it answers.
///
/// # Errors
/// Refuses what the state, the actor or the playbook does not allow.
pub fn decide(command: &Command, facts: &Facts<'_>) -> Result<Vec<Recorded>, Refusal> {
    let record = facts.record;
    let events: Vec<Event> = match command {
        Command::Decision { name, command } => {
            wrap(decision::decide(record.decision(name), name, command, facts)?, Event::Decision)
        }
        Command::Ritual { name, date, command } => {
            let known = record.rituals.get(&format!("{name}/{date}")).cloned().unwrap_or_default();
            wrap(ritual::decide(&known, (name, *date), command, facts)?, Event::Ritual)
        }
        Command::Action { id, command } => {
            wrap(action::decide(record.actions.get(id), command, facts)?, Event::Action)
        }
        Command::Question { name, command } => {
            let known = record.questions.get(name).cloned().unwrap_or_default();
            wrap(question::decide(&known, name, command, facts)?, Event::Question)
        }
        Command::Feedback { id, command } => {
            wrap(feedback::decide(record.feedback.get(id), command, facts)?, Event::Feedback)
        }
    };
    let stream = command.stream();
    let mut recorded: Vec<Recorded> =
        events.into_iter().map(|event| Recorded { stream: stream.clone(), event }).collect();
    if let Command::Decision { name, .. } = command {
        let accepted = recorded
            .iter()
            .any(|one| matches!(one.event, Event::Decision(decision::Event::Accepted { .. })));
        if accepted {
            recorded.extend(follow(name, facts));
        }
    }
    Ok(recorded)
}

fn wrap<E>(events: Vec<E>, into: fn(E) -> Event) -> Vec<Event> {
    events.into_iter().map(into).collect()
}

/// What follows from the acceptance of a decision.
fn follow(name: &str, facts: &Facts<'_>) -> Vec<Recorded> {
    let Some(accepted) = facts.model.get::<Decision>(name) else { return Vec::new() };
    let in_force = |old: &str| facts.record.decision_stage(facts.model, old) == Stage::Accepted;
    let superseded = accepted.spec.supersedes.iter().map(|old| old.name());
    let superseded = superseded.filter(|old| in_force(old)).map(|old| Recorded {
        stream: format!("decision/{old}"),
        event: Event::Decision(decision::Event::Superseded { by: name.to_owned() }),
    });
    let answered = accepted.spec.answers.iter().map(|question| question.name());
    let answered = answered
        .filter(|question| facts.record.answer_of(facts.model, question).is_none())
        .map(|question| Recorded {
            stream: format!("question/{question}"),
            event: Event::Question(question::Event::Answered { decision: name.to_owned() }),
        });
    superseded.chain(answered).collect()
}
