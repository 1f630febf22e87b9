//! What policy is asked about a command: the action, and whose the thing is.

use gitops::record::{Command as Change, change, freeze};
use governance::kinds::{Attendees, Decision, Ritual};
use governance::record::{Command as Council, action, decision, feedback, question, ritual};
use org::Roster;
use org::kinds::Seat;
use policy::Resource;
use reliability::record::{Command as Operations, alert, incident, postmortem};

use super::Command;
use crate::Lens;
use crate::auth::Viewer;

/// The action and the resource of a command.
pub(super) fn of(command: &Command, lens: &Lens, viewer: &Viewer) -> (&'static str, Resource) {
    match command {
        Command::Council(command) => council(command, lens, viewer),
        Command::Change(Change::Change { id, command }) => changing(id, command, lens),
        Command::Change(Change::Freeze { name, command }) => {
            let verb = match command {
                freeze::Command::Declare { .. } => "freeze.declare",
                freeze::Command::Move { .. } | freeze::Command::Lift { .. } => "freeze.lift",
            };
            (verb, Resource::new("freeze", name))
        }
        Command::Reliability(command) => operating(command, lens),
    }
}

fn operating(command: &Operations, lens: &Lens) -> (&'static str, Resource) {
    use incident::Command as Asked;
    // Whoever works on an incident may do more about it, and about what is learned from it.
    let of_those_involved = |kind: &str, id: &str| {
        let known = lens.record.state.reliability.incidents.get(id);
        Resource::new(kind, id).of_people(known.into_iter().flat_map(incident::State::people))
    };
    match command {
        Operations::Incident { id, command } => {
            let verb = match command {
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
            };
            (verb, of_those_involved("incident", id))
        }
        Operations::Postmortem { id, command } => {
            let verb = match command {
                postmortem::Command::Draft {}
                | postmortem::Command::Write { .. }
                | postmortem::Command::Factor { .. }
                | postmortem::Command::Link { .. }
                | postmortem::Command::State { .. } => "postmortem.write",
                postmortem::Command::Publish {} => "postmortem.publish",
            };
            (verb, of_those_involved("postmortem", id))
        }
        Operations::Alert(command) => {
            let verb = match command {
                alert::Command::Receive { .. } | alert::Command::Settle { .. } => "alert.send",
                alert::Command::Acknowledge { .. } | alert::Command::Link { .. } => {
                    "alert.acknowledge"
                }
            };
            (verb, Resource::kind("alert"))
        }
        Operations::Silence { id, .. } => ("silence.keep", Resource::new("silence", id)),
        Operations::Run { id, .. } => ("runbook.run", Resource::new("runbook-run", id)),
        Operations::Swap { id, .. } => ("swap.arrange", Resource::new("swap", id)),
        Operations::Notification { id, .. } => {
            let known = lens.record.state.reliability.notifications.get(id);
            let steps = known.into_iter().flat_map(|found| &found.steps);
            let told = steps.flat_map(|step| &step.told).map(|told| told.person.as_str());
            ("incident.respond", Resource::new("notification", id).of_people(told))
        }
    }
}

fn changing(id: &str, command: &change::Command, lens: &Lens) -> (&'static str, Resource) {
    use change::Command as Asked;
    let verb = match command {
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
    };
    let author = lens.record.state.changes.changes.get(id).map(|change| change.author.as_str());
    (verb, Resource::new("change", id).of_people(author))
}

fn council(command: &Council, lens: &Lens, viewer: &Viewer) -> (&'static str, Resource) {
    match command {
        Council::Decision { name, command } => decision(name, command, lens, viewer),
        Council::Ritual { name, date, command } => {
            let verb = match command {
                ritual::Command::Open {} => "ritual.open",
                ritual::Command::Attend { .. } => "ritual.attend",
                ritual::Command::Minute { .. } => "ritual.minute",
                ritual::Command::Close {} => "ritual.close",
            };
            (verb, attended(name, &date.to_string(), lens))
        }
        Council::Action { id, command } => {
            let verb = match command {
                action::Command::Open { .. } => "action.open",
                action::Command::Done { .. }
                | action::Command::Drop { .. }
                | action::Command::Move { .. } => "action.close",
            };
            let owner = lens.record.state.council.actions.get(id).map(|state| state.owner.as_str());
            (verb, of_parties(Resource::new("action", id), owner, viewer))
        }
        Council::Question { name, command } => {
            let verb = match command {
                question::Command::Raise { .. } => "question.raise",
                question::Command::Answer { .. } => "question.answer",
                question::Command::Reopen { .. } => "question.reopen",
            };
            (verb, Resource::new("question", name))
        }
        Council::Feedback { id, command } => {
            let verb = match command {
                feedback::Command::Give { .. } => "feedback.give",
                feedback::Command::Answer { .. } | feedback::Command::Close {} => "feedback.handle",
            };
            let giver = lens.record.state.council.feedback.get(id).map(|state| state.by.as_str());
            (verb, Resource::new("feedback", id).of_people(giver))
        }
    }
}

fn decision(
    name: &str,
    command: &decision::Command,
    lens: &Lens,
    viewer: &Viewer,
) -> (&'static str, Resource) {
    let declared = lens.snapshot.model().get::<Decision>(name);
    let proposal = lens.record.state.council.decision(name).proposal.as_ref();
    let declared_type =
        declared.and_then(|found| found.spec.decision_type.as_ref().map(|kind| kind.name()));
    let class = proposal.map(|proposal| proposal.decision_type.as_str()).or(declared_type);
    let mut resource = Resource::new("decision", name);
    resource.class = class.unwrap_or_default().to_owned();
    let author = proposal.map(|proposal| proposal.author.as_str());
    let deciding = proposal.map_or(&[][..], |proposal| &proposal.panel.must_agree);
    let consulted = proposal.map_or(&[][..], |proposal| &proposal.panel.consulted);
    match command {
        decision::Command::Propose {} | decision::Command::Settle {} => {
            ("decision.propose", resource)
        }
        decision::Command::Vote { .. } => ("decision.vote", resource.of_seats(deciding)),
        decision::Command::AnswerObjection { .. } => {
            ("decision.answer", resource.of_people(author))
        }
        decision::Command::Advise { .. } => {
            let parties = consulted.iter().map(String::as_str);
            ("decision.consult", of_parties(resource, parties, viewer))
        }
        decision::Command::Withdraw { .. } => ("decision.withdraw", resource.of_people(author)),
        decision::Command::Reject { .. } => {
            ("decision.reject", resource.of_seats(deciding).of_people(author))
        }
        decision::Command::Expire {} | decision::Command::Supersede { .. } => {
            ("decision.expire", resource)
        }
    }
}

/// A meeting, with the seats that attend it.
fn attended(ritual: &str, date: &str, lens: &Lens) -> Resource {
    let model = lens.snapshot.model();
    let roster = Roster::new(model, lens.snapshot.facts.today);
    let declared = model.get::<Ritual>(ritual);
    let comes = |name: &str| match declared.map(|found| &found.spec.attendees) {
        Some(Attendees::AllSeats) => true,
        Some(Attendees::Seats(seats)) => seats.iter().any(|seat| seat.name() == name),
        None => false,
    };
    let seats = model.all::<Seat>().filter(|seat| roster.is_active(seat) && comes(seat.name()));
    Resource::new("ritual", format!("{ritual}/{date}")).of_seats(seats.map(|seat| seat.name()))
}

/// Adds whose it is, by references such as `seat/network`; an audience includes every person.
fn of_parties<'p>(
    mut resource: Resource,
    parties: impl IntoIterator<Item = &'p str>,
    viewer: &Viewer,
) -> Resource {
    for party in parties {
        let (slug, name) = party.split_once('/').unwrap_or(("seat", party));
        match slug {
            "seat" => resource.seats.push(name.to_owned()),
            "team" => resource.teams.push(name.to_owned()),
            "office" => resource.offices.push(name.to_owned()),
            "person" => resource.people.push(name.to_owned()),
            _ => resource.people.extend(viewer.person.as_deref().map(str::to_owned)),
        }
    }
    resource
}
