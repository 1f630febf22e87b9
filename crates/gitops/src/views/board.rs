//! The board: every change by its stage, with why it waits.

use jiff::Timestamp;
use org::views::PersonRef;
use plan::lifecycle::{TimeLimits, why_waiting};
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::gate::{self, NeedKind, NeedState, Outcome, Verdict};
use crate::kinds::StepAction;
use crate::record::change::{Origin, Stage, State};

/// How many changes that are at their end the board shows: what happened lately, not an archive.
const CLOSED_SHOWN: usize = 20;

/// Every change by its stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeBoard {
    /// The stages in the order of a life, with their changes; those at their end newest first.
    pub columns: Vec<BoardColumn>,
    /// Uses of break-glass that wait for their review.
    pub reviews_due: Vec<ReviewDue>,
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BoardColumn {
    /// The stage, such as `awaiting-approval`.
    pub stage: String,
    /// How people say it.
    pub title: String,
    /// Its changes.
    pub cards: Vec<ChangeCard>,
}

/// One change in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeCard {
    /// Its id, such as `CHG-2026-0007`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Who wrote it.
    pub author: PersonRef,
    /// The stage, such as `awaiting-approval`.
    pub stage: String,
    /// Since when.
    pub since: Timestamp,
    /// When it should have moved on.
    pub due: Option<Timestamp>,
    /// Whether that has passed.
    pub overdue: bool,
    /// Why it waits, in the user's words; empty at its end.
    pub waits: Vec<String>,
    /// What the gate says, while there is a gate to pass.
    pub outcome: Option<Outcome>,
    /// The decision types that it is.
    pub decision_types: Vec<String>,
    /// The seats whose approval is open, as references.
    pub asked: Vec<String>,
    /// What its plan does and how often.
    pub actions: Vec<(StepAction, u64)>,
    /// How many of its steps cannot be taken back.
    pub irreversible: u64,
    /// The services that notice.
    pub services: Vec<String>,
    /// The change that it takes back.
    pub rollback_of: Option<String>,
    /// Whether somebody broke the glass for it.
    pub broke_glass: bool,
}

/// A use of break-glass that waits for its review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewDue {
    /// The change.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Who broke the glass.
    pub by: PersonRef,
    /// When.
    pub at: Timestamp,
    /// When it must have been reviewed.
    pub due: Timestamp,
    /// Whether that has passed.
    pub overdue: bool,
}

/// The board.
pub fn board(reading: &Reading<'_>) -> ChangeBoard {
    let columns = Stage::ALL.into_iter().map(|stage| {
        let here = reading.record.changes.iter().filter(|(_, state)| state.stage == stage);
        let mut here: Vec<(&String, &State)> = here.collect();
        if stage.is_final() {
            here.sort_by_key(|(id, state)| (std::cmp::Reverse(state.since), (*id).clone()));
            here.truncate(CLOSED_SHOWN);
        }
        BoardColumn {
            stage: slug(stage),
            title: capital(stage.words()),
            cards: here.into_iter().map(|(id, state)| card(reading, id, state)).collect(),
        }
    });
    let due = reading.record.changes.iter().filter_map(|(id, state)| {
        let due = state.review_due()?;
        let glass = state.glass.as_ref()?;
        Some(ReviewDue {
            id: id.clone(),
            title: reading.title(id, state),
            by: reading.person(&glass.by.person),
            at: glass.at,
            due,
            overdue: due < reading.now(),
        })
    });
    let mut reviews_due: Vec<ReviewDue> = due.collect();
    reviews_due.sort_by_key(|review| review.due);
    ChangeBoard { columns: columns.collect(), reviews_due }
}

/// One change in lists.
pub fn card(reading: &Reading<'_>, id: &str, state: &State) -> ChangeCard {
    let verdict = passes_a_gate(state.stage).then(|| reading.verdict(id, state));
    card_with(reading, (id, state), verdict.as_ref())
}

/// The same with a verdict that is there already.
pub(super) fn card_with(
    reading: &Reading<'_>,
    (id, state): (&str, &State),
    verdict: Option<&Verdict>,
) -> ChangeCard {
    let holds = holds(state, verdict);
    let limits = limits(reading);
    let waiting = why_waiting(state.stage, state.since, &holds, &limits, reading.now());
    let touched = state.plan.as_ref().map(|plan| &plan.touched);
    let open = verdict
        .into_iter()
        .flat_map(|verdict| &verdict.needed)
        .filter(|need| need.kind == NeedKind::Approve && need.state == NeedState::Open);
    ChangeCard {
        id: id.to_owned(),
        title: reading.title(id, state),
        author: reading.person(&state.author),
        stage: slug(state.stage),
        since: state.since,
        due: waiting.as_ref().map(|waiting| waiting.due),
        overdue: waiting.as_ref().is_some_and(|waiting| waiting.overdue),
        waits: waiting.map(|waiting| waiting.reasons).unwrap_or_default(),
        outcome: verdict.map(|verdict| verdict.outcome),
        decision_types: verdict.map(|it| it.decision_types.clone()).unwrap_or_default(),
        asked: open.map(|need| need.party.clone()).collect(),
        actions: touched
            .map(|touched| {
                touched.actions.iter().map(|(action, count)| (*action, *count)).collect()
            })
            .unwrap_or_default(),
        irreversible: state.plan.as_ref().map_or(0, |plan| plan.irreversible),
        services: touched.map(|it| it.services.iter().cloned().collect()).unwrap_or_default(),
        rollback_of: match &state.origin {
            Origin::RollbackOf(other) => Some(other.clone()),
            Origin::Person | Origin::PullRequest(_) => None,
        },
        broke_glass: state.glass.is_some(),
    }
}

/// What holds a change, as far as its stage has anything to do with the gate.
fn holds(state: &State, verdict: Option<&Verdict>) -> Vec<String> {
    if state.stage == Stage::Failed {
        return state.failure.iter().cloned().collect();
    }
    let held = verdict.into_iter().flat_map(Verdict::held_by);
    held.map(|reason| match &reason.would_change {
        Some(would) => format!("{}: waits until {would}", reason.text),
        None => reason.text.clone(),
    })
    .collect()
}

/// Whether the gate still has a say.
pub(super) fn passes_a_gate(stage: Stage) -> bool {
    match stage {
        Stage::Planned | Stage::AwaitingApproval | Stage::Approved => true,
        Stage::Draft
        | Stage::Applying
        | Stage::Verifying
        | Stage::Done
        | Stage::Failed
        | Stage::RolledBack
        | Stage::Abandoned => false,
    }
}

fn limits(reading: &Reading<'_>) -> TimeLimits {
    let limits = gate::policy(reading.model()).time_limits;
    TimeLimits {
        draft: limits.draft.to_duration(),
        planned: limits.planned.to_duration(),
        awaiting_approval: limits.awaiting_approval.to_duration(),
        approved: limits.approved.to_duration(),
        applying: limits.applying.to_duration(),
        verifying: limits.verifying.to_duration(),
        ..TimeLimits::default()
    }
}

/// The stage as programs know it: `awaiting-approval`.
pub(super) fn slug(stage: Stage) -> String {
    stage.words().replace(' ', "-")
}

fn capital(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
