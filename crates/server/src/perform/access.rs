//! What policy is asked about a command: the action, and the thing that it is about.
//!
//! Whose the thing is, [`subject`](super::subject) says: the same to a command as to the question what somebody may do.

use gitops::record::{Command as Change, change, freeze};
use governance::record::{Command as Council, action, decision, feedback, question, ritual};
use policy::Resource;
use reliability::record::{Command as Operations, alert, incident, postmortem};

use super::{Command, subject};
use crate::Lens;
use crate::auth::Viewer;

/// The action and the resource of a command.
pub(super) fn of(command: &Command, lens: &Lens, viewer: &Viewer) -> (&'static str, Resource) {
    let (action, kind, name) = asked(command);
    (action, subject::of(action, (kind, &name), lens, viewer))
}

/// The action, the kind of the thing and its name.
fn asked(command: &Command) -> (&'static str, &'static str, String) {
    match command {
        Command::Council(command) => council(command),
        Command::Change(Change::Change { id, command }) => {
            (changing(command), "change", id.clone())
        }
        Command::Change(Change::Freeze { name, command }) => {
            let verb = match command {
                freeze::Command::Declare { .. } => "freeze.declare",
                freeze::Command::Move { .. } | freeze::Command::Lift { .. } => "freeze.lift",
            };
            (verb, "freeze", name.clone())
        }
        Command::Reliability(command) => operating(command),
        Command::Hardening(command) => ("hardening.report", "hardening", command.machine.clone()),
    }
}

fn operating(command: &Operations) -> (&'static str, &'static str, String) {
    match command {
        Operations::Incident { id, command } => (responding(command), "incident", id.clone()),
        Operations::Postmortem { id, command } => {
            let verb = match command {
                postmortem::Command::Draft {}
                | postmortem::Command::Write { .. }
                | postmortem::Command::Factor { .. }
                | postmortem::Command::Link { .. }
                | postmortem::Command::State { .. } => "postmortem.write",
                postmortem::Command::Publish {} => "postmortem.publish",
            };
            (verb, "postmortem", id.clone())
        }
        Operations::Alert(command) => {
            let verb = match command {
                alert::Command::Receive { .. } | alert::Command::Settle { .. } => "alert.send",
                alert::Command::Acknowledge { .. } | alert::Command::Link { .. } => {
                    "alert.acknowledge"
                }
            };
            (verb, "alert", String::new())
        }
        Operations::Silence { id, .. } => ("silence.keep", "silence", id.clone()),
        Operations::Run { id, .. } => ("runbook.run", "runbook-run", id.clone()),
        Operations::Swap { id, .. } => ("swap.arrange", "swap", id.clone()),
        Operations::Budget { id, .. } => ("budget.amend", "budget", id.clone()),
        Operations::Measurement(_) => ("measurement.send", "measurement", String::new()),
        Operations::Notification { id, .. } => ("incident.respond", "notification", id.clone()),
    }
}

fn responding(command: &incident::Command) -> &'static str {
    use incident::Command as Asked;
    match command {
        Asked::Open { .. } => "incident.declare",
        Asked::Acknowledge {}
        | Asked::Triage { .. }
        | Asked::Reclassify { .. }
        | Asked::Contain { .. }
        | Asked::Resolve { .. }
        | Asked::Reopen { .. }
        | Asked::Merge { .. }
        | Asked::Assign { .. }
        | Asked::Remark { .. }
        | Asked::Amend { .. }
        | Asked::Inform { .. }
        | Asked::Tick { .. } => "incident.respond",
        Asked::Assess { .. } | Asked::Notify { .. } => "incident.notify",
        Asked::Review {} | Asked::Close {} => "incident.close",
        Asked::Restrict { .. } => "incident.restrict",
    }
}

fn changing(command: &change::Command) -> &'static str {
    use change::Command as Asked;
    match command {
        Asked::Draft { .. } | Asked::Describe { .. } => "change.draft",
        Asked::Plan { .. } => "change.plan",
        Asked::Submit {} => "change.submit",
        Asked::Approve { .. } | Asked::WithdrawApproval { .. } => "change.approve",
        Asked::BreakGlass { .. } => "change.break-glass",
        Asked::Review { .. } => "change.review",
        Asked::Abandon { .. } => "change.abandon",
        // What follows from the executor and the clock; a person who asks for it asks to apply.
        Asked::Start { .. }
        | Asked::Drift { .. }
        | Asked::Settle {}
        | Asked::Judge {}
        | Asked::Journal { .. }
        | Asked::Finish {}
        | Asked::Verify {}
        | Asked::Fail { .. }
        | Asked::RollBack { .. }
        | Asked::Around { .. } => "change.apply",
    }
}

fn council(command: &Council) -> (&'static str, &'static str, String) {
    match command {
        Council::Decision { name, command } => (deciding(command), "decision", name.clone()),
        Council::Ritual { name, date, command } => {
            let verb = match command {
                ritual::Command::Open {} => "ritual.open",
                ritual::Command::Attend { .. } => "ritual.attend",
                ritual::Command::Minute { .. } => "ritual.minute",
                ritual::Command::Close {} => "ritual.close",
            };
            (verb, "ritual", format!("{name}/{date}"))
        }
        Council::Action { id, command } => {
            let verb = match command {
                action::Command::Open { .. } => "action.open",
                action::Command::Done { .. }
                | action::Command::Drop { .. }
                | action::Command::Move { .. } => "action.close",
            };
            (verb, "action", id.clone())
        }
        Council::Question { name, command } => {
            let verb = match command {
                question::Command::Raise { .. } => "question.raise",
                question::Command::Answer { .. } => "question.answer",
                question::Command::Reopen { .. } => "question.reopen",
            };
            (verb, "question", name.clone())
        }
        Council::Feedback { id, command } => {
            let verb = match command {
                feedback::Command::Give { .. } => "feedback.give",
                feedback::Command::Answer { .. } | feedback::Command::Close {} => "feedback.handle",
            };
            (verb, "feedback", id.clone())
        }
    }
}

fn deciding(command: &decision::Command) -> &'static str {
    match command {
        decision::Command::Propose {} | decision::Command::Settle {} => "decision.propose",
        decision::Command::Vote { .. } => "decision.vote",
        decision::Command::AnswerObjection { .. } => "decision.answer",
        decision::Command::Advise { .. } => "decision.consult",
        decision::Command::Withdraw { .. } => "decision.withdraw",
        decision::Command::Reject { .. } => "decision.reject",
        decision::Command::Expire {} | decision::Command::Supersede { .. } => "decision.expire",
    }
}
