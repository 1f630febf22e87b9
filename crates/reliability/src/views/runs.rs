//! Runs of runbooks as lists and pages show them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::kinds::Runbook;
use crate::record::runbook_run::{Attempt, Ending, Stage, State};

/// A run in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// The runbook's name.
    pub runbook: String,
    /// How far it has come.
    pub stage: Stage,
    /// Who runs it.
    pub person: PersonRef,
    /// The incident that it is run for.
    pub incident: Option<String>,
    /// When it began.
    pub begun: Timestamp,
    /// When it came to its end.
    pub ended: Option<Timestamp>,
    /// How many steps have passed.
    pub passed: u32,
    /// How many steps there are.
    pub steps: u32,
}

/// Everything about one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunDetail {
    /// Its line in lists.
    pub row: RunRow,
    /// What the steps are told; secrets are not among it.
    pub parameters: BTreeMap<String, String>,
    /// The step that comes next, from 0.
    pub next: u32,
    /// Whether the next step waits for a second person.
    pub waits_for_approval: bool,
    /// Who agreed to which step.
    pub approved: BTreeMap<u32, PersonRef>,
    /// Whether nobody knows how the last attempt ended.
    pub broken_off: bool,
    /// Whether the runbook's steps are still those with which it began.
    pub same_steps: bool,
    /// Everything that was tried, oldest first.
    pub attempts: Vec<StepAttemptRow>,
    /// Why it was given up.
    pub reason: Option<String>,
    /// The version of its stream, for commands that must not overwrite each other.
    pub version: u64,
}

/// One attempt at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepAttemptRow {
    /// The step, from 0.
    pub step: u32,
    /// What the step does, while the runbook still has it.
    pub title: Option<String>,
    /// By whom.
    pub person: PersonRef,
    /// When it was begun.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How it ended; nothing while nobody knows.
    pub ending: Option<Ending>,
    /// What it printed.
    pub output: Option<String>,
}

/// The runs of a runbook, the newest first.
pub fn runs_of(reading: &Reading<'_>, runbook: &str) -> Vec<RunRow> {
    let all = reading.record.runs.iter().filter(|(_, run)| run.runbook == runbook);
    let mut rows: Vec<_> = all.map(|(id, run)| row(reading, id, run)).collect();
    rows.sort_by(|left, right| (right.begun, &right.id).cmp(&(left.begun, &left.id)));
    rows
}

/// One run.
pub fn run(reading: &Reading<'_>, id: &str) -> Option<RunDetail> {
    let found = reading.record.runs.get(id)?;
    let spec = reading.model.get::<Runbook>(&found.runbook).map(|book| book.spec);
    let same = spec.filter(|spec| spec.digest() == found.digest);
    let step_at = |at: u32| same.and_then(|spec| spec.steps.get(usize::try_from(at).ok()?));
    let over = matches!(found.stage, Stage::Done | Stage::Abandoned);
    let marked = step_at(found.next).is_some_and(|step| step.approve);
    let stream = format!("runbook-run/{id}");
    let attempt = |attempt: &Attempt| StepAttemptRow {
        step: attempt.step,
        title: step_at(attempt.step).map(|step| step.title.clone()),
        person: PersonRef::of(reading.model, &attempt.person),
        started: attempt.started,
        ended: attempt.ended,
        ending: attempt.ending.clone(),
        output: attempt.output.as_ref().map(|text| reading.texts.read(&stream, text)),
    };
    let approved = found.approved.iter();
    Some(RunDetail {
        row: row(reading, id, found),
        parameters: found.parameters.clone(),
        next: found.next,
        waits_for_approval: marked && !over && !found.approved.contains_key(&found.next),
        approved: approved
            .map(|(step, person)| (*step, PersonRef::of(reading.model, person)))
            .collect(),
        broken_off: !over && found.under_way().is_some(),
        same_steps: same.is_some(),
        attempts: found.attempts.iter().map(attempt).collect(),
        reason: found.reason.as_ref().map(|text| reading.texts.read(&stream, text)),
        version: reading.record.version(&stream),
    })
}

fn row(reading: &Reading<'_>, id: &str, run: &State) -> RunRow {
    RunRow {
        id: id.to_owned(),
        runbook: run.runbook.clone(),
        stage: run.stage,
        person: PersonRef::of(reading.model, &run.person),
        incident: run.incident.clone(),
        begun: run.begun,
        ended: run.ended,
        passed: run.next,
        steps: run.steps,
    }
}
