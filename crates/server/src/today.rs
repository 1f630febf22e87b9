//! Today, whole: what the council's procedures ask of somebody, and what goes on at the systems.

use fleet::views::{Fleet, MachineRow};
use gitops::record::change::Stage;
use governance::views;
use jiff::SignedDuration;
use reliability::views::{ClockRow, Coverage, IncidentRow, OnCallRow, on_call};
use schemars::JsonSchema;
use serde::Serialize;

use crate::objectives::ObjectiveRow;
use crate::{AppState, Lens};

/// How soon a budget must end to be worth a line: what a team can still do something about.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How many budgets are named; the page of objectives has the others.
const BUDGETS: usize = 6;

/// How many machines are named; the fleet has the others.
const MACHINES: usize = 3;

/// The page that everybody opens first.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Today {
    /// What the council's procedures ask for, and what they bring.
    #[serde(flatten)]
    pub(crate) council: views::Today,
    /// The incidents that go on, the worst first; drills are nobody's worry here.
    pub(crate) incidents: Vec<IncidentRow>,
    /// The changes that wait for the viewer.
    pub(crate) changes: Vec<WaitingChange>,
    /// The budgets that are spent, unknown, or gone soon; null where all is well, and for the past.
    pub(crate) budgets: Option<UrgentBudgets>,
    /// The first machines that need a person; none for the past.
    pub(crate) machines: Vec<MachineRow>,
    /// Who is on call, schedule by schedule.
    pub(crate) on_call: Vec<OnCallRow>,
    /// What authorities and users must be told, and by when.
    pub(crate) clocks: Vec<ClockRow>,
    /// How many alerting objectives have a runbook.
    pub(crate) coverage: Coverage,
}

/// A change that waits for the viewer.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WaitingChange {
    id: String,
    title: String,
    /// What is asked.
    why: String,
    since: jiff::Timestamp,
    /// Whether it has waited too long.
    overdue: bool,
}

/// The budgets that somebody should know of.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct UrgentBudgets {
    /// Spent, or gone soon; the emptiest first.
    rows: Vec<ObjectiveRow>,
    /// How many more there are of them.
    further: usize,
    /// How many nobody could measure.
    unknown: usize,
    /// Why the first of those is unknown.
    why: Option<String>,
}

impl Today {
    /// Computes it for somebody. What systems report is remembered for now alone: `present` says whether the lens shows that.
    pub(crate) fn of(state: &AppState, lens: &Lens, viewer: Option<&str>, present: bool) -> Self {
        let verified = lens.verified();
        let operations = lens.operations(&verified);
        Self {
            council: views::today(&lens.reading(), viewer),
            incidents: incidents(&operations, viewer),
            changes: changes(state, lens, viewer),
            budgets: if present { budgets(state, lens) } else { None },
            machines: if present { machines(state, lens) } else { Vec::new() },
            on_call: on_call(lens.snapshot.model(), &operations.record.exchanges(), lens.now),
            clocks: reliability::views::clocks(&operations, viewer),
            coverage: reliability::views::coverage(&operations),
        }
    }
}

fn incidents(
    operations: &reliability::views::Reading<'_>,
    viewer: Option<&str>,
) -> Vec<IncidentRow> {
    let mut rows = reliability::views::incidents(operations, viewer);
    rows.retain(|row| row.stage.is_open() && !row.test);
    rows.sort_by_key(|row| (row.level.unwrap_or(u32::MAX), row.since));
    rows
}

/// The changes that the viewer may approve, or wrote and can move on, or must review.
fn changes(state: &AppState, lens: &Lens, viewer: Option<&str>) -> Vec<WaitingChange> {
    let Some(person) = viewer else { return Vec::new() };
    let mut found = Vec::new();
    for (id, change) in &lens.record.state.changes.changes {
        let author = change.author == person;
        let why = match change.stage {
            Stage::AwaitingApproval if !author => asked(state, lens, id, person),
            Stage::Approved if author => Some("it may be applied, if the gate agrees".to_owned()),
            Stage::Failed if author => Some("it failed; go on, or plan the way back".to_owned()),
            Stage::Planned if author => Some("read the plan, and ask the seats".to_owned()),
            Stage::AwaitingApproval
            | Stage::Approved
            | Stage::Failed
            | Stage::Planned
            | Stage::Draft
            | Stage::Applying
            | Stage::Verifying
            | Stage::Done
            | Stage::RolledBack
            | Stage::Abandoned => None,
        };
        if let Some(why) = why {
            let gate = lens.gate(state);
            let card = gitops::views::card(&lens.changes(&gate), id, change);
            let (title, overdue) = (card.title, card.overdue);
            found.push(WaitingChange { id: id.clone(), title, why, since: change.since, overdue });
        }
    }
    found
}

fn asked(state: &AppState, lens: &Lens, id: &str, person: &str) -> Option<String> {
    let gate = lens.gate(state).of_change(state, lens, id);
    let detail = gitops::views::detail(&lens.changes(&gate), id, Some(person))?;
    let needed = detail.verdict.iter().flat_map(|verdict| &verdict.needed);
    let needed: Vec<_> = needed.filter_map(|need| need.party.strip_prefix("seat/")).collect();
    let seat = detail.may_approve_for.iter().find(|seat| needed.contains(&seat.as_str()))?;
    Some(format!("your approval for `seat/{seat}` is open"))
}

fn budgets(state: &AppState, lens: &Lens) -> Option<UrgentBudgets> {
    let look = state.objectives().last()?;
    let is_unknown = |row: &&ObjectiveRow| row.budget.unknown.is_some();
    let ends = |row: &&ObjectiveRow| {
        row.spent || row.ends.is_some_and(|at| at.duration_since(lens.now) <= SOON)
    };
    let urgent = look.rows().iter().filter(|row| !is_unknown(row) && ends(row));
    let why = look.rows().iter().find(is_unknown);
    let why = why.and_then(|row| row.warnings.first().or(row.budget.unknown.as_ref())).cloned();
    let rows: Vec<_> = urgent.clone().take(BUDGETS).cloned().collect();
    let further = urgent.count() - rows.len();
    let unknown = look.rows().iter().filter(is_unknown).count();
    (!rows.is_empty() || why.is_some()).then_some(UrgentBudgets { rows, further, unknown, why })
}

fn machines(state: &AppState, lens: &Lens) -> Vec<MachineRow> {
    let watch = state.fleet().watch();
    if watch.looks.is_empty() {
        return Vec::new();
    }
    let fleet = Fleet::of(lens.snapshot.model(), &watch, lens.now);
    fleet.problems().into_iter().take(MACHINES).cloned().collect()
}
