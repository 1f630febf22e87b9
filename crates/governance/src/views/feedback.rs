//! What developers said about the platform.

use jiff::Timestamp;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::{PartyRef, Reading};

/// The feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FeedbackList {
    /// What waits for somebody, oldest first.
    pub open: Vec<FeedbackRow>,
    /// What was put away, newest first.
    pub closed: Vec<FeedbackRow>,
}

/// One piece of feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FeedbackRow {
    /// Its id.
    pub id: String,
    /// When it was given.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonRef,
    /// What was said.
    pub text: String,
    /// About what.
    pub about: Option<PartyRef>,
    /// The answer.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<PersonRef>,
}

/// Lists the feedback.
pub fn feedback(reading: &Reading<'_>) -> FeedbackList {
    let mut list = FeedbackList { open: Vec::new(), closed: Vec::new() };
    for (id, state) in &reading.record.feedback {
        let stream = format!("feedback/{id}");
        let read = |text| reading.texts.read(&stream, text);
        let row = FeedbackRow {
            id: id.clone(),
            at: state.at,
            by: reading.person(&state.by),
            text: read(&state.text),
            about: state.about.as_ref().map(|about| PartyRef::of(reading.model, about)),
            answer: state.answer.as_ref().map(|(_, _, text)| read(text)),
            answered_by: state.answer.as_ref().map(|(by, ..)| reading.person(by)),
        };
        if state.is_open() { list.open.push(row) } else { list.closed.push(row) }
    }
    list.open.sort_by(|left, right| (left.at, &left.id).cmp(&(right.at, &right.id)));
    list.closed.sort_by(|left, right| (right.at, &left.id).cmp(&(left.at, &right.id)));
    list
}
