//! Objectives as they are shown: the list, the emptiest budget first, and one of them with what happened meanwhile.

use jiff::Timestamp;
use org::views::PersonRef;
use reliability::record::amendment::NOUN;
use reliability::slo::Objective;
use reliability::slo::budget::Forecast;
use reliability::views::{BudgetView, budget_view, may_see};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Look, Measured};
use crate::Lens;

/// One objective with what is left of its budget.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ObjectiveRow {
    /// The name that people read.
    pub(crate) title: String,
    /// Over which time.
    pub(crate) window: String,
    /// The document, such as `slo/checkout`.
    pub(crate) source: String,
    /// When the budget was measured.
    pub(crate) measured: Timestamp,
    /// When it will be gone at this rate; null where it lasts, is spent, or is not known.
    pub(crate) ends: Option<Timestamp>,
    /// Whether it is spent.
    pub(crate) spent: bool,
    /// What Prometheus was not sure of, and why it did not answer.
    pub(crate) warnings: Vec<String>,
    /// Whether an estate plays Prometheus, so that nothing of this is real.
    pub(crate) simulated: bool,
    /// What is left.
    pub(crate) budget: BudgetView,
}

/// One objective, and how it came to where it is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ObjectiveDetail {
    /// It.
    pub(crate) row: ObjectiveRow,
    /// What it promises.
    pub(crate) description: Option<String>,
    /// The objective that the budget is held against instead of its own, if somebody asks what if.
    pub(crate) what_if: Option<String>,
    /// What was left, in order of time.
    pub(crate) history: Vec<HistoryPoint>,
    /// What happened to the service meanwhile, in order of time.
    pub(crate) changes: Vec<Change>,
    /// What people decided about the budget, the newest first.
    pub(crate) amendments: Vec<AmendmentRow>,
}

/// What somebody decided about a budget.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AmendmentRow {
    /// The number of an exclusion, by which it is taken back; none of a reset.
    pub(crate) exclusion: Option<usize>,
    /// From when on time does not count; of a reset, when counting began anew.
    pub(crate) from: Timestamp,
    /// Until when; none of a reset.
    pub(crate) to: Option<Timestamp>,
    /// Why.
    pub(crate) reason: String,
    /// Who said so.
    pub(crate) person: PersonRef,
    /// When it was said.
    pub(crate) at: Timestamp,
    /// Who took it back; then the time counts.
    pub(crate) included_by: Option<PersonRef>,
}

/// What was left at a moment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct HistoryPoint {
    /// The moment.
    pub(crate) at: Timestamp,
    /// What was left, 1 being all of it; null where nothing was measured.
    pub(crate) left: Option<f64>,
}

/// Something that happened while the budget was counted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Change {
    /// When.
    pub(crate) at: Timestamp,
    /// What, by its reference, such as `change/CHG-2026-0007`.
    pub(crate) reference: String,
    /// How it goes on in a sentence, such as `was applied`.
    pub(crate) what: String,
}

impl Look {
    /// Everything that was measured at a moment.
    pub(super) fn new(at: Timestamp, measured: Vec<Measured>, simulated: bool) -> Self {
        let mut look = Self { at, measured, simulated, rows: Vec::new() };
        let mut rows: Vec<_> = look.measured.iter().map(|one| look.row(one)).collect();
        let left = |row: &ObjectiveRow| row.budget.left_at_worst.unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|one, other| left(one).total_cmp(&left(other)));
        look.rows = rows;
        look
    }

    /// Every objective; what is not known is more urgent than what is, and the emptiest comes first.
    pub(crate) fn rows(&self) -> &[ObjectiveRow] {
        &self.rows
    }

    /// One objective, perhaps held against another promise; nothing when there is none with this id.
    pub(crate) fn detail(
        &self,
        lens: &Lens,
        (id, viewer): (&str, Option<&str>),
        what_if: Option<Objective>,
    ) -> Option<ObjectiveDetail> {
        let measured = self.measured.iter().find(|one| one.slo.id == id)?;
        let held = what_if.map(|objective| against(measured, objective, self.at));
        let shown = held.as_ref().unwrap_or(measured);
        let history = shown.budget.history.iter();
        Some(ObjectiveDetail {
            row: self.row(shown),
            description: measured.slo.description.clone(),
            what_if: what_if.map(|objective| objective.to_string()),
            history: history.map(|it| HistoryPoint { at: it.at, left: it.left }).collect(),
            changes: meanwhile(lens, measured, viewer),
            amendments: amendments(lens, id),
        })
    }

    fn row(&self, measured: &Measured) -> ObjectiveRow {
        let Measured { slo, budget, warnings } = measured;
        let (ends, spent) = match budget.forecast {
            Forecast::At(at) => (Some(at), false),
            Forecast::Spent => (None, true),
            Forecast::Lasts | Forecast::Unknown => (None, false),
        };
        ObjectiveRow {
            title: slo.title.clone(),
            window: slo.window.to_string(),
            source: slo.source.clone(),
            measured: self.at,
            ends,
            spent,
            warnings: warnings.clone(),
            simulated: self.simulated && slo.counted_as().is_none(),
            budget: budget_view(slo, budget),
        }
    }
}

fn against(measured: &Measured, objective: Objective, now: Timestamp) -> Measured {
    let slo = &measured.slo;
    let budget = measured.budget.against((slo.objective, objective), &slo.window, now);
    let mut slo = slo.clone();
    slo.objective = objective;
    Measured { slo, budget, warnings: measured.warnings.clone() }
}

/// What people decided about the budget of an objective, the newest first.
fn amendments(lens: &Lens, id: &str) -> Vec<AmendmentRow> {
    let Some(known) = lens.record.state.reliability.budgets.get(id) else { return Vec::new() };
    let reading = lens.reading();
    let read = |text| reading.texts.read(&format!("{NOUN}/{id}"), text);
    let person = |name: &String| PersonRef::of(lens.snapshot.model(), name);
    let exclusions = known.exclusions.iter().enumerate().map(|(at, it)| AmendmentRow {
        exclusion: Some(at + 1),
        from: it.from,
        to: Some(it.to),
        reason: read(&it.reason),
        person: person(&it.person),
        at: it.at,
        included_by: it.included.as_ref().map(|(_, by)| person(by)),
    });
    let resets = known.resets.iter().map(|it| AmendmentRow {
        exclusion: None,
        from: it.at,
        to: None,
        reason: read(&it.reason),
        person: person(&it.person),
        at: it.at,
        included_by: None,
    });
    let mut rows: Vec<_> = exclusions.chain(resets).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    rows
}

/// Changes that touched the service and incidents that hurt it since counting began.
fn meanwhile(lens: &Lens, measured: &Measured, viewer: Option<&str>) -> Vec<Change> {
    let since = measured.budget.from;
    let service = &measured.slo.service;
    let mut found = Vec::new();
    for (id, change) in &lens.record.state.changes.changes {
        let touches =
            change.plan.as_ref().is_some_and(|plan| plan.touched.services.contains(service));
        if let Some(at) = change.started_at.filter(|at| touches && *at >= since) {
            let reference = format!("change/{id}");
            found.push(Change { at, reference, what: "was applied".to_owned() });
        }
    }
    for (id, incident) in &lens.record.state.reliability.incidents {
        let hurts = incident.services.contains(service) && may_see(incident, viewer);
        if let Some(at) = incident.clocks.began.filter(|at| hurts && *at >= since) {
            let reference = format!("incident/{id}");
            found.push(Change { at, reference, what: "began".to_owned() });
        }
    }
    found.sort_by(|one, other| (one.at, &one.reference).cmp(&(other.at, &other.reference)));
    found
}
