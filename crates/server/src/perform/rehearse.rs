//! Rehearsing: what a procedure would say to somebody who did a thing now. Nothing is written.
//!
//! Policy says who may; the procedure says whether it is time, and whether they may in this very case: nobody approves
//! their own change, whoever may. It is asked with the command that the act would send, through the same `decide`. Acts
//! whose command depends on what a person writes or chooses have no rehearsal, and the answer says so.

use gitops::record::{Command as Change, change, freeze};
use governance::record::{Command as Council, action, decision, feedback, question};
use governance::{Refusal, Text};
use jiff::civil::Date;
use plan::execute::Fence;
use reliability::record::{Command as Operations, incident, postmortem};

use super::{Command, Moment};
use crate::auth::Viewer;
use crate::{AppState, Lens};

/// What stands where a person would write something.
const SOMETHING: &str = "…";

impl AppState {
    /// Says what the procedure would answer; nothing when there is no rehearsal for it, or nobody to act.
    pub(crate) fn rehearse(
        &self,
        action: &str,
        name: &str,
        lens: &Lens,
        viewer: &Viewer,
    ) -> Option<Result<(), Refusal>> {
        let person = viewer.person.as_deref()?;
        let moment =
            Moment { state: self, snapshot: &lens.snapshot, record: &lens.record, now: lens.now };
        let mut refused: Option<Refusal> = None;
        for command in commands(action, name, lens, viewer) {
            match (command.decide(&moment, Some(person)), &mut refused) {
                (Ok(_), _) => return Some(Ok(())),
                (Err(refusal), None) => refused = Some(refusal),
                (Err(refusal), Some(first)) => add(first, refusal),
            }
        }
        refused.map(Err)
    }
}

/// Adds what another way was refused for.
fn add(first: &mut Refusal, other: Refusal) {
    let Refusal { code: _, reasons, would_pass_if } = other;
    first.reasons.extend(reasons);
    first.would_pass_if.extend(would_pass_if);
    first.reasons.dedup();
    first.would_pass_if.dedup();
}

/// The commands that the act could be, one for each seat that the person could speak for.
fn commands(action: &str, name: &str, lens: &Lens, viewer: &Viewer) -> Vec<Command> {
    match action.split_once('.') {
        Some(("change", verb)) => {
            let asked = changing(verb, name, lens, viewer).into_iter();
            asked.map(|command| Change::Change { id: name.to_owned(), command }.into()).collect()
        }
        Some(("decision", verb)) => {
            let asked = deciding(verb, viewer).into_iter();
            let of = |command| Council::Decision { name: name.to_owned(), command }.into();
            asked.map(of).collect()
        }
        Some((noun, verb)) => other(noun, verb, name).into_iter().collect(),
        None => Vec::new(),
    }
}

fn changing(verb: &str, id: &str, lens: &Lens, viewer: &Viewer) -> Vec<change::Command> {
    use change::Command as Asked;
    let known = lens.record.state.changes.changes.get(id);
    let plan = known.and_then(|change| change.plan.as_ref());
    let (hash, revision) =
        plan.map(|plan| (plan.hash.clone(), plan.revision.clone())).unwrap_or_default();
    let something = || Text::Plain(SOMETHING.to_owned());
    match verb {
        "submit" => vec![Asked::Submit {}],
        "abandon" => vec![Asked::Abandon { reason: None }],
        "review" => vec![Asked::Review { finding: something() }],
        "approve" => {
            let approve = |seat| Asked::Approve {
                seat,
                plan: hash.clone(),
                revision: revision.clone(),
                via: change::Via::Api,
                comment: None,
            };
            seats(viewer).map(approve).collect()
        }
        "break-glass" => {
            seats(viewer).map(|seat| Asked::BreakGlass { seat, reason: something() }).collect()
        }
        "apply" => {
            let fence = known.and_then(|change| change.fence.as_ref());
            vec![Asked::Start {
                fence: Fence {
                    lease: format!("apply/{id}"),
                    token: fence.map_or(0, |fence| fence.token),
                    generation: plan.map_or(0, |plan| plan.generation),
                },
            }]
        }
        _ => Vec::new(),
    }
}

fn deciding(verb: &str, viewer: &Viewer) -> Vec<decision::Command> {
    use decision::Command as Asked;
    let agree = |seat| Asked::Vote {
        seat,
        position: decision::Position::Agree,
        reason: None,
        digest: None,
    };
    match verb {
        "propose" => vec![Asked::Propose {}],
        "vote" => seats(viewer).map(agree).collect(),
        "withdraw" => vec![Asked::Withdraw { reason: None }],
        "reject" => vec![Asked::Reject { reason: None }],
        "expire" => vec![Asked::Expire {}],
        _ => Vec::new(),
    }
}

/// The acts about everything else that need no words.
fn other(noun: &str, verb: &str, name: &str) -> Option<Command> {
    let id = name.to_owned();
    let found: Command = match (noun, verb) {
        ("action", "close") => {
            Council::Action { id, command: action::Command::Done { note: None } }.into()
        }
        ("feedback", "handle") => {
            Council::Feedback { id, command: feedback::Command::Close {} }.into()
        }
        ("ritual", "open") => {
            let (ritual, date) = name.split_once('/')?;
            let command = governance::record::ritual::Command::Open {};
            Council::Ritual { name: ritual.to_owned(), date: date.parse::<Date>().ok()?, command }
                .into()
        }
        ("freeze", "lift") => {
            let reason = Text::Plain(SOMETHING.to_owned());
            let command = freeze::Command::Lift { until: None, reason };
            Change::Freeze { name: id, command }.into()
        }
        ("question", "reopen") => {
            let reason = Text::Plain(SOMETHING.to_owned());
            Council::Question { name: id, command: question::Command::Reopen { reason } }.into()
        }
        ("incident", "close") => {
            Operations::Incident { id, command: incident::Command::Close {} }.into()
        }
        ("postmortem", "publish") => {
            Operations::Postmortem { id, command: postmortem::Command::Publish {} }.into()
        }
        _ => return None,
    };
    Some(found)
}

/// The seats that somebody holds, as primary or backup.
fn seats(viewer: &Viewer) -> impl Iterator<Item = String> {
    viewer.seats.iter().map(|held| held.seat.to_string())
}
