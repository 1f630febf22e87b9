//! Deadlines: writes down what time has brought, such as lazy consensus, the end of a consultation, and the end of a
//! decision whose review date passed.
//!
//! A verdict knows when it changes next; the worker sleeps until the earliest such moment. What it appends
//! follows from the record alone, so that it may run late or twice: the second time there is nothing due.

use std::time::Duration;

use gitops::record::{Command as Changing, change};
use governance::Text;
use governance::kinds::Decision;
use governance::record::decision::{Command, Stage, verdict};
use governance::record::{Command as Any, action};
use jiff::Timestamp;
use playbook::Typed;

use super::runner::{Failure, Turn, Worker};
use crate::limits::CLOCK_POLL;
use crate::{AppState, Lens};

/// The worker.
pub(crate) struct Deadlines;

impl Worker for Deadlines {
    const NAME: &'static str = "deadlines";
    const PURPOSE: &'static str =
        "Writes down what time has brought to decisions, changes and actions.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let lens = state.lens();
        let open = open_decisions(&lens).map(|(name, _)| (name, Command::Settle {}));
        let due = overdue(&lens).map(|name| (name, Command::Expire {}));
        let commands: Vec<(String, Command)> = open.chain(due).collect();
        let mut settled = Vec::new();
        // Whether something is due is for the procedure to say; asking it is cheap, and nothing due is its usual answer.
        for (name, command) in commands {
            let command = Any::Decision { name: name.clone(), command };
            match state.perform_itself(command) {
                Ok(performed) => settled.push(format!("{name}: {}", performed.happened.join(", "))),
                Err(problem) => tracing::trace!(name, detail = problem.detail(), "not settled"),
            }
        }
        settled.extend(changes(state));
        settled.extend(actions(state, &lens));
        let now = state.clock().now();
        let next =
            open_decisions(&state.lens()).filter_map(|(_, at)| at).filter(|at| *at > now).min();
        let note = match (settled.is_empty(), next) {
            (false, _) => settled.join("; "),
            (true, Some(next)) => format!("the next deadline is {next}"),
            (true, None) => "no deadline is running".to_owned(),
        };
        Ok(Turn { note, next: pause(next, now) })
    }
}

/// Approvals of changes run out, and those who gave them leave.
fn changes(state: &AppState) -> Vec<String> {
    let record = state.record();
    let waits = |stage| matches!(stage, change::Stage::AwaitingApproval | change::Stage::Approved);
    let open = record.state.changes.changes.iter().filter(|(_, change)| waits(change.stage));
    let settle = |(id, _): (&String, &change::State)| {
        let (id, command) = (id.clone(), change::Command::Settle {});
        let done = state.perform_itself(Changing::Change { id: id.clone(), command }).ok()?;
        Some(format!("{id}: {}", done.happened.join(", ")))
    };
    open.filter_map(settle).collect()
}

/// An action that came of an incident is done when the change that carries it out was seen to have taken effect: nobody
/// has to say so a second time.
fn actions(state: &AppState, lens: &Lens) -> Vec<String> {
    let (record, changes) = (&lens.record.state, &lens.record.state.changes.changes);
    let verified =
        |id: &str| changes.get(id).is_some_and(|change| change.stage == change::Stage::Done);
    let open = |id: &str| {
        record.council.actions.get(id).is_some_and(|action| action.stage == action::Stage::Open)
    };
    let linked = record.reliability.postmortems.values().flat_map(|found| &found.changes);
    let close = |(id, change): (&String, &String)| {
        let note = Some(Text::Plain(format!("`change/{change}` was carried out and seen.")));
        let command = Any::Action { id: id.clone(), command: action::Command::Done { note } };
        let done = state.perform_itself(command).ok()?;
        Some(format!("{id}: {}", done.happened.join(", ")))
    };
    linked.filter(|(id, change)| open(id) && verified(change)).filter_map(close).collect()
}

/// The decisions that are open, with the moment at which each changes by itself.
fn open_decisions(lens: &Lens) -> impl Iterator<Item = (String, Option<Timestamp>)> {
    let model = lens.snapshot.model();
    lens.record.state.council.decisions.iter().filter(|(_, decision)| decision.stage.is_open()).map(
        move |(name, decision)| {
            let declared = model.get(name).map(|found| found.spec);
            (name.clone(), verdict(decision, declared, model, lens.now).next_change_at)
        },
    )
}

/// The decisions in force whose review date has passed.
fn overdue(lens: &Lens) -> impl Iterator<Item = String> {
    let (model, today) = (lens.snapshot.model(), lens.reading().today());
    let passed = move |found: &Typed<'_, Decision>| {
        found.review_by.as_ref().is_some_and(|review| review.value < today)
    };
    let record = &lens.record.state.council;
    model
        .all::<Decision>()
        .filter(passed)
        .filter(move |found| record.decision_stage(model, found.name()) == Stage::Accepted)
        .map(|found| found.name().to_owned())
}

/// How long until the next deadline, but never so long that a clock that jumped goes unnoticed.
fn pause(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let until = next.map_or(CLOCK_POLL, |next| next.duration_since(now).unsigned_abs());
    until.clamp(Duration::from_millis(50), CLOCK_POLL)
}
