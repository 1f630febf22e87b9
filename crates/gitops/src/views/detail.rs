//! One change: what it says, what its plan does, who approved, what the gate says, how far it is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use org::views::PersonRef;
use plan::execute::Record;
use playbook::Period;
use schemars::JsonSchema;
use serde::Serialize;

use super::board::{card_with, passes_a_gate};
use super::{ChangeCard, Reading};
use crate::gate::{Verdict, Window, voices};
use crate::maintenance::Silenced;
use crate::record::change::{Planned, Stage, State, Via};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeDetail {
    /// The same as in lists.
    pub card: ChangeCard,
    /// What changes and why.
    pub description: Option<String>,
    /// What could go wrong.
    pub risk: Option<String>,
    /// How to get back.
    pub rollback: Option<String>,
    /// Where it was tried.
    pub evidence: Option<String>,
    /// The decisions that it rests on, as references.
    pub cites: Vec<String>,
    /// The address of its pull request.
    pub pull_request: Option<String>,
    /// Its plan.
    pub plan: Option<Planned>,
    /// When it was planned.
    pub planned_at: Option<Timestamp>,
    /// What the gate says, while there is a gate to pass.
    pub verdict: Option<Verdict>,
    /// Who approved, oldest first.
    pub approvals: Vec<ApprovalRow>,
    /// Somebody who passed the gate in an emergency.
    pub glass: Option<GlassRow>,
    /// How far its steps are.
    pub steps: StepProgress,
    /// Why it failed last.
    pub failure: Option<String>,
    /// When it may be applied.
    pub windows: Vec<Window>,
    /// What is silent meanwhile.
    pub silences: Vec<SilenceRow>,
    /// What is said on the status page meanwhile.
    pub notice: Option<String>,
    /// The services that it is said of, by name.
    pub notice_services: BTreeSet<String>,
    /// What the outside refused around it.
    pub refused: Vec<(Timestamp, String)>,
    /// The seats that the viewer may approve for now, by name.
    pub may_approve_for: Vec<String>,
    /// Whether the viewer wrote it.
    pub is_author: bool,
    /// The change that took it back.
    pub rolled_back_by: Option<String>,
    /// Why nobody wants it any more.
    pub abandoned_because: Option<String>,
}

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ApprovalRow {
    /// The seat, as a reference.
    pub seat: String,
    /// Who.
    pub person: PersonRef,
    /// When.
    pub at: Timestamp,
    /// Until when it counts.
    pub expires: Timestamp,
    /// By which way.
    pub via: Via,
    /// A remark.
    pub comment: Option<String>,
    /// Why it does not count any more.
    pub void: Option<String>,
}

/// The glass, broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GlassRow {
    /// Who.
    pub person: PersonRef,
    /// The seat that they hold, as a reference.
    pub seat: String,
    /// When.
    pub at: Timestamp,
    /// Why it could not wait.
    pub reason: String,
    /// The codes of what held it.
    pub overrode: Vec<String>,
    /// When it must have been reviewed.
    pub review_due: Timestamp,
    /// By whom it was reviewed, when, and what came out of it.
    pub review: Option<(PersonRef, Timestamp, String)>,
}

/// How far the steps of a plan are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepProgress {
    /// All that are carried out by themselves; those that a tool carries out with another one share its fate.
    pub total: u64,
    /// Begun, and not known to be done.
    pub under_way: u64,
    /// Done, and seen.
    pub done: u64,
    /// Failed at their last try.
    pub failed: u64,
}

/// A silence of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SilenceRow {
    /// What it silences.
    pub matchers: Vec<String>,
    /// Why.
    pub comment: String,
    /// How long it lasts at most, whatever happens to the change.
    pub at_most: Period,
    /// What became of it out in the world.
    pub stands: Option<Silenced>,
    /// Whether it was of no use.
    pub matched_nothing: bool,
}

/// One change, as a viewer sees it; nothing when there is none with this id.
pub fn detail(reading: &Reading<'_>, id: &str, viewer: Option<&str>) -> Option<ChangeDetail> {
    let state = reading.record.changes.get(id)?;
    let verdict = passes_a_gate(state.stage).then(|| reading.verdict(id, state));
    let said = &state.said;
    let text = |text: &Option<governance::Text>| text.as_ref().map(|it| reading.text(id, it));
    Some(ChangeDetail {
        card: card_with(reading, (id, state), verdict.as_ref()),
        description: text(&said.description),
        risk: text(&said.risk),
        rollback: text(&said.rollback),
        evidence: text(&said.evidence),
        cites: said.cites.iter().map(|name| format!("decision/{name}")).collect(),
        pull_request: match &state.origin {
            crate::record::change::Origin::PullRequest(address) => Some(address.clone()),
            crate::record::change::Origin::Person
            | crate::record::change::Origin::RollbackOf(_) => None,
        },
        plan: state.plan.clone(),
        planned_at: state.planned_at,
        verdict,
        approvals: approvals(reading, id, state),
        glass: glass(reading, id, state),
        steps: progress(state),
        failure: state.failure.clone(),
        windows: said.maintenance.windows.clone(),
        silences: silences(reading, id, state),
        notice: said.maintenance.notice.as_ref().map(|notice| reading.text(id, &notice.text)),
        notice_services: said
            .maintenance
            .notice
            .as_ref()
            .map(|notice| notice.services.clone())
            .unwrap_or_default(),
        refused: state.around.refused.clone(),
        may_approve_for: viewer.map_or_else(Vec::new, |it| may_approve_for(reading, state, it)),
        is_author: viewer == Some(state.author.as_str()),
        rolled_back_by: state.rolled_back_by.clone(),
        abandoned_because: text(&state.abandoned_because),
    })
}

fn approvals(reading: &Reading<'_>, id: &str, state: &State) -> Vec<ApprovalRow> {
    let rows = state.approvals.iter().map(|approved| ApprovalRow {
        seat: format!("seat/{}", approved.approval.seat),
        person: reading.person(&approved.approval.person),
        at: approved.approval.at,
        expires: approved.approval.expires,
        via: approved.via,
        comment: approved.comment.as_ref().map(|comment| reading.text(id, comment)),
        void: approved.void.clone(),
    });
    rows.collect()
}

fn glass(reading: &Reading<'_>, id: &str, state: &State) -> Option<GlassRow> {
    let glass = state.glass.as_ref()?;
    let review = glass.review.as_ref().map(|review| {
        (reading.person(&review.person), review.at, reading.text(id, &review.finding))
    });
    Some(GlassRow {
        person: reading.person(&glass.by.person),
        seat: format!("seat/{}", glass.by.seat),
        at: glass.at,
        reason: reading.text(id, &glass.reason),
        overrode: glass.overrode.clone(),
        review_due: glass.by.review_due,
        review,
    })
}

fn progress(state: &State) -> StepProgress {
    let alone = |plan: &Planned| plan.steps.saturating_sub(plan.carried);
    let total = state.plan.as_ref().map_or(0, alone);
    let mut progress = StepProgress { total, ..StepProgress::default() };
    for record in state.steps().values() {
        match record {
            Record::Started { .. } => {}
            Record::Intended { .. } => progress.under_way += 1,
            Record::Applied { .. } | Record::Verified { .. } => progress.done += 1,
            Record::Failed { .. } => progress.failed += 1,
        }
    }
    progress
}

fn silences(reading: &Reading<'_>, id: &str, state: &State) -> Vec<SilenceRow> {
    let declared = state.said.maintenance.silences.iter().enumerate();
    let row = |(at, silence): (usize, &crate::maintenance::Silence)| {
        let stands = state.around.silences.get(&at).cloned();
        SilenceRow {
            matchers: silence.matchers.iter().map(ToString::to_string).collect(),
            comment: reading.text(id, &silence.comment),
            at_most: silence.at_most,
            matched_nothing: stands.as_ref().is_some_and(Silenced::matched_nothing),
            stands,
        }
    };
    declared.map(row).collect()
}

/// The seats that somebody may approve for: theirs, while approvals count, unless they wrote it.
fn may_approve_for(reading: &Reading<'_>, state: &State, viewer: &str) -> Vec<String> {
    if !matches!(state.stage, Stage::AwaitingApproval | Stage::Approved) {
        return Vec::new();
    }
    let facts = reading.council.facts(viewer);
    let roster = facts.roster();
    let seats = reading.model().all::<org::kinds::Seat>().filter(|seat| {
        let standing = state.standing();
        let others = standing.filter(|it| it.approval.seat != seat.name());
        let engaged = others.map(|it| it.approval.person.as_str()).collect();
        let may = voices(*seat, &roster, &state.author, &engaged);
        let given = |it: &crate::record::change::Approved| {
            it.approval.seat == seat.name() && it.approval.person == viewer
        };
        may.iter().any(|(person, _)| person == viewer) && !state.standing().any(given)
    });
    seats.map(|seat| seat.name().to_owned()).collect()
}
