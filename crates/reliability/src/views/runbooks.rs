//! Runbooks: which there are, whether anybody has found them right lately, and which alerts have one.
//!
//! When a runbook was last verified is the later of two days: what its file says, and when a run of the same steps
//! last succeeded.

use jiff::civil::Date;
use playbook::{Model, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use super::runs::{RunRow, runs_of};
use crate::kinds::{Parameter, Runbook, Step};
use crate::record::State;
use crate::record::facts::time_zone;
use crate::record::runbook_run::Stage;
use crate::slo::{Slo, lower};

/// How far a runbook can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "RunbookStanding")]
pub enum Standing {
    /// Nobody ever said that it is right.
    Untested,
    /// That it was found right is too long ago.
    Stale,
    /// It was found right not long ago.
    Fresh,
}

/// A runbook in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunbookRow {
    /// Its name.
    pub name: String,
    /// The name that people read.
    pub title: String,
    /// When to use it.
    pub when: String,
    /// The seat that keeps it right.
    pub owner: Option<String>,
    /// The services that it is about.
    pub services: Vec<String>,
    /// How many steps it has.
    pub steps: usize,
    /// How far it can be trusted.
    pub standing: Standing,
    /// When it was last found right.
    pub verified: Option<Date>,
    /// The run that showed it, when it was a run.
    pub verified_by: Option<String>,
    /// The first day on which it is stale.
    pub stale_on: Option<Date>,
    /// How many objectives send their alerts to it.
    pub alerts: usize,
}

/// Everything about one runbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunbookDetail {
    /// Its line in the list.
    pub row: RunbookRow,
    /// Its text in Markdown.
    pub body: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// What they have to be told.
    pub parameters: Vec<Parameter>,
    /// The objectives that send their alerts to it.
    pub alerts: Vec<String>,
    /// Its runs, the newest first.
    pub runs: Vec<RunRow>,
    /// What its steps are, in a few letters.
    pub digest: String,
}

/// How many alerting objectives have a runbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RunbookCoverage")]
pub struct Coverage {
    /// Objectives that alert.
    pub alerting: usize,
    /// Those that have a runbook.
    pub covered: usize,
    /// Those whose runbook was found right not long ago.
    pub fresh: usize,
    /// Those without one, by their titles.
    pub missing: Vec<String>,
}

/// What an alert has as its runbook.
#[derive(Clone, Debug)]
pub enum Sought<'a> {
    /// A runbook of the playbook.
    Here(Typed<'a, Runbook>),
    /// A page somewhere else.
    Elsewhere,
    /// A name that is no runbook's.
    Unknown(String),
    /// Nothing.
    Missing,
}

/// Finds the runbook of an objective: the one that it names, or else one that is about its service.
pub fn sought<'a>(model: &'a Model, slo: &Slo) -> Sought<'a> {
    match slo.runbook.as_deref() {
        Some(text) if text.contains("://") => Sought::Elsewhere,
        Some(text) => {
            let name = text.strip_prefix("runbook/").unwrap_or(text);
            model
                .get::<Runbook>(name)
                .map_or_else(|| Sought::Unknown(text.to_owned()), Sought::Here)
        }
        None => {
            let about = |book: &Typed<'_, Runbook>| {
                book.spec.services.iter().any(|service| service.name() == slo.service)
            };
            model.all::<Runbook>().find(about).map_or(Sought::Missing, Sought::Here)
        }
    }
}

/// All runbooks: those that can be trusted least first.
pub fn runbooks(reading: &Reading<'_>) -> Vec<RunbookRow> {
    let lowered = lower(reading.model);
    let mut rows: Vec<_> =
        reading.model.all::<Runbook>().map(|found| row(reading, found, &lowered.slos)).collect();
    rows.sort_by(|left, right| (left.standing, &left.name).cmp(&(right.standing, &right.name)));
    rows
}

/// One runbook.
pub fn runbook(reading: &Reading<'_>, name: &str) -> Option<RunbookDetail> {
    let found = reading.model.get::<Runbook>(name)?;
    let lowered = lower(reading.model);
    let alerts = sent_to(reading.model, name, &lowered.slos).map(|slo| slo.title.clone());
    Some(RunbookDetail {
        row: row(reading, found, &lowered.slos),
        body: found.spec.body.clone(),
        steps: found.spec.steps.clone(),
        parameters: found.spec.parameters.clone(),
        alerts: alerts.collect(),
        runs: runs_of(reading, name),
        digest: found.spec.digest(),
    })
}

/// How many alerting objectives have a runbook.
pub fn coverage(reading: &Reading<'_>) -> Coverage {
    let mut coverage = Coverage::default();
    let today = reading.now.to_zoned(time_zone(reading.model)).date();
    for slo in lower(reading.model).slos.iter().filter(|slo| !slo.alerts.is_empty()) {
        coverage.alerting += 1;
        match sought(reading.model, slo) {
            Sought::Here(found) => {
                coverage.covered += 1;
                let (standing, ..) = standing(reading, found, today);
                coverage.fresh += usize::from(standing == Standing::Fresh);
            }
            // Nobody here knows how fresh a page elsewhere is.
            Sought::Elsewhere => coverage.covered += 1,
            Sought::Unknown(_) | Sought::Missing => coverage.missing.push(slo.title.clone()),
        }
    }
    coverage
}

fn sent_to<'s>(model: &'s Model, name: &'s str, slos: &'s [Slo]) -> impl Iterator<Item = &'s Slo> {
    slos.iter().filter(move |slo| match sought(model, slo) {
        Sought::Here(found) => found.name() == name,
        Sought::Elsewhere | Sought::Unknown(_) | Sought::Missing => false,
    })
}

fn row(reading: &Reading<'_>, found: Typed<'_, Runbook>, slos: &[Slo]) -> RunbookRow {
    let today = reading.now.to_zoned(time_zone(reading.model)).date();
    let (standing, verified, verified_by) = standing(reading, found, today);
    RunbookRow {
        name: found.name().to_owned(),
        title: found.title().to_owned(),
        when: found.spec.runbook.value.clone(),
        owner: found.spec.owner.as_ref().map(ToString::to_string),
        services: found.spec.services.iter().map(|one| one.name().to_owned()).collect(),
        steps: found.spec.steps.len(),
        standing,
        stale_on: verified.and_then(|day| found.spec.stale_on(day)),
        verified,
        verified_by,
        alerts: sent_to(reading.model, found.name(), slos).count(),
    }
}

/// How far it can be trusted, when it was last found right, and by which run.
fn standing(
    reading: &Reading<'_>,
    found: Typed<'_, Runbook>,
    today: Date,
) -> (Standing, Option<Date>, Option<String>) {
    let written = found.spec.verified.as_ref().map(|day| day.value);
    let run = last_proof(reading, reading.record, found);
    let (verified, by) = match (written, run) {
        (Some(written), Some((day, id))) if day >= written => (Some(day), Some(id)),
        (None, Some((day, id))) => (Some(day), Some(id)),
        (written, _) => (written, None),
    };
    let stale = verified.and_then(|day| found.spec.stale_on(day)).is_some_and(|day| day <= today);
    let standing = match verified {
        None => Standing::Untested,
        Some(_) if stale => Standing::Stale,
        Some(_) => Standing::Fresh,
    };
    (standing, verified, by)
}

/// The last run in which the same steps have all passed.
fn last_proof(
    reading: &Reading<'_>,
    record: &State,
    found: Typed<'_, Runbook>,
) -> Option<(Date, String)> {
    let digest = found.spec.digest();
    let zone = time_zone(reading.model);
    let proofs = record.runs.iter().filter(|(_, run)| {
        run.runbook == found.name() && run.stage == Stage::Done && run.digest == digest
    });
    let last = proofs.filter_map(|(id, run)| Some((run.ended?, id))).max()?;
    Some((last.0.to_zoned(zone).date(), last.1.clone()))
}
