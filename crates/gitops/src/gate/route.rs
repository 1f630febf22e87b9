//! Whose word a change needs: decision types by what it touches, quorums from them and from RACI.
//!
//! Change rules come first; where none fits, the `covers` of the decision types do. Whatever follows
//! from them, one seat at least reviews what touches a system, and it is one of the domain where the
//! playbook names any: by RACI area, by the target's owner, by what a seat covers.

use std::collections::{BTreeMap, BTreeSet};

use governance::kinds::{Agree, DecisionType, RaciArea};
use org::kinds::{Covers, Seat};
use org::{Roster, glob};
use playbook::{Model, Typed};

use super::{Subject, Touched};
use crate::covering::policies;
use crate::kinds::{ChangeRule, Repository, Target, Touches};

/// Who is asked, and by which rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// Decision types by name, each with why.
    pub(crate) types: BTreeMap<String, String>,
    /// Who must approve.
    pub(crate) groups: Vec<Group>,
    /// Parties that are asked, with why.
    pub(crate) consulted: BTreeMap<String, String>,
    /// Parties that are told, with why.
    pub(crate) informed: BTreeMap<String, String>,
}

/// Seats of which some must approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) because: String,
    pub(crate) seats: BTreeSet<String>,
    pub(crate) agree: Agree,
}

/// A decision type that a change is, by the rules that fit.
struct Ruled {
    agree: Option<Agree>,
    because: String,
}

/// Computes the route of a subject.
pub(crate) fn route(subject: &Subject, model: &Model, roster: &Roster<'_>) -> Route {
    let touched = &subject.touched;
    let areas: Vec<_> =
        model.all::<RaciArea>().filter(|area| meets(&area.covers, touched).is_some()).collect();
    let domain = domain(model, touched, &areas);
    let rules: Vec<_> = model.all::<ChangeRule>().filter(|rule| fits(rule, touched)).collect();
    let mut types = ruled(&rules);
    if rules.is_empty() {
        types.extend(covered(model, touched));
    }
    for name in &subject.said.decision_types {
        let because = "its author says so".to_owned();
        types.entry(name.clone()).or_insert(Ruled { agree: None, because });
    }
    let mut route = Route::default();
    for (name, ruled) in &types {
        let Some(kind) = model.get::<DecisionType>(name) else { continue };
        route.add_type(kind, ruled, &domain, roster);
    }
    for rule in &rules {
        let also = rule.also.iter().map(|seat| seat.name().to_owned()).collect();
        route.group(format!("rule \"{}\"", rule.title()), also, Agree::All);
    }
    let paths = touched.paths.iter().map(String::as_str);
    for policy in policies(model, paths, |name| touched.repositories.contains(name)) {
        let named = policy.reviews.seats.iter().map(|seat| seat.name().to_owned());
        let seats = or_everybody(&named.collect(), roster);
        let because = format!("policy \"{}\"", policy.title());
        route.group(because, seats, Agree::AtLeast(policy.reviews.at_least.value));
    }
    if touched.is_infrastructure() || route.groups.is_empty() {
        let because = if domain.is_empty() {
            "a seat of the council reviews every change"
        } else {
            "a seat whose domain it is reviews it"
        };
        let seats = or_everybody(&domain, roster);
        route.group(because.to_owned(), seats, Agree::AtLeast(1));
    }
    route.listen(&areas);
    route
}

impl Route {
    fn group(&mut self, because: String, seats: BTreeSet<String>, agree: Agree) {
        if !seats.is_empty() && agree != Agree::AtLeast(0) {
            self.groups.push(Group { because, seats, agree });
        }
    }

    fn add_type(
        &mut self,
        kind: Typed<'_, DecisionType>,
        ruled: &Ruled,
        domain: &BTreeSet<String>,
        roster: &Roster<'_>,
    ) {
        let label = kind.label(kind.title());
        let active = |seat: &&playbook::Ref<Seat>| {
            roster.model().follow(seat).is_some_and(|seat| roster.is_active(&seat))
        };
        let mut seats: BTreeSet<String> =
            kind.primaries.iter().filter(active).map(|seat| seat.name().to_owned()).collect();
        let agree = ruled.agree.unwrap_or(kind.rule.agree.value);
        if matches!(ruled.agree, Some(Agree::AtLeast(_))) {
            seats.extend(domain.iter().cloned());
        }
        for seat in kind.consulted.iter().filter(active) {
            self.consulted.entry(seat.to_string()).or_insert_with(|| label.clone());
        }
        self.types.insert(kind.name().to_owned(), ruled.because.clone());
        self.group(label, seats, agree);
    }

    /// Those consulted and told by RACI, without those who approve.
    fn listen(&mut self, areas: &[Typed<'_, RaciArea>]) {
        for area in areas {
            let because = || format!("RACI area \"{}\"", area.title());
            let owners = area.accountable.iter().chain(&area.responsible);
            for party in area.consulted.iter().map(ToString::to_string) {
                self.consulted.entry(party).or_insert_with(because);
            }
            for party in owners.map(ToString::to_string).filter(|it| !it.starts_with("seat/")) {
                self.consulted.entry(party).or_insert_with(because);
            }
            for party in area.informed.iter().map(ToString::to_string) {
                self.informed.entry(party).or_insert_with(because);
            }
        }
        let approve = |party: &str| {
            let seat = party.strip_prefix("seat/");
            seat.is_some_and(|seat| self.groups.iter().any(|group| group.seats.contains(seat)))
        };
        self.consulted.retain(|party, _| !approve(party));
        self.informed.retain(|party, _| !approve(party) && !self.consulted.contains_key(party));
    }
}

/// The seats in whose domain it falls.
fn domain(model: &Model, touched: &Touched, areas: &[Typed<'_, RaciArea>]) -> BTreeSet<String> {
    let holders =
        areas.iter().flat_map(|area| area.responsible.iter().chain(area.accountable.iter()));
    let mut seats: BTreeSet<String> = holders
        .filter(|holder| holder.slug() == "seat")
        .map(|holder| holder.name().to_owned())
        .collect();
    let targets = touched.targets.iter().filter_map(|name| model.get::<Target>(name));
    seats
        .extend(targets.filter_map(|it| it.spec.owner.as_ref().map(|seat| seat.name().to_owned())));
    let repositories = touched.repositories.iter().filter_map(|it| model.get::<Repository>(it));
    seats.extend(
        repositories.filter_map(|it| it.spec.seat.as_ref().map(|seat| seat.name().to_owned())),
    );
    if seats.is_empty() {
        let covering = model.all::<Seat>().filter(|seat| meets(&seat.covers, touched).is_some());
        seats.extend(covering.map(|seat| seat.name().to_owned()));
    }
    seats
}

/// The active seats among these; every active seat when none is named.
fn or_everybody(named: &BTreeSet<String>, roster: &Roster<'_>) -> BTreeSet<String> {
    let active = roster.model().all::<Seat>().filter(|seat| roster.is_active(seat.spec));
    let active = active.map(|seat| seat.name().to_owned());
    let wanted: BTreeSet<String> = active.filter(|seat| named.contains(seat)).collect();
    if wanted.is_empty() { everybody(roster) } else { wanted }
}

/// Every seat at the table.
pub(crate) fn everybody(roster: &Roster<'_>) -> BTreeSet<String> {
    let active = roster.model().all::<Seat>().filter(|seat| roster.is_active(seat.spec));
    active.map(|seat| seat.name().to_owned()).collect()
}

/// The decision types of the rules that fit; of several rules for one type the strictest holds.
fn ruled(rules: &[Typed<'_, ChangeRule>]) -> BTreeMap<String, Ruled> {
    let mut types: BTreeMap<String, Ruled> = BTreeMap::new();
    for rule in rules {
        let because = match &rule.because {
            Some(because) => format!("rule \"{}\": {because}", rule.title()),
            None => format!("rule \"{}\"", rule.title()),
        };
        let found = Ruled { agree: rule.agree, because };
        let name = rule.decision_type.name().to_owned();
        match types.get(&name) {
            Some(known) if strictness(known.agree) >= strictness(found.agree) => {}
            Some(_) | None => {
                types.insert(name, found);
            }
        }
    }
    types
}

/// The type's own rule is the strictest: it is what the council agreed on for decisions.
fn strictness(agree: Option<Agree>) -> u64 {
    match agree {
        None => u64::MAX,
        Some(Agree::All) => u64::MAX - 1,
        Some(Agree::AtLeast(number)) => u64::from(number),
    }
}

fn covered(model: &Model, touched: &Touched) -> Vec<(String, Ruled)> {
    let kinds = model.all::<DecisionType>();
    let found = kinds.filter_map(|kind| {
        let because = meets(&kind.covers, touched)?;
        Some((kind.name().to_owned(), Ruled { agree: None, because }))
    });
    found.collect()
}

/// Why something that covers files and kinds is met by what is touched.
fn meets(covers: &Covers, touched: &Touched) -> Option<String> {
    let kind = covers.kinds.iter().find(|kind| touched.kinds.contains(&kind.value));
    let kind = kind.map(|kind| format!("it touches resources of the kind `{}`", kind.value));
    kind.or_else(|| {
        let pattern = covers
            .paths
            .iter()
            .find(|pattern| touched.paths.iter().any(|path| glob::matches(&pattern.value, path)))?;
        Some(format!("it touches files `{}`", pattern.value))
    })
}

fn fits(rule: &ChangeRule, touched: &Touched) -> bool {
    let Touches { paths, kinds, actions, environments, sites, targets, services, .. } =
        &rule.touches.value;
    let paths_fit = paths.is_empty()
        || paths.iter().any(|glob| touched.paths.iter().any(|path| glob::matches(glob, path)));
    let cost_fits = rule.touches.monthly_cost_above.is_none_or(|above| {
        i128::from(touched.monthly_cost_micros) > i128::from(above) * 1_000_000
    });
    !rule.touches.is_empty()
        && paths_fit
        && cost_fits
        && any(kinds, |kind| touched.kinds.contains(kind))
        && any(actions, |action| touched.actions.contains_key(action))
        && any(environments, |it| touched.environments.contains(it.name()))
        && any(sites, |it| touched.sites.contains(it.name()))
        && any(targets, |it| touched.targets.contains(it.name()))
        && any(services, |it| touched.services.contains(it.name()))
}

/// A field that is left out does not matter.
fn any<T>(wanted: &[T], is_touched: impl FnMut(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is_touched)
}
