//! The gate: whether a change may be applied, why, and what would change that.
//!
//! [`judge`] is a pure function of a [`Subject`] (what is judged), the playbook, [`GateFacts`] (what is
//! known about the world) and the moment. It routes the subject to decision types and quorums
//! (`route`), counts approvals (`tally`) and asks every hold (`holds`, one file a reason).
//!
//! Invariants: a verdict always has reasons; what holds comes first; the author never counts; silence
//! never counts; facts that nobody gave are unknown and never taken to be good. Breaking the glass
//! lifts every hold but a missing plan, and the reasons stay readable.
//!
//! Absent on purpose: asking anybody. Whoever calls gathers the facts; the same facts give the same
//! verdict, so that a verdict can be computed again years later.

mod facts;
mod holds;
mod matching;
mod route;
mod subject;
mod tally;
#[cfg(test)]
mod tests;
mod verdict;
mod voices;

use governance::record::time_zone;
use jiff::Timestamp;
use org::Roster;
use playbook::Model;

pub use facts::{Budget, CheckState, GateFacts, GuardrailFinding, OpenIncident};
pub use subject::{Approval, BreakGlass, Said, Subject, Touched, Window};
pub use verdict::{Need, NeedKind, NeedState, Outcome, Quorum, Reason, Verdict};
pub use voices::{Capacity, voices};

use crate::kinds::GatePolicy;

/// Everything that a hold looks at.
pub(crate) struct Bench<'a> {
    pub(crate) subject: &'a Subject,
    pub(crate) model: &'a Model,
    pub(crate) facts: &'a GateFacts,
    pub(crate) policy: &'a GatePolicy,
    /// The decision types that the subject is, by name.
    pub(crate) types: &'a [String],
    pub(crate) now: Timestamp,
}

/// The playbook's gate policy, or what holds without one.
pub fn policy(model: &Model) -> GatePolicy {
    model.all::<GatePolicy>().next().map_or_else(GatePolicy::default, |found| found.spec.clone())
}

/// Judges a subject.
pub fn judge(subject: &Subject, model: &Model, facts: &GateFacts, now: Timestamp) -> Verdict {
    let roster = Roster::new(model, now.to_zoned(time_zone(model)).date());
    let route = route::route(subject, model, &roster);
    let tally = tally::tally(subject, &route, model, &roster, now);
    let policy = policy(model);
    let types: Vec<String> = route.types.keys().cloned().collect();
    let bench = Bench { subject, model, facts, policy: &policy, types: &types, now };
    let mut reasons: Vec<Reason> = holds::ALL.iter().flat_map(|hold| hold(&bench)).collect();
    reasons.extend(tally.reasons);
    let broke_glass = lift(subject, &mut reasons);
    reasons.extend(remarks(&tally.quorums, tally.approved));
    reasons.extend(route.types.iter().map(|(name, because)| {
        Reason::note("decision-type", format!("it is of type `{name}`: {because}"))
    }));
    // Stable, so that within one outcome the order of the holds stays.
    reasons.sort_by_key(|reason| (!reason.holds(), std::cmp::Reverse(reason.outcome)));
    let holding = reasons.iter().filter(|reason| reason.holds());
    let outcome = holding.clone().map(|it| it.outcome).max().unwrap_or(Outcome::Allow);
    let expiring = subject.approvals.iter().map(|approval| approval.expires);
    let next_change_at = holding.filter_map(|reason| reason.holds_until).chain(expiring);
    Verdict {
        outcome,
        decision_types: types,
        quorums: tally.quorums,
        needed: tally.needed,
        approved: tally.approved,
        broke_glass,
        next_change_at: next_change_at.filter(|at| *at > now).min(),
        reasons,
    }
}

/// Lifts every hold but a missing plan when somebody broke the glass for exactly this plan.
fn lift(subject: &Subject, reasons: &mut Vec<Reason>) -> bool {
    let Some(glass) = subject.break_glass.as_ref() else { return false };
    if glass.plan != subject.plan {
        reasons.push(Reason::note(
            "break-glass-void",
            format!("`{}` broke the glass for another plan than this", glass.person),
        ));
        return false;
    }
    for reason in reasons.iter_mut().filter(|reason| reason.code != holds::NO_PLAN) {
        reason.overridden = reason.outcome != Outcome::Allow;
    }
    reasons.push(Reason::note(
        "break-glass",
        format!(
            "`{}` broke the glass for the seat `{}`; it is reviewed by {}",
            glass.person, glass.seat, glass.review_due
        ),
    ));
    true
}

/// What may be said when nothing holds: who approved.
fn remarks(quorums: &[Quorum], approved: bool) -> Vec<Reason> {
    let met = quorums.iter().filter(|_| approved);
    met.map(|quorum| {
        let seats = diag::words::count(quorum.needed, "seat");
        Reason::note(
            "approved",
            format!("{} of {seats} approved ({})", quorum.given, quorum.because),
        )
    })
    .collect()
}
