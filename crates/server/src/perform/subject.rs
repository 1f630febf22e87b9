//! Whose a thing is, as policies see it: its author, those who work on it, the seats that decide it.
//!
//! Commands and the question what somebody may do (`/api/v1/can`) take it from here, so that the answer cannot promise what
//! the command is then denied.

use governance::kinds::{Attendees, Decision, Ritual};
use org::Roster;
use org::kinds::Seat;
use policy::Resource;
use reliability::record::incident;

use crate::Lens;
use crate::auth::Viewer;

/// A thing by its kind and name, with those whose it is for this action.
pub(crate) fn of(
    action: &str,
    (kind, name): (&str, &str),
    lens: &Lens,
    viewer: &Viewer,
) -> Resource {
    let record = &lens.record.state;
    let plain = Resource::new(kind, name);
    match kind {
        "change" => {
            let known = record.changes.changes.get(name);
            plain.of_people(known.map(|change| change.author.as_str()))
        }
        // Whoever works on an incident may do more about it, and about what is learned from it.
        "incident" | "postmortem" => {
            let known = record.reliability.incidents.get(name);
            plain.of_people(known.into_iter().flat_map(incident::State::people))
        }
        "notification" => {
            let known = record.reliability.notifications.get(name);
            let steps = known.into_iter().flat_map(|found| &found.steps);
            plain.of_people(steps.flat_map(|step| &step.told).map(|told| told.person.as_str()))
        }
        "decision" => decision(action, name, lens, viewer),
        "ritual" => attended(name, lens),
        "action" => {
            let owner = record.council.actions.get(name).map(|state| state.owner.as_str());
            of_parties(plain, owner, viewer)
        }
        "feedback" => {
            plain.of_people(record.council.feedback.get(name).map(|state| state.by.as_str()))
        }
        // One's own are meant; whose one is that has a name, the place says that reads it.
        "token" | "session" | "calendar" | "device" => plain.of_people(viewer.person.as_deref()),
        _ => plain,
    }
}

fn decision(action: &str, name: &str, lens: &Lens, viewer: &Viewer) -> Resource {
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
    match action {
        "decision.vote" => resource.of_seats(deciding),
        "decision.answer" | "decision.withdraw" => resource.of_people(author),
        "decision.consult" => of_parties(resource, consulted.iter().map(String::as_str), viewer),
        "decision.reject" => resource.of_seats(deciding).of_people(author),
        _ => resource,
    }
}

/// A meeting, with the seats that attend it.
fn attended(meeting: &str, lens: &Lens) -> Resource {
    let ritual = meeting.split_once('/').map_or(meeting, |(ritual, _)| ritual);
    let model = lens.snapshot.model();
    let roster = Roster::new(model, lens.snapshot.facts.today);
    let declared = model.get::<Ritual>(ritual);
    let comes = |name: &str| match declared.map(|found| &found.spec.attendees) {
        Some(Attendees::AllSeats) => true,
        Some(Attendees::Seats(seats)) => seats.iter().any(|seat| seat.name() == name),
        None => false,
    };
    let seats = model.all::<Seat>().filter(|seat| roster.is_active(seat) && comes(seat.name()));
    Resource::new("ritual", meeting).of_seats(seats.map(|seat| seat.name()))
}

/// Adds whose it is, by references such as `seat/network`; an audience includes every person.
pub(crate) fn of_parties<'p>(
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
