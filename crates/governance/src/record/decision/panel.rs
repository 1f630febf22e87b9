//! Who is asked about a decision: computed from its type and from the RACI areas it falls into.

use jiff::Timestamp;
use org::kinds::Seat;
use org::{Listener, Subject};
use playbook::{Model, OneOf, Ref, Typed};
use serde::{Deserialize, Serialize};

use super::super::Facts;
use super::super::Refusal;
use crate::kinds::{Agree, Decision, RaciArea};

/// Who is asked, by when, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// The seats that have a vote, by name.
    pub must_agree: Vec<String>,
    /// How many of them must agree.
    pub agree: Agree,
    /// When the silence of a seat becomes agreement.
    pub lazy_consensus_at: Option<Timestamp>,
    /// The parties that are asked, as references.
    pub consulted: Vec<String>,
    /// Until when they are waited for.
    pub consult_until: Option<Timestamp>,
    /// The parties that are told, as references.
    pub informed: Vec<String>,
    /// The RACI areas that were taken into account, by name.
    pub areas: Vec<String>,
}

/// How well a topic or path of a decision must fit an area to count, out of 100. The words of a topic
/// that an area names outright reach at least this; a single common word of several does not.
const FITS: u32 = 60;

/// Computes the panel of a decision that is proposed now.
///
/// # Errors
/// When it has no type, or nobody could ever meet the type's rule.
pub fn for_decision(
    decision: Typed<'_, Decision>,
    facts: &Facts<'_>,
) -> Result<(String, Panel), Refusal> {
    let model = facts.model;
    let name = decision.name();
    let Some(reference) = &decision.decision_type else {
        let reason = format!("`decision/{name}` has no type, so nobody knows who must agree");
        return Err(Refusal::new("no-type", reason).passes_if("its front matter has `type: …`"));
    };
    let Some(kind) = model.follow(reference) else {
        let reason = format!("there is no decision type `{}`", reference.name());
        return Err(Refusal::new("no-type", reason).passes_if("`type` names one that exists"));
    };
    let roster = facts.roster();
    let active = |seat: &&Ref<Seat>| model.follow(seat).is_some_and(|seat| roster.is_active(&seat));
    let must_agree = unique(kind.primaries.iter().filter(active).map(|seat| seat.name().into()));
    let needed = match kind.rule.agree.value {
        Agree::All => 1,
        Agree::AtLeast(number) => number.max(1) as usize,
    };
    if must_agree.len() < needed {
        let reason = format!(
            "`{reference}` needs {needed} agreeing, and {} of its primary seats can vote",
            must_agree.len()
        );
        return Err(Refusal::new("no-quorum", reason)
            .passes_if("the type names more primary seats, or its rule asks for fewer"));
    }
    let after = |period: playbook::Period| facts.now.checked_add(period.to_duration()).ok();
    let areas = areas(model, decision);
    let is_primary = |party: &String| {
        party.strip_prefix("seat/").is_some_and(|seat| must_agree.iter().any(|name| name == seat))
    };
    let consulted = unique(
        kind.consulted
            .iter()
            .filter(active)
            .map(ToString::to_string)
            .chain(areas.iter().flat_map(|area| asked(area)))
            .filter(|party| !is_primary(party)),
    );
    let informed = unique(
        areas
            .iter()
            .flat_map(|area| area.informed.iter().map(OneOf::<Listener>::to_string))
            .filter(|party| !is_primary(party) && !consulted.contains(party)),
    );
    let rule = &kind.rule;
    let panel = Panel {
        agree: rule.agree.value,
        lazy_consensus_at: rule
            .lazy_consensus_after
            .as_ref()
            .and_then(|after_| after(after_.value)),
        consult_until: kind.consult_within.as_ref().and_then(|within| after(within.value)),
        areas: areas.iter().map(|area| area.name().to_owned()).collect(),
        must_agree,
        consulted,
        informed,
    };
    Ok((kind.name().to_owned(), panel))
}

/// Whom an area asks: those consulted, and whoever answers for it or does the work without a vote.
fn asked<'a>(area: &'a Typed<'_, RaciArea>) -> impl Iterator<Item = String> + 'a {
    let spec = area.spec;
    let owners = spec.accountable.iter().chain(&spec.responsible).map(ToString::to_string);
    spec.consulted.iter().map(ToString::to_string).chain(owners)
}

/// The RACI areas that a decision falls into, by its `covers`.
pub(crate) fn areas<'m>(
    model: &'m Model,
    decision: Typed<'_, Decision>,
) -> Vec<Typed<'m, RaciArea>> {
    let covers = &decision.covers;
    let topics = covers.topics.iter().map(|topic| Subject::Topic(topic.value.clone()));
    let paths = covers.paths.iter().map(|path| Subject::Path(path.value.clone()));
    let subjects: Vec<_> = topics.chain(paths).collect();
    let fits = |area: &Typed<'_, RaciArea>| {
        let about = area.subjects();
        let shares = |kind: &playbook::Spanned<String>| {
            about.kinds.iter().any(|known| known.value == kind.value)
        };
        covers.kinds.iter().any(shares)
            || subjects.iter().any(|subject| {
                subject.covered(&about).is_some_and(|found| found.weight >= FITS)
                    || subject.touches(area.title(), "").is_some_and(|found| found.weight >= FITS)
            })
    };
    model.all::<RaciArea>().filter(fits).collect()
}

fn unique(parties: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for party in parties {
        if !found.contains(&party) {
            found.push(party);
        }
    }
    found
}
