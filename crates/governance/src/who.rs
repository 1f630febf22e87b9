//! What governance knows about who decides, and what it loses when somebody leaves.
//!
//! [`claims`] contributes the RACI areas and decision types to the answers of `org::who`, and
//! [`consequences`] contributes quorums, accountabilities and consultations to `org::whatif`.

use jiff::civil::Date;
use org::whatif::{Consequence, Consequences, Gravity, UnknownPerson};
use org::who::{Answer, Claim, Role};
use org::{Match, Roster, Subject};
use playbook::{Facts, Model, Resource, Typed};

use crate::kinds::{Agree, Decision, DecisionType, RaciArea};
use crate::record::State;
use crate::record::decision::Stage;

/// Answers a question from ownership, areas and decision types.
pub fn answer(model: &Model, query: &str, facts: &Facts) -> Answer {
    let subject = Subject::understand(model, query);
    with_successor(model, org::who::answer_with(model, query, facts, claims(model, &subject)))
}

/// Adds to an answer about a superseded decision which one to ask about instead.
pub fn with_successor(model: &Model, mut answer: Answer) -> Answer {
    if answer.retired.is_none() {
        answer.retired = superseded(model, &answer.subject);
    }
    answer
}

fn superseded(model: &Model, subject: &Subject) -> Option<String> {
    let Subject::Resource { reference, .. } = subject else { return None };
    let decision = model.get::<Decision>(reference.strip_prefix("decision/")?)?;
    let (successor, _) = decision.successor()?;
    Some(format!("`{reference}` is superseded; ask about `decision/{successor}` instead"))
}

/// Everything that breaks when somebody leaves, with what the record knows to be unfinished.
///
/// # Errors
/// When the playbook does not know the person.
pub fn leave(
    model: &Model,
    record: &State,
    person: &str,
    on: Date,
) -> Result<Consequences, UnknownPerson> {
    let name = person.strip_prefix("person/").unwrap_or(person);
    org::whatif::leave(model, person, on, consequences(model, record, name, on))
}

/// What areas and decision types say about a subject.
pub fn claims(model: &Model, subject: &Subject) -> Vec<Claim> {
    let mut claims = Vec::new();
    for area in model.all::<RaciArea>() {
        if let Some(found) = area_match(area, subject) {
            area_claims(area, &found, &mut claims);
        }
    }
    for kind in model.all::<DecisionType>() {
        if let Some(found) = subject.covered(&kind.covers) {
            type_claims(kind, &found, &mut claims);
        }
    }
    claims
}

fn area_match(area: Typed<'_, RaciArea>, subject: &Subject) -> Option<Match> {
    if is(subject, area.resource) {
        return Some(Match::new(100, "is in the area that was asked for"));
    }
    let titled = subject.touches(area.title(), "has an area called");
    subject.covered(&area.subjects()).into_iter().chain(titled).max()
}

fn is(subject: &Subject, resource: &Resource) -> bool {
    subject.name() == resource.id.to_string()
}

fn area_claims(area: Typed<'_, RaciArea>, found: &Match, claims: &mut Vec<Claim>) {
    let title = area.title();
    let mut claim = |role, holder: String, letter: &str| {
        let because = format!("is {letter} for the area \"{title}\", which {}", found.because);
        claims.push(Claim::new(role, holder, Match::new(found.weight, because)));
    };
    for holder in area.accountable.iter() {
        claim(Role::Decides, holder.to_string(), "accountable");
    }
    for holder in &area.responsible {
        claim(Role::Decides, holder.to_string(), "responsible");
    }
    for listener in &area.consulted {
        claim(Role::Consulted, listener.to_string(), "consulted");
    }
    for listener in &area.informed {
        claim(Role::Informed, listener.to_string(), "informed");
    }
}

fn type_claims(kind: Typed<'_, DecisionType>, found: &Match, claims: &mut Vec<Claim>) {
    let label = kind.label(kind.title());
    for seat in kind.primaries.iter() {
        let because = format!("must agree: \"{label}\" {}", found.because);
        claims.push(Claim::new(
            Role::Approves,
            seat.to_string(),
            Match::new(found.weight, because),
        ));
    }
    for seat in &kind.consulted {
        let because = format!("is consulted: \"{label}\" {}", found.because);
        let found = Match::new(found.weight, because);
        claims.push(Claim::new(Role::Consulted, seat.to_string(), found));
    }
}

/// What governance loses when a person is gone from a day on.
pub fn consequences(model: &Model, record: &State, person: &str, on: Date) -> Vec<Consequence> {
    let before = Roster::new(model, on);
    let after = Roster::new(model, on).without(person);
    let loss = Loss { before, after, person };
    let mut items = Vec::new();
    for kind in model.all::<DecisionType>() {
        items.extend(loss.quorum(kind));
        items.extend(loss.lone_voter(kind));
    }
    for area in model.all::<RaciArea>() {
        loss.area(area, &mut items);
    }
    for (name, state) in &record.decisions {
        let author = state.proposal.as_ref().map(|proposal| proposal.author.as_str());
        if state.stage.is_open() && author == Some(person) {
            items.extend(loss.orphan(model, name));
        }
    }
    for (id, action) in &record.actions {
        let open = action.stage == crate::record::action::Stage::Open;
        if open && action.owner == format!("person/{person}") {
            items.push(Consequence {
                gravity: Gravity::Weakens,
                subject: format!("action/{id}"),
                what: format!("the action due on {} has no owner", action.due),
                why: format!("`{person}` promised it in person"),
                suggestion: "give it to somebody else".to_owned(),
                place: None,
            });
        }
    }
    items
}

struct Loss<'m> {
    before: Roster<'m>,
    after: Roster<'m>,
    person: &'m str,
}

impl Loss<'_> {
    /// The people who answer for a type's seats on that day, each seat once.
    fn voters(roster: &Roster<'_>, kind: &DecisionType) -> Vec<String> {
        let duties = kind.primaries.iter().map(|seat| roster.duty("seat", seat.name()));
        duties.filter_map(|duty| duty.person).collect()
    }

    fn quorum(&self, kind: Typed<'_, DecisionType>) -> Option<Consequence> {
        let active = kind.primaries.iter().filter(|seat| {
            let seat = self.after.model().follow(seat);
            seat.is_some_and(|seat| self.after.is_active(&seat))
        });
        let needed = match kind.rule.agree.value {
            Agree::All => active.count(),
            Agree::AtLeast(number) => number as usize,
        };
        let (before, after) = (Self::voters(&self.before, &kind), Self::voters(&self.after, &kind));
        (before.len() >= needed && after.len() < needed).then(|| Consequence {
            gravity: Gravity::Breaks,
            subject: kind.resource.id.to_string(),
            what: format!(
                "decisions of \"{}\" cannot be accepted by votes: {needed} must agree, {} can vote",
                kind.label(kind.title()),
                after.len()
            ),
            why: format!("`{}` votes for one of its seats, and nobody stands in", self.person),
            suggestion: "name a primary or a backup for that seat, or change the rule".to_owned(),
            place: Some(kind.resource.at(kind.primaries.span)),
        })
    }

    /// With one voter left, that person's own proposals can never be accepted.
    fn lone_voter(&self, kind: Typed<'_, DecisionType>) -> Option<Consequence> {
        let people = |roster: &Roster<'_>| {
            Self::voters(roster, &kind).into_iter().collect::<std::collections::BTreeSet<_>>()
        };
        let (before, after) = (people(&self.before), people(&self.after));
        let last = after.first().filter(|_| before.len() > 1 && after.len() == 1)?;
        Some(Consequence {
            gravity: Gravity::Weakens,
            subject: kind.resource.id.to_string(),
            what: format!("only `{last}` can vote on \"{}\"", kind.label(kind.title())),
            why: "nobody carries their own proposal alone".to_owned(),
            suggestion: "name somebody else for one of its seats".to_owned(),
            place: Some(kind.resource.at(kind.primaries.span)),
        })
    }

    fn area(&self, area: Typed<'_, RaciArea>, items: &mut Vec<Consequence>) {
        let title = area.title();
        let mut lost = |gravity, slug: &str, name: &str, span, what: String| {
            let filled = self.before.duty(slug, name).is_filled();
            let empty = !self.after.duty(slug, name).is_filled();
            if filled && empty {
                items.push(Consequence {
                    gravity,
                    subject: area.resource.id.to_string(),
                    what,
                    why: format!("`{slug}/{name}` has nobody without `{}`", self.person),
                    suggestion: format!("name somebody for `{slug}/{name}`, or another party"),
                    place: Some(area.resource.at(span)),
                });
            }
        };
        for holder in area.accountable.iter() {
            let what = format!("nobody is accountable for \"{title}\"");
            lost(Gravity::Breaks, holder.slug(), holder.name(), holder.span(), what);
        }
        for holder in &area.responsible {
            let what = format!("nobody does the work of `{holder}` in \"{title}\"");
            lost(Gravity::Breaks, holder.slug(), holder.name(), holder.span(), what);
        }
        for listener in &area.consulted {
            let what = format!("\"{title}\" loses whom it consults as `{listener}`");
            lost(Gravity::Weakens, listener.slug(), listener.name(), listener.span(), what);
        }
    }

    fn orphan(&self, model: &Model, name: &str) -> Option<Consequence> {
        let decision = model.get::<Decision>(name)?;
        Some(Consequence {
            gravity: Gravity::Weakens,
            subject: format!("decision/{name}"),
            what: "the proposal has no author who can answer objections".to_owned(),
            why: format!(
                "`{}` proposed it, and it is still {}",
                self.person,
                Stage::Proposed.word()
            ),
            suggestion: "settle it before that day, or let somebody else propose it".to_owned(),
            place: Some(decision.resource.place.clone()),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::vocabulary::TRIAL;
    use trial::TODAY;

    const COUNCIL: &str = "
        Person/ana: {}
        Person/ben: {}
        Person/cleo: {}
        Seat/sre: {owns: Reliability., primary: ana}
        Seat/net: {owns: Networks., primary: ben, backup: cleo}
        DecisionType/b: {scope: Platforms., primaries: [sre, net], consulted: [], covers: {paths: ['platform/**']}}
        RaciArea/gpu: {title: x}
    ";

    fn council() -> playbook::Workspace {
        let lines = COUNCIL.replace("RaciArea/gpu: {title: x}", "RaciArea/gpu: {responsible: [seat/net], accountable: [seat/sre], informed: [person/cleo], topics: [gpu quota]}");
        TRIAL.read(&lines)
    }

    #[test]
    fn areas_and_types_answer() {
        let workspace = council();
        let facts = Facts { today: TODAY };
        let found = answer(workspace.model(), "gpu quota", &facts);
        let names = |parts: &[org::who::Part]| {
            parts.iter().map(|part| part.holder.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(&found.decides), "seat/net seat/sre");
        assert_eq!(names(&found.informed), "person/cleo");
        let found = answer(workspace.model(), "platform/openstack.yaml", &facts);
        assert_eq!(names(&found.approves), "seat/net seat/sre");
        assert!(found.approves[0].because[0].contains("must agree"), "{found:?}");
    }

    #[test]
    fn a_superseded_decision_names_the_one_that_replaced_it() {
        let workspace = TRIAL.read(
            "
            Decision/old: {status: accepted, date: 2026-01-01, superseded_by: new}
            Decision/new: {status: accepted, date: 2026-02-01, supersedes: [old]}
            ",
        );
        let found = answer(workspace.model(), "decision/old", &Facts { today: TODAY });
        assert_eq!(
            found.retired.as_deref(),
            Some("`decision/old` is superseded; ask about `decision/new` instead")
        );
        let found = answer(workspace.model(), "decision/new", &Facts { today: TODAY });
        assert_eq!(found.retired, None);
    }

    #[test]
    fn a_leaver_without_a_stand_in_breaks_quorum_and_accountability() {
        let workspace = council();
        let found = |person: &str| {
            let items =
                consequences(workspace.model(), &State::default(), person, date(2027, 1, 15));
            items.into_iter().map(|item| item.what).collect::<Vec<_>>()
        };
        assert_eq!(
            found("ana"),
            [
                "decisions of \"b\" cannot be accepted by votes: 2 must agree, 1 can vote",
                "only `ben` can vote on \"b\"",
                "nobody is accountable for \"gpu\"",
            ]
        );
        assert_eq!(found("ben"), Vec::<String>::new());
    }
}
