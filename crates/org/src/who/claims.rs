//! What ownership and the seats' own words claim about a subject.

use playbook::{Kind, Model, Typed};

use super::{Claim, Role};
use crate::kinds::{Environment, Office, Person, Seat, Service, Site, Team};
use crate::words::likeness;
use crate::{Graph, Match, Subject};

/// What ownership and the seats' own words say about a subject.
pub fn claims(model: &Model, subject: &Subject) -> Vec<Claim> {
    let mut claims = Vec::new();
    if let Subject::Resource { reference, .. } = subject {
        let graph = Graph::shared(model);
        own_claims(model, &graph, reference, &mut claims);
        neighbour_claims(model, &graph, reference, &mut claims);
    }
    let has_owner = claims.iter().any(|claim| claim.role == Role::Decides);
    let found: Vec<_> = model
        .all::<Seat>()
        .filter_map(|seat| Some((seat.resource.id.to_string(), seat_match(seat, subject)?)))
        .collect();
    let best = found.iter().map(|(_, found)| found.weight).max().unwrap_or(0);
    for (seat, found) in found {
        // A seat decides when nobody owns the subject outright and its own words fit nearly as well
        // as the best ones; seven tenths let two seats share a topic that both name.
        let decides = !has_owner && found.weight * 10 >= best * 7;
        let role = if decides { Role::Decides } else { Role::Consulted };
        claims.push(Claim::new(role, seat, found));
    }
    claims
}

/// How a seat's own words fit a subject. Topics and covers are said for this purpose and count in
/// full; the title, the focus and the sentence about what it owns are hints.
fn seat_match(seat: Typed<'_, Seat>, subject: &Subject) -> Option<Match> {
    let topics = seat.topics.iter().filter_map(|topic| subject.touches(topic, "has"));
    let hint = |text: &str, percent: u32, because: String| {
        let weight = likeness(&subject.words(), text) * percent / 100;
        (weight > 0).then(|| Match::new(weight, because))
    };
    let names = [Some(seat.title()), seat.short.as_deref(), Some(seat.name())];
    let names = names.into_iter().flatten();
    let names = names.filter_map(|name| hint(name, 80, format!("is called `{name}`")));
    let focus = seat.focus.iter();
    let focus = focus.filter_map(|text| hint(text, 70, format!("has the focus `{text}`")));
    let owns = hint(&seat.owns, 50, format!("owns `{}`", seat.owns.trim_end_matches('.')));
    // Words of a resource's name are a hint only: `service/storage-api` need not be about storage.
    let percent = if matches!(subject, Subject::Topic(_)) { 100 } else { 60 };
    let by_words = topics
        .chain(names)
        .chain(focus)
        .chain(owns)
        .max()
        .map(|found| Match { weight: found.weight * percent / 100, because: found.because });
    let found = subject.covered(&seat.covers).into_iter().chain(by_words).max()?;
    // Below a fifth a single common word of a long sentence would make everybody a candidate.
    (found.weight >= 20).then_some(found)
}

/// Who decides about a resource because it is theirs.
fn own_claims(model: &Model, graph: &Graph, reference: &str, claims: &mut Vec<Claim>) {
    let (slug, _) = reference.split_once('/').unwrap_or((reference, ""));
    if let Some(owner) = graph.owner_of(reference) {
        let found = Match::new(100, format!("owns `{reference}`"));
        claims.push(Claim::new(Role::Decides, owner, found));
    } else if [Seat::SLUG, Office::SLUG, Team::SLUG, Person::SLUG].contains(&slug) {
        let found = Match::new(100, "is what was asked for");
        claims.push(Claim::new(Role::Decides, reference, found));
    } else if let Some(seat) = model.all::<Seat>().find(|seat| names(seat, reference)) {
        let found = Match::new(95, format!("names `{reference}` among its topics"));
        claims.push(Claim::new(Role::Decides, seat.resource.id.to_string(), found));
    }
}

fn names(seat: &Seat, reference: &str) -> bool {
    let mut covered = seat.covers.topics.iter();
    seat.topics.iter().any(|topic| topic == reference)
        || covered.any(|topic| topic.as_str() == reference)
}

/// Who is asked or told about a resource because theirs depends on it.
fn neighbour_claims(model: &Model, graph: &Graph, reference: &str, claims: &mut Vec<Claim>) {
    for dependent in graph.dependents_of(reference) {
        if let Some(owner) = graph.owner_of(dependent) {
            let found = Match::new(60, format!("owns `{dependent}`, which depends on it"));
            claims.push(Claim::new(Role::Informed, owner, found));
        }
    }
    let (slug, name) = reference.split_once('/').unwrap_or((reference, ""));
    if slug == Service::SLUG {
        for site in model.get::<Service>(name).into_iter().flat_map(|found| sites(model, &found)) {
            if let Some(owner) = graph.owner_of(&site) {
                let found = Match::new(50, format!("answers for `{site}`, where it runs"));
                claims.push(Claim::new(Role::Consulted, owner, found));
            }
        }
    }
    if slug == Site::SLUG {
        for service in model.all::<Service>() {
            let owner = service.owner.as_ref();
            if let Some(owner) =
                owner.filter(|_| sites(model, &service).contains(&reference.to_owned()))
            {
                let found = Match::new(50, "owns services that run there");
                claims.push(Claim::new(Role::Informed, owner.to_string(), found));
            }
        }
    }
}

/// The sites that a service runs on: its own, or else those of its environments.
fn sites(model: &Model, service: &Service) -> Vec<String> {
    if !service.sites.is_empty() {
        return service.sites.iter().map(ToString::to_string).collect();
    }
    let environments = service.environments.iter();
    let environments = environments.filter_map(|found| model.follow::<Environment>(found));
    environments.flat_map(|found| found.spec.sites.iter().map(ToString::to_string)).collect()
}
