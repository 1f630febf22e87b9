//! What must be told whether or not anybody thought of it: incidents, broken glass, changes that failed, and what whoever comes on
//! call has to know.
//!
//! It is read off the record, again at each turn, and each occasion has its key. So nothing depends on who declared it
//! by which way, and nothing is lost when the server dies before anybody was told.

use gitops::record::change::Stage as ChangeStage;
use jiff::{SignedDuration, Timestamp};
use reliability::Schedule;
use reliability::kinds::Severity;
use reliability::oncall::{Window, shifts};
use reliability::record::incident::State as Incident;
use reliability::record::notification::{Told, Urgency, id_of};
use reliability::render::hand_off;

use super::Notice;
use crate::Lens;

/// How old a failed change or a broken glass may be for somebody to be told: a server that was down for a day tells it
/// still, one that is upgraded does not tell the history.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// How long ago somebody may have come on call to be told what they have to know: later they know it.
const HAND_OFF: SignedDuration = SignedDuration::from_hours(6);

/// The most characters of a hand-off note: people's titles have no limit, and a message has.
const NOTE: usize = 8_000;

/// Everything that somebody must be told at this moment; most of it they were told before. `began` is when the record did.
pub(crate) fn occasions(lens: &Lens, began: Option<Timestamp>) -> Vec<Notice> {
    let incidents = lens.record.state.reliability.incidents.iter();
    let mut all: Vec<Notice> =
        incidents.flat_map(|(id, incident)| of_incident(lens, id, incident)).collect();
    all.extend(of_changes(lens));
    all.extend(began.map(|began| of_hand_offs(lens, began)).unwrap_or_default());
    all
}

fn of_incident(lens: &Lens, id: &str, incident: &Incident) -> Vec<Notice> {
    if !incident.stage.is_open() || incident.test || incident.seen_by.is_some() {
        return Vec::new();
    }
    let title = if incident.private {
        "an incident that only those who work on it may see".to_owned()
    } else {
        lens.reading().texts.read(&format!("incident/{id}"), &incident.title)
    };
    let notice = |key: &str, subject: String, text: String| Notice {
        key: format!("incident/{id}/{key}"),
        about: format!("incident/{id}"),
        urgency: Urgency::Page,
        service: incident.services.first().cloned(),
        only: None,
        subject,
        text,
        link: Some(format!("/incidents/{id}")),
    };
    let hurt = match incident.services.as_slice() {
        [] => String::new(),
        services => format!(" It hurts {}.", services.join(", ")),
    };
    let declared = notice("declared", format!("{id}: {title}"), format!("It was declared.{hurt}"));
    let model = lens.snapshot.model();
    let severity = incident.severity.as_deref().and_then(|name| model.get::<Severity>(name));
    let within = severity.and_then(|severity| severity.spec.respond_within.as_ref());
    let late = within.zip(incident.clocks.detected).and_then(|(within, detected)| {
        let due = detected.checked_add(within.to_duration()).ok()?;
        (lens.now >= due).then(|| {
            let text =
                format!("Nobody has said within {} that they work on it.{hurt}", within.value);
            notice("late", format!("{id} waits too long: {title}"), text)
        })
    });
    std::iter::once(declared).chain(late).collect()
}

fn of_changes(lens: &Lens) -> Vec<Notice> {
    let recent = |at: Timestamp| lens.now.duration_since(at) < RECENT;
    let mut all = Vec::new();
    for (id, change) in &lens.record.state.changes.changes {
        let notice = |key: String, urgency, subject: String, text: &str| Notice {
            key,
            about: format!("change/{id}"),
            urgency,
            service: None,
            only: None,
            subject,
            text: text.to_owned(),
            link: Some(format!("/changes/{id}")),
        };
        if let Some(glass) = &change.glass
            && glass.review.is_none()
            && recent(glass.at)
        {
            all.push(notice(
                format!("change/{id}/glass/{}", glass.at),
                Urgency::Page,
                format!("{id}: the glass was broken"),
                "A change passes the gate in an emergency. Look at it, and review it afterwards.",
            ));
        }
        if change.stage == ChangeStage::Failed && recent(change.since) {
            // By day whoever applies it looks on.
            let urgency = if at_work(lens, change.since) { Urgency::Ticket } else { Urgency::Page };
            all.push(notice(
                format!("change/{id}/failed/{}", change.since),
                urgency,
                format!("{id}: it failed while it was applied"),
                "It stands half done. Go on with it, or plan the way back.",
            ));
        }
    }
    all
}

/// The note for each schedule that was handed over just now, to whoever has come. Written once: what happened since is news, and
/// pages by itself. What was handed over before there was a record was handed over without council.
fn of_hand_offs(lens: &Lens, began: Timestamp) -> Vec<Notice> {
    let model = lens.snapshot.model();
    let record = &lens.record.state.reliability;
    let exchanges = record.exchanges();
    let earliest = lens.now.checked_sub(HAND_OFF).unwrap_or(lens.now).max(began);
    let soon = lens.now.checked_add(SignedDuration::from_secs(1)).unwrap_or(lens.now);
    let mut all = Vec::new();
    for schedule in model.all::<Schedule>() {
        let found = shifts(model, schedule, &exchanges, Window::new(earliest, soon));
        let Some(at) = found.iter().rposition(|shift| shift.window.contains(lens.now)) else {
            continue;
        };
        let Some((shift, before)) = found.get(at).zip(found.get(..at)) else { continue };
        let from = shift.window.from;
        // Whoever goes on without a break has nobody to take over from; after a night off they do, from the night.
        let goes_on =
            before.last().is_some_and(|last| last.window.to == from && last.person == shift.person);
        let key = format!("schedule/{}/{from}/{}", schedule.name(), shift.person);
        if from <= earliest || goes_on || record.notifications.contains_key(&id_of(&key)) {
            continue;
        }
        let verified = lens.verified();
        all.push(Notice {
            key,
            about: format!("schedule/{}", schedule.name()),
            urgency: Urgency::Ticket,
            service: None,
            only: Some(Told {
                person: shift.person.clone().into_owned(),
                because: format!("comes on call for `schedule/{}`", schedule.name()),
            }),
            subject: format!("{}: you are on call now", schedule.title()),
            text: short(hand_off::note(&lens.operations(&verified), schedule, from)),
            link: Some("/on-call".to_owned()),
        });
    }
    all
}

/// A note as long as a message may be.
fn short(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(NOTE) {
        text.truncate(end);
        text.push_str("\n…and more, on the page On call\n");
    }
    text
}

/// Says whether a moment lies in the organization's business hours.
fn at_work(lens: &Lens, at: Timestamp) -> bool {
    let calendar = org::calendar::Calendar::of_model(lens.snapshot.model());
    let soon = at.checked_add(SignedDuration::from_secs(1)).unwrap_or(at);
    calendar.is_ok_and(|calendar| calendar.business_time_between(at, soon).is_positive())
}
