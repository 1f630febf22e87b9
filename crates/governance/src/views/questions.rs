//! Open questions as a backlog.

use jiff::civil::Date;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::decisions::title;
use super::{PartyRef, Reading};
use crate::kinds::{Decision, Question};

/// The questions, open and answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QuestionList {
    /// Open ones, by due date.
    pub open: Vec<QuestionRow>,
    /// Answered ones, by name.
    pub answered: Vec<QuestionRow>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QuestionRow {
    /// Its name.
    pub name: String,
    /// The question.
    pub title: String,
    /// The seat that brings it to an answer.
    pub owner: Option<PartyRef>,
    /// Who answers for that seat today.
    pub person: Option<PersonRef>,
    /// When it came up.
    pub raised: Option<Date>,
    /// By when it should be answered.
    pub due: Option<Date>,
    /// Whether that day has passed and it is still open.
    pub overdue: bool,
    /// The answers that are thinkable.
    pub options: Vec<String>,
    /// What one must know.
    pub context: Option<String>,
    /// The accepted decision that answers it.
    pub answer: Option<PartyRef>,
    /// Decisions that would answer it once they are accepted.
    pub proposals: Vec<PartyRef>,
    /// Whether it stands in the playbook or only in the record.
    pub declared: bool,
    /// What is open about the question itself.
    pub gap: Option<String>,
    /// Its place in the backlog.
    pub order: Option<u32>,
}

/// Lists the backlog.
pub fn questions(reading: &Reading<'_>) -> QuestionList {
    let declared = reading.model.all::<Question>();
    let mut names: std::collections::BTreeSet<String> =
        declared.map(|question| question.name().to_owned()).collect();
    let raised = reading.record.questions.iter().filter(|(_, state)| state.title.is_some());
    names.extend(raised.map(|(name, _)| name.clone()));
    let rows = names.iter().map(|name| row(reading, name));
    let (mut open, answered): (Vec<_>, Vec<_>) = rows.partition(|row| row.answer.is_none());
    open.sort_by_key(|row| {
        let due = row.due.unwrap_or(Date::MAX);
        (due, row.order.unwrap_or(u32::MAX), row.name.clone())
    });
    QuestionList { open, answered }
}

fn row(reading: &Reading<'_>, name: &str) -> QuestionRow {
    let declared = reading.model.get::<Question>(name);
    let state = reading.record.questions.get(name);
    let spec = declared.map(|question| question.spec);
    let owner = spec.and_then(|spec| spec.owner.as_ref().map(|seat| seat.name().to_owned()));
    let owner = owner.or_else(|| state.and_then(|state| state.owner.clone()));
    let due = spec.and_then(|spec| spec.due.as_ref().map(|day| day.value));
    let due = due.or_else(|| state.and_then(|state| state.due));
    let raised = spec.and_then(|spec| spec.raised.as_ref().map(|day| day.value));
    let recorded = state.and_then(|state| state.raised_at).map(|at| reading.day(at));
    let text = state.and_then(|state| state.title.as_ref());
    let spoken = text.map(|text| reading.texts.read(&format!("question/{name}"), text));
    let answer = reading.record.answer_of(reading.model, name);
    let duty = owner
        .as_ref()
        .map(|seat| org::Roster::new(reading.model, reading.today()).duty("seat", seat));
    let link = |decision: &str| PartyRef {
        reference: format!("decision/{decision}"),
        title: reading.model.get::<Decision>(decision).map_or_else(|| decision.to_owned(), title),
    };
    let proposals = reading.model.all::<Decision>().filter(|decision| {
        let stage = reading.record.decision_stage(reading.model, decision.name());
        decision.answers.iter().any(|question| question.name() == name)
            && (stage.is_open() || stage == crate::record::decision::Stage::Draft)
    });
    QuestionRow {
        name: name.to_owned(),
        title: declared
            .map(|question| question.title().to_owned())
            .or(spoken)
            .unwrap_or_else(|| name.to_owned()),
        gap: gap(owner.as_deref(), due),
        owner: owner.map(|seat| PartyRef::of(reading.model, &format!("seat/{seat}"))),
        person: duty.and_then(|duty| duty.person).map(|person| reading.person(&person)),
        raised: raised.or(recorded),
        overdue: answer.is_none() && due.is_some_and(|due| due < reading.today()),
        due,
        options: spec.map_or_else(Vec::new, |spec| spec.options.clone()),
        context: spec.and_then(|spec| spec.context.clone()),
        proposals: proposals.map(|decision| link(decision.name())).collect(),
        answer: answer.as_deref().map(link),
        declared: declared.is_some(),
        order: spec.and_then(|spec| spec.order),
    }
}

fn gap(owner: Option<&str>, due: Option<Date>) -> Option<String> {
    match (owner, due) {
        (Some(_), Some(_)) => None,
        (None, Some(_)) => Some("no owner".to_owned()),
        (Some(_), None) => Some("no due date".to_owned()),
        (None, None) => Some("no owner and no due date".to_owned()),
    }
}
