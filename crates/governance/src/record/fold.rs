//! The fold over everything that governance records.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledger::{Entry, Fold};
use playbook::Model;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::perform::Event;
use super::{action, decision, feedback, question, ritual};
use crate::kinds::Decision;

/// The state of everything that governance records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Decisions by name.
    pub decisions: BTreeMap<String, decision::State>,
    /// Meetings by `<ritual>/<date>`.
    pub rituals: BTreeMap<String, ritual::State>,
    /// Actions by id.
    pub actions: BTreeMap<String, action::State>,
    /// Questions by name.
    pub questions: BTreeMap<String, question::State>,
    /// Feedback by id.
    pub feedback: BTreeMap<String, feedback::State>,
    /// The version of each stream, for appends that must not overwrite each other.
    pub versions: BTreeMap<String, u64>,
}

/// Nothing has ever been said about a decision that is not in the record.
static UNTOUCHED: std::sync::LazyLock<decision::State> =
    std::sync::LazyLock::new(decision::State::default);

impl State {
    /// What the record knows of a decision.
    pub fn decision(&self, name: &str) -> &decision::State {
        self.decisions.get(name).unwrap_or(&UNTOUCHED)
    }

    /// How far a decision has come: what the record says, and the file where the record is silent.
    pub fn decision_stage(&self, model: &Model, name: &str) -> decision::Stage {
        match self.decision(name).stage {
            decision::Stage::Draft => model
                .get::<Decision>(name)
                .map_or(decision::Stage::Draft, |file| (&file.file_status()).into()),
            stage => stage,
        }
    }

    /// The accepted decision that answers a question, if there is one.
    pub fn answer_of(&self, model: &Model, question: &str) -> Option<String> {
        let known = self.questions.get(question);
        if let Some((decision, _)) = known.and_then(|state| state.answered.as_ref()) {
            return Some(decision.clone());
        }
        let insufficient = known.map_or(&[][..], |state| &state.insufficient);
        let mut decisions = model.all::<Decision>();
        let answers = decisions.find(|decision| {
            decision.answers.iter().any(|answered| answered.name() == question)
                && !insufficient.iter().any(|name| name == decision.name())
                && self.decision_stage(model, decision.name()) == decision::Stage::Accepted
        });
        answers.map(|decision| decision.name().to_owned())
    }

    /// The version of a stream; 0 when nothing was ever written to it.
    pub fn version(&self, stream: &str) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    /// Takes in an event of a record, such as `decision/0001-x`.
    pub fn record(&mut self, id: &str, event: &Event, at: Timestamp) {
        let id = id.to_owned();
        match event {
            Event::Decision(event) => self.decisions.entry(id).or_default().apply(event, at),
            Event::Ritual(event) => self.rituals.entry(id).or_default().apply(event, at),
            Event::Question(event) => self.questions.entry(id).or_default().apply(event, at),
            Event::Action(event) => {
                let before = self.actions.remove(&id);
                if let Some(after) = action::State::apply(before, event, at) {
                    self.actions.insert(id, after);
                }
            }
            Event::Feedback(event) => {
                let before = self.feedback.remove(&id);
                if let Some(after) = feedback::State::apply(before, event, at) {
                    self.feedback.insert(id, after);
                }
            }
        }
    }
}

impl Fold for State {
    const NAME: &'static str = "governance";
    const VERSION: u32 = 2;

    fn apply(&mut self, entry: &Entry) {
        let Some(event) = read_event(entry) else { return };
        self.versions.insert(entry.stream.as_str().to_owned(), entry.version);
        self.record(entry.stream.id(), &event, entry.at);
    }
}

/// Reads the event of an entry; nothing when the entry is another room's, or of a later version.
fn read_event(entry: &Entry) -> Option<Event> {
    Some(match entry.stream.noun() {
        "decision" => Event::Decision(read(entry)?),
        "ritual" => Event::Ritual(read(entry)?),
        "action" => Event::Action(read(entry)?),
        "question" => Event::Question(read(entry)?),
        "feedback" => Event::Feedback(read(entry)?),
        _ => return None,
    })
}

/// Reads `decision.voted` and its body as the variant `voted`.
fn read<E: DeserializeOwned>(entry: &Entry) -> Option<E> {
    let (_, tag) = entry.kind.split_once('.')?;
    let plain = tag.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let json = format!("{{\"{tag}\":{}}}", entry.body.as_str());
    if plain { serde_json::from_str(&json).ok() } else { None }
}
