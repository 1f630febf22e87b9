//! Who decides, approves, is consulted, told, on call, and backs up, for any subject; and why.
//!
//! The answer is merged from [`Claim`]s: "this holder has this role for the subject, because …".
//! This room contributes what follows from ownership and from the seats' own words ([`claims`]);
//! other rooms add theirs (areas of responsibility, decision types, on-call rotations) through
//! [`answer_with`]. On call is asked of nobody here: it is filled by the room that knows rotations.
//!
//! Invariants: every part of an answer has at least one reason; a holder stands once, in the
//! strongest of the roles decides, consulted, informed; the order is by weight and then by name, so
//! that the same playbook and day give the same answer.

use std::collections::{BTreeMap, BTreeSet};

use playbook::{Facts, Kind, Model, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::{Environment, Office, Person, Seat, Service, Site, Team};
use crate::suggest;
use crate::views::PersonRef;
use crate::{Duty, Graph, Match, Presence, Roster, Standing, Subject};

/// What a holder is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Decides.
    Decides,
    /// Must agree before it is done.
    Approves,
    /// Is asked before.
    Consulted,
    /// Is told after.
    Informed,
    /// Answers now, at any hour.
    OnCall,
}

/// One reason why a holder has a role for the subject of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The role.
    pub role: Role,
    /// The holder as a reference: `seat/network-security`, `team/payments`, `audience/everyone`.
    pub holder: String,
    /// How sure, from 1 to 100: 100 is said outright, less is inferred from words.
    pub weight: u32,
    /// Why, with the holder as the subject of the sentence left out: "owns `service/api`".
    pub because: String,
}

impl Claim {
    /// Makes a claim.
    pub fn new(role: Role, holder: impl Into<String>, found: Match) -> Self {
        Self { role, holder: holder.into(), weight: found.weight, because: found.because }
    }
}

/// One holder in an answer, resolved to a person on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Part {
    /// The holder as a reference.
    pub holder: String,
    /// The name that people read.
    pub title: String,
    /// Who answers today, when it is one person.
    pub person: Option<PersonRef>,
    /// In which capacity.
    pub standing: Standing,
    /// Why the holder is in the answer, best reason first, and then why this person.
    pub because: Vec<String>,
    /// How sure, from 1 to 100.
    pub weight: u32,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The question as it was asked.
    pub query: String,
    /// What it was understood to be about.
    pub subject: Subject,
    /// Who decides.
    pub decides: Vec<Part>,
    /// Who must agree.
    pub approves: Vec<Part>,
    /// Who is asked before.
    pub consulted: Vec<Part>,
    /// Who is told after.
    pub informed: Vec<Part>,
    /// Who answers at any hour.
    pub on_call: Vec<Part>,
    /// Who stands in when those who decide or approve are not here.
    pub backs_up: Vec<Part>,
    /// How the question was understood and what the answer rests on.
    pub reasons: Vec<String>,
    /// What is missing: seats that nobody fills, deciders without a backup.
    pub gaps: Vec<String>,
    /// What may have been meant, when there is no answer.
    pub did_you_mean: Vec<String>,
}

impl Answer {
    /// Says whether nobody at all was found.
    pub fn is_empty(&self) -> bool {
        let Self { decides, approves, consulted, informed, on_call, .. } = self;
        [decides, approves, consulted, informed, on_call].iter().all(|parts| parts.is_empty())
    }
}

/// Answers a question from ownership and the seats' own words alone.
pub fn answer(model: &Model, query: &str, facts: &Facts) -> Answer {
    answer_with(model, query, facts, Vec::new())
}

/// Answers a question, with the claims of other rooms about the same subject.
pub fn answer_with(model: &Model, query: &str, facts: &Facts, extra: Vec<Claim>) -> Answer {
    let roster = Roster::new(model, facts.today);
    let subject = Subject::understand(model, query);
    let mut claims = claims(model, &subject);
    claims.extend(extra);
    let mut parts = merge(claims);
    let mut take = |role: Role| -> Vec<Part> {
        let holders = parts.remove(&role).unwrap_or_default();
        let mut parts: Vec<_> =
            holders.into_iter().map(|merged| resolve(&roster, merged)).collect();
        parts.sort_by(|left, right| {
            right.weight.cmp(&left.weight).then_with(|| left.holder.cmp(&right.holder))
        });
        parts
    };
    let mut answer = Answer {
        query: query.to_owned(),
        decides: take(Role::Decides),
        approves: take(Role::Approves),
        consulted: take(Role::Consulted),
        informed: take(Role::Informed),
        on_call: take(Role::OnCall),
        backs_up: Vec::new(),
        reasons: vec![understood(&subject)],
        gaps: Vec::new(),
        did_you_mean: Vec::new(),
        subject,
    };
    if answer.approves.is_empty() && !answer.decides.is_empty() {
        answer.reasons.push(
            "no decision type names approvers for it, so those who decide approve".to_owned(),
        );
        answer.approves = answer.decides.clone();
    }
    find_backups(&roster, &mut answer);
    if let Some(missing) = missing_reference(model, &answer.subject) {
        answer.reasons.push(missing);
        answer.did_you_mean = candidates(model, query);
    } else if answer.is_empty() {
        answer.did_you_mean = candidates(model, query);
    }
    answer
}

fn understood(subject: &Subject) -> String {
    match subject {
        Subject::Resource { reference, file, .. } => {
            format!("the question is about `{reference}`, declared in `{file}`")
        }
        Subject::Path(path) => format!("the question is about the file `{path}`"),
        Subject::Topic(topic) => format!("the question is about the topic `{topic}`"),
    }
}

/// Says that a path reads like a reference to a kind that the playbook has, and is none.
fn missing_reference(model: &Model, subject: &Subject) -> Option<String> {
    let Subject::Path(path) = subject else { return None };
    let (slug, _) = path.split_once('/')?;
    model.of_slug(slug).next().is_some().then(|| {
        format!("there is no `{path}` in the playbook, so it was taken as the name of a file")
    })
}

/// What ownership and the seats' own words say about a subject.
pub fn claims(model: &Model, subject: &Subject) -> Vec<Claim> {
    let mut claims = Vec::new();
    if let Subject::Resource { reference, .. } = subject {
        let graph = Graph::of(model);
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
        let weight = crate::words::likeness(&subject.words(), text) * percent / 100;
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

/// A holder with all reasons for one role.
struct Merged {
    holder: String,
    weight: u32,
    because: Vec<String>,
}

fn merge(mut claims: Vec<Claim>) -> BTreeMap<Role, Vec<Merged>> {
    claims.sort_by(|left, right| {
        (left.role, &left.holder, std::cmp::Reverse(left.weight), &left.because).cmp(&(
            right.role,
            &right.holder,
            std::cmp::Reverse(right.weight),
            &right.because,
        ))
    });
    let mut merged: BTreeMap<Role, Vec<Merged>> = BTreeMap::new();
    let mut known: BTreeSet<(Role, String)> = BTreeSet::new();
    for Claim { role, holder, weight, because } in claims {
        let stronger: &[Role] = match role {
            Role::Decides | Role::Approves | Role::OnCall => &[],
            Role::Consulted => &[Role::Decides],
            Role::Informed => &[Role::Decides, Role::Consulted],
        };
        if stronger.iter().any(|&stronger| known.contains(&(stronger, holder.clone()))) {
            continue;
        }
        let holders = merged.entry(role).or_default();
        match holders.last_mut().filter(|last| last.holder == holder) {
            Some(last) if last.because.contains(&because) => {}
            // Ten reasons convince as well as a thousand, and are still read.
            Some(last) if last.because.len() >= 10 => {}
            Some(last) => last.because.push(because),
            None => {
                known.insert((role, holder.clone()));
                holders.push(Merged { holder, weight, because: vec![because] });
            }
        }
    }
    merged
}

fn resolve(roster: &Roster<'_>, merged: Merged) -> Part {
    let Merged { holder, weight, mut because } = merged;
    let (slug, name) = holder.split_once('/').unwrap_or((&holder, ""));
    let Duty { person, standing, because: duty } = roster.duty(slug, name);
    let title = roster.model().resource(&holder).map_or(name, |resource| resource.title());
    let title = title.to_owned();
    because.push(duty);
    let person = person.map(|name| PersonRef::of(roster.model(), &name));
    Part { holder, title, person, standing, because, weight }
}

/// Fills in who backs up the seats that decide or approve, and says where nobody does.
fn find_backups(roster: &Roster<'_>, answer: &mut Answer) {
    let mut seen = Vec::new();
    for part in answer.decides.iter().chain(&answer.approves) {
        let Some(seat) = part.holder.strip_prefix("seat/").filter(|seat| !seen.contains(seat))
        else {
            continue;
        };
        seen.push(seat);
        let holder = &part.holder;
        match part.standing {
            Standing::Gap => answer.gaps.push(format!(
                "`{holder}` is empty: {}",
                part.because.last().map_or("nobody holds it", String::as_str)
            )),
            Standing::Backup => {
                answer.gaps.push(format!("the backup of `{holder}` stands in, with nobody behind"));
            }
            Standing::Primary => {
                let backup = roster.model().get::<Seat>(seat).and_then(|seat| seat.backup.clone());
                match backup.filter(|name| roster.presence(name.name()) == Presence::Here) {
                    Some(backup) => answer.backs_up.push(Part {
                        person: Some(PersonRef::of(roster.model(), backup.name())),
                        standing: Standing::Backup,
                        because: vec![format!("`{}` is the backup of `{holder}`", backup.name())],
                        ..part.clone()
                    }),
                    None => answer.gaps.push(format!("nobody backs up `{holder}`")),
                }
            }
            Standing::Inactive | Standing::Holder | Standing::Group => {}
        }
    }
}

/// What may have been meant: references, topics and titles that are spelt alike.
fn candidates(model: &Model, query: &str) -> Vec<String> {
    let seats = || model.all::<Seat>();
    let topics = seats().flat_map(|seat| {
        let covered = seat.spec.covers.topics.iter().map(|topic| topic.as_str());
        seat.spec.topics.iter().chain(&seat.spec.focus).map(String::as_str).chain(covered)
    });
    let references = model.resources().map(|resource| resource.id.to_string());
    suggest::closest(query, topics.map(str::to_owned).chain(references))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{TODAY, table};

    const TABLE: &str = "
        Person/ana: {}
        Person/ben: {}
        Person/cleo: {leaves: 2026-01-01}
        Seat/network: {short: Network/Sec, owns: Network and security architecture., focus: [VLANs], topics: [vlan, ssh access], covers: {paths: ['network/**'], kinds: [vlan]}, primary: ana, backup: ben}
        Seat/finops: {owns: Capacity planning and cost., focus: [GPU tracking], topics: [gpu quota, cost], primary: cleo, backup: ben}
        Seat/sre: {owns: Reliability., topics: [disaster recovery], covers: {kinds: [site]}}
        Seat/talent: {owns: Hiring., topics: [interview loop], active_when: hiring}
        Team/core: {lead: ana}
        Team/shop: {members: [ben]}
        Site/eu-1: {role: primary, owner: sre}
        Service/api: {owner: team/core, sites: [eu-1]}
        Service/checkout: {owner: team/shop, depends_on: [api]}
    ";

    fn ask(query: &str, extra: Vec<Claim>) -> Answer {
        let workspace = table(TABLE);
        answer_with(workspace.model(), query, &Facts { today: TODAY }, extra)
    }

    #[track_caller]
    fn check(query: &str, expected: &str) {
        let answer = ask(query, Vec::new());
        let list = |name: &str, parts: &[Part]| {
            parts.iter().fold(String::new(), |text, part| {
                let person = part.person.as_ref().map_or("nobody", |person| &person.name);
                text + &format!("{name} {} ({person}): {}\n", part.holder, part.because.join("; "))
            })
        };
        let text = list("decides", &answer.decides)
            + &list("consulted", &answer.consulted)
            + &list("informed", &answer.informed)
            + &list("backs up", &answer.backs_up)
            + &answer.gaps.iter().map(|gap| format!("gap {gap}\n")).collect::<String>();
        let lines =
            |text: &str| text.trim().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(&text), lines(expected), "{text}");
    }

    #[test]
    fn a_service_is_its_owners_business() {
        check(
            "service/api",
            "decides team/core (ana): owns `service/api`; `ana` leads the team
             consulted seat/sre (nobody): answers for `site/eu-1`, where it runs; the seat has no primary and no backup
             informed team/shop (nobody): owns `service/checkout`, which depends on it; the team answers together, because the team has no lead",
        );
    }

    #[test]
    fn a_topic_finds_the_seat_that_names_it() {
        check(
            "VLANs",
            "decides seat/network (ana): has the topic `vlan`; `ana` is the primary
             backs up seat/network (ben): `ben` is the backup of `seat/network`",
        );
        check(
            "gpu quotas",
            "decides seat/finops (ben): has the topic `gpu quota`; `ben` stands in as the backup, because `cleo` left on 2026-01-01
             gap the backup of `seat/finops` stands in, with nobody behind",
        );
    }

    #[test]
    fn a_path_finds_the_seat_that_covers_it() {
        check(
            "network/core/vlans.yaml",
            "decides seat/network (ana): covers files `network/**`; `ana` is the primary
             backs up seat/network (ben): `ben` is the backup of `seat/network`",
        );
    }

    #[test]
    fn an_empty_seat_still_answers_and_shows_the_gap() {
        check(
            "eu-1",
            "decides seat/sre (nobody): owns `site/eu-1`; the seat has no primary and no backup
             informed team/core (ana): owns services that run there; `ana` leads the team
             gap `seat/sre` is empty: the seat has no primary and no backup",
        );
    }

    #[test]
    fn an_inactive_seat_is_named_as_such() {
        let answer = ask("interview loop", Vec::new());
        assert_eq!(answer.decides[0].standing, Standing::Inactive);
    }

    #[test]
    fn other_rooms_add_claims_and_the_strongest_role_stays() {
        let claim =
            |role, holder: &str, because: &str| Claim::new(role, holder, Match::new(100, because));
        let answer = ask(
            "vlan",
            vec![
                claim(Role::Informed, "seat/network", "is told"),
                claim(Role::Informed, "seat/sre", "is told"),
                claim(Role::Approves, "seat/finops", "pays"),
                claim(Role::OnCall, "person/ana", "has the pager"),
            ],
        );
        let holders =
            |parts: &[Part]| parts.iter().map(|part| part.holder.clone()).collect::<Vec<_>>();
        assert_eq!(holders(&answer.decides), ["seat/network"]);
        assert_eq!(holders(&answer.approves), ["seat/finops"]);
        assert_eq!(holders(&answer.informed), ["seat/sre"]);
        assert_eq!(holders(&answer.on_call), ["person/ana"]);
    }

    #[test]
    fn nothing_found_suggests_what_was_meant() {
        let answer = ask("disastr recovry", Vec::new());
        assert!(answer.is_empty());
        assert_eq!(answer.did_you_mean, ["disaster recovery"]);
        let answer = ask("service/chekout", Vec::new());
        assert_eq!(answer.did_you_mean, ["service/checkout"]);
        assert_eq!(
            answer.reasons.last().unwrap(),
            "there is no `service/chekout` in the playbook, so it was taken as the name of a file"
        );
    }

    proptest! {
        #[test]
        fn every_answer_is_deterministic_and_has_reasons(query in "[a-z/ .-]{0,20}|vlan|eu-1|service/api") {
            let answer = ask(&query, Vec::new());
            prop_assert_eq!(&answer, &ask(&query, Vec::new()));
            prop_assert!(!answer.reasons.is_empty());
            let Answer { decides, approves, consulted, informed, .. } = &answer;
            for part in [decides, approves, consulted, informed].into_iter().flatten() {
                prop_assert!(!part.because.is_empty());
            }
        }
    }
}
