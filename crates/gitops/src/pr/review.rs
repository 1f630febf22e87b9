//! The review: did enough seats agree that may agree?
//!
//! The newest verdict of each reviewer counts. An approval counts when a person of the playbook gave it who works
//! here, wrote no part of the change, looked at its newest commit, and speaks for a seat that the policy accepts.
//! Each person counts once, however many seats they hold.

use std::collections::BTreeMap;

use diag::words::count;
use diag::{Diagnostic, Place};
use jiff::civil::Date;
use org::kinds::{Organization, Seat};
use org::{Presence, Roster};
use playbook::{Model, Typed};

use super::facts::{PullRequest, Review, Verdict};
use super::report::{Aspect, Part, State};
use super::reviewer::{Voice, person_of, voices};
use super::rules::{CHANGES_REQUESTED, NO_POLICY, NOBODY_CAN, NOT_COUNTED, REVIEW_MISSING};
use crate::kinds::{ChangePolicy, Repository};

/// What one policy, or none, asks for.
struct Demand<'m> {
    /// Where it stands.
    place: Place,
    /// Who asks, for messages.
    subject: String,
    /// How many people must agree.
    at_least: usize,
    /// The seats whose agreement counts.
    seats: Vec<Typed<'m, Seat>>,
}

pub(super) fn check(
    model: &Model,
    request: &PullRequest,
    policies: &[Typed<'_, ChangePolicy>],
    today: Date,
) -> (Part, Vec<Diagnostic>) {
    let Some(reviews) = &request.reviews else {
        let text = "the reviews are not known";
        return (Part::new(Aspect::Review, State::Skipped, text), Vec::new());
    };
    let roster = Roster::new(model, today);
    let (demands, mut findings) = demands(&roster, request, policies);
    let newest = newest(model, reviews);
    let refusing: Vec<&Review> = newest
        .iter()
        .copied()
        .filter(|review| review.verdict == Verdict::ChangesRequested)
        .collect();
    let mut parts = Vec::new();
    for demand in &demands {
        let (counted, told) = approvals(&roster, request, &newest, demand);
        let (part, missing) = weigh(&roster, request, demand, &counted);
        // Why a review does not count matters only while one is missing.
        if part.state != State::Passed {
            findings.extend(told);
        }
        findings.extend(missing);
        parts.push(part);
    }
    for review in refusing {
        findings.extend(refusal(&roster, &demands, review));
    }
    if let Some(refused) = findings.iter().find(|finding| finding.code == CHANGES_REQUESTED.code) {
        parts.push(Part::new(Aspect::Review, State::Failed, refused.message.clone()));
    }
    let worst = parts.into_iter().max_by_key(|part| part.state);
    let part =
        worst.unwrap_or_else(|| Part::new(Aspect::Review, State::Skipped, "nobody asks for one"));
    findings.sort_by_key(|finding| finding.message.clone());
    findings.dedup();
    (part, findings)
}

/// What the policies ask for. Without one, one seat of the council must agree all the same.
fn demands<'m>(
    roster: &Roster<'m>,
    request: &PullRequest,
    policies: &[Typed<'m, ChangePolicy>],
) -> (Vec<Demand<'m>>, Vec<Diagnostic>) {
    let model = roster.model();
    let all = || model.all::<Seat>().filter(|seat| roster.is_active(seat)).collect::<Vec<_>>();
    let of = |policy: &Typed<'m, ChangePolicy>| {
        let reviews = &policy.spec.reviews;
        let named: Vec<_> = reviews.seats.iter().filter_map(|seat| model.follow(seat)).collect();
        Demand {
            place: policy.resource.at(reviews.at_least.span),
            subject: policy.resource.id.to_string(),
            at_least: usize::try_from(reviews.at_least.value).unwrap_or(usize::MAX),
            seats: if reviews.seats.is_empty() { all() } else { named },
        }
    };
    if !policies.is_empty() {
        return (policies.iter().map(of).collect(), Vec::new());
    }
    let repository = request.repository.as_deref().and_then(|name| model.get::<Repository>(name));
    let anchor = repository
        .map(|repository| repository.resource)
        .or_else(|| model.all::<Organization>().next().map(|it| it.resource));
    let Some(anchor) = anchor else { return (Vec::new(), Vec::new()) };
    let place = anchor.place.clone();
    let message = "no change policy covers this change, so one seat of the council must agree";
    let finding = Diagnostic::new(&NO_POLICY, place.clone(), message)
        .hint("declare a ChangePolicy for the repository, or for the paths of this one")
        .subject(anchor.id.to_string());
    let demand = Demand { place, subject: anchor.id.to_string(), at_least: 1, seats: all() };
    (vec![demand], vec![finding])
}

/// The newest verdict of each reviewer; a comment after an approval takes nothing back.
fn newest<'r>(model: &Model, reviews: &'r [Review]) -> Vec<&'r Review> {
    let mut by_person: BTreeMap<String, &Review> = BTreeMap::new();
    for review in reviews.iter().filter(|review| review.verdict != Verdict::Commented) {
        // One person may review under two names, such as a forge's and a signature's.
        let who = person_of(model, &review.by)
            .map_or_else(|| format!("?{:?}", review.by), |person| person.name().to_owned());
        by_person.insert(who, review);
    }
    by_person.into_values().collect()
}

/// Who agreed so that it counts, with the seat that they speak for, and why others do not count.
fn approvals<'m>(
    roster: &Roster<'m>,
    request: &PullRequest,
    reviews: &[&Review],
    demand: &Demand<'m>,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let mut counted = BTreeMap::new();
    let mut told = Vec::new();
    for review in reviews.iter().filter(|review| review.verdict == Verdict::Approved) {
        match counts(roster, request, review, demand) {
            Ok((person, seat)) => {
                counted.insert(person, seat);
            }
            Err(why) => {
                let message = format!("the approval by `{}` does not count: {why}", review.by.name);
                told.push(
                    Diagnostic::new(&NOT_COUNTED, demand.place.clone(), message)
                        .subject(demand.subject.clone()),
                );
            }
        }
    }
    (counted, told)
}

/// The person and the seat that an approval counts for, or why it does not count.
fn counts(
    roster: &Roster<'_>,
    request: &PullRequest,
    review: &Review,
    demand: &Demand<'_>,
) -> Result<(String, String), String> {
    let model = roster.model();
    let Some(person) = person_of(model, &review.by) else {
        let on = review.by.system.as_deref().unwrap_or("email");
        return Err(format!(
            "nobody of the playbook has this name (a person's `handles: {{{on}: {}}}` would say who it is)",
            review.by.name
        ));
    };
    let name = person.name();
    match roster.presence(name) {
        Presence::Here | Presence::Away => {}
        Presence::Left => return Err("they have left".to_owned()),
        Presence::NotYet | Presence::Unknown => return Err("they do not work here yet".to_owned()),
    }
    let wrote = |author| person_of(model, author).is_some_and(|author| author.name() == name);
    if request.authors.iter().any(wrote) {
        return Err("they wrote a part of the change".to_owned());
    }
    if let (Some(seen), Some(head)) = (&review.commit, &request.head)
        && seen != head
    {
        return Err(format!(
            "it was given to commit {}, and the newest is {}",
            short(seen),
            short(head)
        ));
    }
    let mut reasons = Vec::new();
    for voice in voices(roster, name, &demand.seats) {
        match voice {
            Voice::Speaks(seat) => return Ok((name.to_owned(), seat.title().to_owned())),
            Voice::Silent(why) => reasons.push(why),
        }
    }
    if reasons.is_empty() {
        let seats: Vec<&str> = demand.seats.iter().map(Typed::title).collect();
        reasons.push(format!("they hold none of the seats that count: {}", seats.join(", ")));
    }
    Err(reasons.join("; "))
}

/// Compares who agreed with what is asked.
fn weigh(
    roster: &Roster<'_>,
    request: &PullRequest,
    demand: &Demand<'_>,
    counted: &BTreeMap<String, String>,
) -> (Part, Vec<Diagnostic>) {
    let agreed: Vec<String> =
        counted.iter().map(|(person, seat)| format!("{person} ({seat})")).collect();
    if counted.len() >= demand.at_least {
        let text = format!("agreed: {}", agreed.join(", "));
        return (Part::new(Aspect::Review, State::Passed, text), Vec::new());
    }
    let candidates = candidates(roster, request, demand, counted);
    let wanted = demand.at_least - counted.len();
    if candidates.len() < wanted {
        let seats: Vec<&str> = demand.seats.iter().map(Typed::title).collect();
        let message = format!(
            "{} must agree, and nobody who could is left: {}",
            count(wanted, "more reviewer"),
            seats.join(", ")
        );
        let finding = Diagnostic::new(&NOBODY_CAN, demand.place.clone(), message.clone())
            .why("an empty seat agrees to nothing, and nobody approves what they wrote")
            .hint("give one of these seats a primary or a backup")
            .subject(demand.subject.clone());
        return (Part::new(Aspect::Review, State::Waiting, message), vec![finding]);
    }
    let so_far = if agreed.is_empty() {
        String::new()
    } else {
        format!("; agreed so far: {}", agreed.join(", "))
    };
    let message = format!(
        "{} of {} must agree{so_far}",
        how_many(wanted, counted.is_empty()),
        candidates.join(", "),
    );
    let finding = Diagnostic::new(&REVIEW_MISSING, demand.place.clone(), message.clone())
        .hint("ask one of them for a review of the newest commit")
        .subject(demand.subject.clone());
    (Part::new(Aspect::Review, State::Waiting, message), vec![finding])
}

/// Who could still agree: `ana (Principal SRE)`, the seat of the repository's domain first.
fn candidates(
    roster: &Roster<'_>,
    request: &PullRequest,
    demand: &Demand<'_>,
    counted: &BTreeMap<String, String>,
) -> Vec<String> {
    let model = roster.model();
    let wrote = |name: &str| {
        let is = |author| person_of(model, author).is_some_and(|author| author.name() == name);
        request.authors.iter().any(is)
    };
    let repository = request.repository.as_deref().and_then(|name| model.get::<Repository>(name));
    let domain = repository
        .and_then(|repository| repository.spec.seat.as_ref())
        .map(|seat| seat.name().to_owned());
    let mut found: Vec<(bool, u32, String, String)> = Vec::new();
    for seat in &demand.seats {
        let Some(person) = roster.seat(*seat).person else { continue };
        if wrote(&person) || counted.contains_key(&person) {
            continue;
        }
        let foreign = domain.as_deref() != Some(seat.name());
        found.push((foreign, seat.spec.order.unwrap_or(u32::MAX), seat.title().to_owned(), person));
    }
    found.sort();
    let mut seen = Vec::new();
    found.retain(|(.., person)| {
        let is_new = !seen.contains(person);
        seen.push(person.clone());
        is_new
    });
    found.into_iter().map(|(_, _, seat, person)| format!("{person} ({seat})")).collect()
}

/// A seat that asks for changes holds the request, whichever seat it is.
fn refusal(roster: &Roster<'_>, demands: &[Demand<'_>], review: &Review) -> Option<Diagnostic> {
    let person = person_of(roster.model(), &review.by)?;
    let seats: Vec<Typed<'_, Seat>> = roster.model().all::<Seat>().collect();
    let speaks = voices(roster, person.name(), &seats);
    let seat = speaks.into_iter().find_map(|voice| match voice {
        Voice::Speaks(seat) => Some(seat.title().to_owned()),
        Voice::Silent(_) => None,
    })?;
    let demand = demands.first()?;
    let message = format!("{} ({seat}) asks for changes", person.name());
    Some(
        Diagnostic::new(&CHANGES_REQUESTED, demand.place.clone(), message)
            .hint("change it, or convince them; their next review decides")
            .subject(demand.subject.clone()),
    )
}

fn how_many(wanted: usize, first: bool) -> String {
    let number = if wanted == 1 { "one".to_owned() } else { wanted.to_string() };
    if first { number } else { format!("{number} more") }
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}
