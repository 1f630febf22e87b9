//! Which quorums are met, by which approvals, and whose word is still missing.
//!
//! Invariants: the author never counts; a person counts once in a quorum, however many seats they
//! hold; an approval counts for the plan and revision that were seen, until it expires, while the
//! person works here. Silence never counts.

use std::collections::{BTreeMap, BTreeSet};

use governance::kinds::Agree;
use jiff::Timestamp;
use org::Roster;
use org::kinds::Seat;
use playbook::Model;

use super::matching::distinct;
use super::route::{Group, Route, everybody};
use super::voices::{is_authors, voices};
use super::{Approval, Need, NeedKind, NeedState, Quorum, Reason, Subject};

/// What has been approved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) quorums: Vec<Quorum>,
    pub(crate) needed: Vec<Need>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) approved: bool,
}

/// What counting needs.
struct Count<'a> {
    subject: &'a Subject,
    model: &'a Model,
    roster: &'a Roster<'a>,
    valid: Vec<&'a Approval>,
    engaged: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// Counts the approvals of a subject along its route.
pub(crate) fn tally(
    subject: &Subject,
    route: &Route,
    model: &Model,
    roster: &Roster<'_>,
    now: Timestamp,
) -> Tally {
    let mut tally = Tally { approved: true, ..Tally::default() };
    let mut valid = Vec::new();
    for approval in &subject.approvals {
        match void(approval, subject, roster, now) {
            Some(why) => tally.reasons.push(Reason::note(
                "approval-void",
                format!(
                    "the approval of `{}` for `{}` does not count: {why}",
                    approval.person, approval.seat
                ),
            )),
            None => valid.push(approval),
        }
    }
    let mut engaged: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for approval in &valid {
        engaged.entry(&approval.person).or_default().insert(&approval.seat);
    }
    let count = Count { subject, model, roster, valid, engaged };
    let mut met_by_seat: BTreeMap<String, (bool, Vec<String>)> = BTreeMap::new();
    for group in &route.groups {
        let group = count.possible(group);
        let quorum = count.quorum(&group);
        let met = quorum.given >= quorum.needed;
        if !met {
            tally.approved = false;
            tally.reasons.push(count.waiting(&group, &quorum));
        }
        for seat in &group.seats {
            let entry = met_by_seat.entry(seat.clone()).or_insert((true, Vec::new()));
            entry.0 &= met;
            entry.1.push(group.because.clone());
        }
        tally.quorums.push(quorum);
    }
    tally.needed = count.needs(met_by_seat);
    tally.needed.extend(told(&route.consulted, NeedKind::Consult));
    tally.needed.extend(told(&route.informed, NeedKind::Inform));
    tally
}

/// Why an approval does not count.
fn void(
    approval: &Approval,
    subject: &Subject,
    roster: &Roster<'_>,
    now: Timestamp,
) -> Option<String> {
    if approval.person == subject.author {
        return Some("it is the author's own".to_owned());
    }
    if !roster.works_here(&approval.person) {
        return Some("they do not work here any more".to_owned());
    }
    if approval.plan != subject.plan {
        let short = |hash: &Option<String>| {
            let hash = hash.as_deref().unwrap_or("none");
            hash.chars().take(12).collect::<String>()
        };
        let (saw, is) = (short(&approval.plan), short(&subject.plan));
        return Some(format!("it was given to the plan {saw}, and the plan is {is} now"));
    }
    if approval.revision != subject.revision {
        return Some("it was given to another revision".to_owned());
    }
    (approval.expires <= now).then(|| format!("it expired at {}", approval.expires))
}

fn told(parties: &BTreeMap<String, String>, kind: NeedKind) -> impl Iterator<Item = Need> + '_ {
    parties.iter().map(move |(party, because)| Need {
        party: party.clone(),
        kind,
        state: NeedState::Told,
        people: Vec::new(),
        because: because.clone(),
    })
}

impl Count<'_> {
    fn voices(&self, seat: &str) -> Vec<String> {
        let Some(found) = self.model.get::<Seat>(seat) else { return Vec::new() };
        let others: BTreeSet<&str> = self
            .engaged
            .iter()
            .filter(|(_, seats)| seats.iter().any(|held| *held != seat))
            .map(|(person, _)| *person)
            .collect();
        let may = voices(found, self.roster, &self.subject.author, &others);
        may.into_iter().map(|(person, _)| person).collect()
    }

    /// Whether a seat is silent only because its holder wrote the change, and nobody stands in.
    fn is_conflicted(&self, seat: &str) -> bool {
        let found = self.model.get::<Seat>(seat);
        found.is_some_and(|found| is_authors(found.spec, &self.subject.author))
            && self.voices(seat).is_empty()
    }

    /// A quorum without those seats that only the author could speak for; when none is left, any
    /// other seat of the council reviews instead.
    fn possible(&self, group: &Group) -> Group {
        let left: BTreeSet<String> =
            group.seats.iter().filter(|seat| !self.is_conflicted(seat)).cloned().collect();
        if !left.is_empty() {
            return Group { seats: left, ..group.clone() };
        }
        let others = everybody(self.roster).into_iter().filter(|seat| !self.is_conflicted(seat));
        Group {
            because: format!(
                "{}; its author holds it alone, so another seat reviews",
                group.because
            ),
            seats: others.collect(),
            agree: Agree::AtLeast(1),
        }
    }

    fn quorum(&self, group: &Group) -> Quorum {
        let said: Vec<(&str, &str)> = self
            .valid
            .iter()
            .filter(|approval| group.seats.contains(&approval.seat))
            .map(|approval| (approval.seat.as_str(), approval.person.as_str()))
            .collect();
        let needed = match group.agree {
            Agree::All => group.seats.len(),
            Agree::AtLeast(number) => usize::try_from(number).unwrap_or(usize::MAX),
        };
        Quorum {
            because: group.because.clone(),
            needed: needed.max(1),
            given: distinct(&said),
            seats: group.seats.iter().cloned().collect(),
        }
    }

    fn waiting(&self, group: &Group, quorum: &Quorum) -> Reason {
        let given: BTreeSet<&str> = self.valid.iter().map(|it| it.seat.as_str()).collect();
        let missing = group.seats.iter().filter(|seat| !given.contains(seat.as_str()));
        let (open, silent): (Vec<&String>, Vec<&String>) =
            missing.partition(|seat| !self.voices(seat).is_empty());
        let text = format!(
            "{} of {} approved ({})",
            quorum.given,
            diag::words::count(quorum.needed, "seat"),
            quorum.because
        );
        let who = |seats: &[&String]| {
            let named = seats.iter().map(|seat| {
                let people = self.voices(seat).join("` or `");
                if people.is_empty() {
                    format!("`{seat}`")
                } else {
                    format!("`{seat}` (`{people}`)")
                }
            });
            named.collect::<Vec<_>>().join(", ")
        };
        if quorum.given + open.len() >= quorum.needed {
            let more = quorum.needed - quorum.given;
            return Reason::wait("approvals", text, format!("{more} of {} approves", who(&open)));
        }
        if silent.is_empty() {
            let text =
                format!("{text}: the same people spoke for several seats, and each counts once");
            return Reason::wait("counted-once", text, self.others(group));
        }
        let would = format!("the playbook names somebody for {}", who(&silent));
        Reason::wait("seat-empty", format!("{text}: nobody can speak for {}", who(&silent)), would)
    }

    /// Who could speak besides those that have: whose word would make the difference.
    fn others(&self, group: &Group) -> String {
        let fresh = group.seats.iter().filter_map(|seat| {
            let person =
                self.voices(seat).into_iter().find(|it| !self.engaged.contains_key(it.as_str()))?;
            Some(format!("`{person}` approves for `{seat}`"))
        });
        let fresh: Vec<_> = fresh.collect();
        match fresh.as_slice() {
            [] => "the playbook names a backup for one of these seats, or somebody else".to_owned(),
            fresh => fresh.join(", or "),
        }
    }

    fn needs(&self, seats: BTreeMap<String, (bool, Vec<String>)>) -> Vec<Need> {
        let need = |(seat, (met, because)): (String, (bool, Vec<String>))| {
            let given = self.valid.iter().filter(|it| it.seat == seat);
            let given: Vec<String> = given.map(|it| it.person.clone()).collect();
            let voices = self.voices(&seat);
            let (state, people) = if !given.is_empty() {
                (NeedState::Given, given)
            } else if met {
                (NeedState::NotNeeded, voices)
            } else if voices.is_empty() {
                (NeedState::Impossible, voices)
            } else {
                (NeedState::Open, voices)
            };
            Need {
                party: format!("seat/{seat}"),
                kind: NeedKind::Approve,
                state,
                people,
                because: because.join("; "),
            }
        };
        seats.into_iter().map(need).collect()
    }
}
