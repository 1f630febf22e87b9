//! Decisions as a list: how far each has come, why, and until when.

use jiff::Timestamp;
use jiff::civil::Date;
use org::views::PersonRef;
use playbook::{Model, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use super::{PartyRef, Reading};
use crate::kinds::{Decision, DecisionType};
use crate::record::decision::{Outcome, Stage, Verdict, verdict};

/// All decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DecisionList {
    /// Open ones first, the most urgent at the top; then the others, newest first.
    pub rows: Vec<DecisionRow>,
}

/// One decision in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DecisionRow {
    /// Its name, such as `0012-log-stack`.
    pub name: String,
    /// Its number, such as `0012`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// How far it has come.
    pub stage: Stage,
    /// What follows from the votes.
    pub outcome: Outcome,
    /// Why; the first reason is the one to show.
    pub reasons: Vec<String>,
    /// The decision type.
    pub decision_type: Option<PartyRef>,
    /// Who proposes it.
    pub author: Option<PersonRef>,
    /// The day that the file says.
    pub date: Option<Date>,
    /// When time alone changes its verdict.
    pub deadline: Option<Timestamp>,
    /// When the council looks at it again.
    pub review_by: Option<Date>,
    /// Whether that day has passed while it is in force.
    pub review_is_due: bool,
    /// The decisions that it replaces.
    pub supersedes: Vec<PartyRef>,
    /// The decision that replaces it.
    pub superseded_by: Option<PartyRef>,
    /// Where file and record say different things, and what to do about it.
    pub mismatch: Option<String>,
}

/// Lists all decisions.
pub fn decisions(reading: &Reading<'_>) -> DecisionList {
    let mut rows: Vec<_> =
        reading.model.all::<Decision>().map(|decision| decision_row(reading, decision)).collect();
    rows.sort_by(|left, right| {
        let open = |row: &DecisionRow| !(row.stage.is_open() || row.stage == Stage::Draft);
        let urgency = |row: &DecisionRow| row.deadline.unwrap_or(Timestamp::MAX);
        (open(left), urgency(left))
            .cmp(&(open(right), urgency(right)))
            .then_with(|| right.name.cmp(&left.name))
    });
    DecisionList { rows }
}

/// Finds a decision by name, file number (`12`, `0012`) or the beginning of its name.
pub fn find_decision<'m>(model: &'m Model, text: &str) -> Option<Typed<'m, Decision>> {
    let text = text.strip_prefix("decision/").unwrap_or(text);
    let exact = model.get::<Decision>(text);
    let number: Option<u64> = text.parse().ok();
    let fits = |decision: &Typed<'_, Decision>| match number {
        Some(number) => self::number(decision.name()).parse() == Ok(number),
        None => decision.name().strip_prefix(text).is_some_and(|rest| rest.starts_with('-')),
    };
    exact.or_else(|| {
        let mut found = model.all::<Decision>().filter(fits);
        let first = found.next();
        first.filter(|_| found.next().is_none())
    })
}

/// The digits in front of a decision's name.
pub(crate) fn number(name: &str) -> &str {
    name.split('-').next().unwrap_or(name)
}

/// The title of a decision: its heading, or its name.
pub(crate) fn title(decision: Typed<'_, Decision>) -> String {
    decision.madr.title.clone().unwrap_or_else(|| decision.title().to_owned())
}

/// One decision as a row.
pub fn decision_row(reading: &Reading<'_>, decision: Typed<'_, Decision>) -> DecisionRow {
    let name = decision.name();
    let state = reading.record.decision(name);
    let judged = verdict(state, Some(decision.spec), reading.model, reading.now);
    let stage = reading.record.decision_stage(reading.model, name);
    let proposal = state.proposal.as_ref();
    let author = proposal.map(|it| it.author.as_str());
    let author = author.or_else(|| decision.spec.author.as_ref().map(|it| it.name()));
    let kind = proposal.map(|proposal| proposal.decision_type.as_str());
    let kind = kind.or_else(|| decision.spec.decision_type.as_ref().map(|it| it.name()));
    let review_by = decision.review_by.as_ref().map(|day| day.value);
    let linked = |name: &str| PartyRef {
        reference: format!("decision/{name}"),
        title: find_decision(reading.model, name).map_or_else(|| name.to_owned(), title),
    };
    let successor = state.successor.clone();
    let successor = successor.or_else(|| decision.successor().map(|(name, _)| name));
    DecisionRow {
        name: name.to_owned(),
        number: number(name).to_owned(),
        title: title(decision),
        stage,
        outcome: if state.stage == Stage::Draft && stage != Stage::Draft {
            file_outcome(stage)
        } else {
            judged.outcome
        },
        reasons: reasons(&judged, state.stage, stage),
        decision_type: kind.map(|kind| type_ref(reading.model, kind)),
        author: author.map(|author| reading.person(author)),
        date: decision.date.as_ref().map(|date| date.value),
        deadline: judged.next_change_at,
        review_is_due: stage == Stage::Accepted
            && review_by.is_some_and(|day| day < reading.today()),
        review_by,
        supersedes: decision.spec.supersedes.iter().map(|old| linked(old.name())).collect(),
        superseded_by: successor.map(|name| linked(&name)),
        mismatch: mismatch(decision, state.stage),
    }
}

/// The type as people say it: "Type B: Architecture & Platform".
pub(crate) fn type_ref(model: &Model, name: &str) -> PartyRef {
    let found = model.get::<DecisionType>(name);
    let title = found.map_or_else(|| name.to_owned(), |found| found.label(found.title()));
    PartyRef { reference: format!("decision-type/{name}"), title }
}

fn file_outcome(stage: Stage) -> Outcome {
    if stage.is_open() { Outcome::NotProposed } else { Outcome::Closed }
}

fn reasons(judged: &Verdict, recorded: Stage, stage: Stage) -> Vec<String> {
    if recorded != Stage::Draft || stage == Stage::Draft {
        return judged.reasons.clone();
    }
    if stage.is_open() {
        return vec![format!(
            "its file says {}, and nobody has put it to the council yet",
            stage.word()
        )];
    }
    vec![format!("its file says {}; the votes are not in this record", stage.word())]
}

/// Where the file and the record say different things. The record is what happened; the file follows.
fn mismatch(decision: Typed<'_, Decision>, recorded: Stage) -> Option<String> {
    let file = Stage::from(&decision.file_status());
    let settled = |stage: Stage| !stage.is_open() && stage != Stage::Draft;
    if recorded == Stage::Draft || file == recorded || !(settled(file) || settled(recorded)) {
        return None;
    }
    let (file, recorded) = (file.word(), recorded.word());
    let path = &decision.resource.place.file;
    Some(format!(
        "the record says {recorded}, the file says {file}: write `status: {recorded}` into `{path}`"
    ))
}
