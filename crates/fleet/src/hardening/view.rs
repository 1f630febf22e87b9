//! Hardening as it is shown: the fleet, its sites and roles, and one host.

use std::collections::BTreeMap;

use governance::kinds::AgendaSource;
use governance::views::{AgendaEntry, Contribution, Urgency};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use playbook::{Model, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::demands::{Demands, demands, holds};
use super::record::{Found, Known, Outcome, Report, State};
use crate::kinds::{ControlArea, Intent, Machine, Waiver};

/// How old an audit may be to be believed: a week, in which every host was changed at least once by its updates.
const FRESH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Weeks of the trend: a quarter.
const WEEKS: i64 = 13;

/// How soon a waiver must end to be worth a line on an agenda.
const ENDS_SOON: i64 = 21;

/// How many hosts an agenda names.
const ON_AGENDA: usize = 5;

/// Controls counted over hosts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HardeningShare")]
pub struct Share {
    /// Hosts that have a baseline.
    pub hosts: usize,
    /// Hosts that never answered an audit.
    pub unaudited: usize,
    /// Controls that are held.
    pub held: usize,
    /// Controls that are broken.
    pub broken: usize,
    /// Controls of which it is not known.
    pub unknown: usize,
    /// Controls that are waived today; they count neither way.
    pub waived: usize,
    /// Controls that only a person can judge.
    pub by_hand: usize,
    /// Held in held and broken, in percent and rounded down, so that 100 means all; null where nothing could be judged.
    pub percent: Option<usize>,
}

impl Share {
    fn add(&mut self, row: &HostRow) {
        let Self { held, broken, unknown, waived, by_hand, .. } = row.share;
        self.hosts += 1;
        self.unaudited += usize::from(row.audited.is_none());
        self.held += held;
        self.broken += broken;
        self.unknown += unknown;
        self.waived += waived;
        self.by_hand += by_hand;
        self.percent = percent(self.held, self.broken);
    }
}

fn percent(held: usize, broken: usize) -> Option<usize> {
    (held * 100).checked_div(held + broken)
}

/// How a host stands, the worst first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "HardeningStanding")]
pub enum Standing {
    /// A control is broken.
    Broken,
    /// It gave no answer at the last audit.
    Silent,
    /// It was never audited.
    Unaudited,
    /// What is known is too old.
    Stale,
    /// None is broken, and not all could be seen.
    Unknown,
    /// Everything that was asked for is held.
    Held,
}

impl Standing {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Silent => "silent",
            Self::Unaudited => "never audited",
            Self::Stale => "stale",
            Self::Unknown => "partly unknown",
            Self::Held => "held",
        }
    }
}

/// A host in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HardeningHostRow")]
pub struct HostRow {
    /// The machine's name.
    pub name: String,
    /// Its site.
    pub site: String,
    /// Its role.
    pub role: String,
    /// Its baseline.
    pub baseline: String,
    /// How it stands.
    pub standing: Standing,
    /// The same for people.
    pub word: String,
    /// Its controls.
    pub share: Share,
    /// The ids of the broken ones.
    pub broken: Vec<String>,
    /// When it last answered.
    pub audited: Option<Timestamp>,
    /// Why it gave no answer at the last audit.
    pub silent: Option<String>,
    /// Whether something that is installed waits for a restart.
    pub restart: bool,
}

/// One control on one host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HardeningControlRow")]
pub struct ControlRow {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub area: ControlArea,
    /// The requirement.
    pub requires: Option<String>,
    /// What was found; null where the last audit did not ask.
    pub outcome: Option<Outcome>,
    /// What is wrong, or could not be seen.
    pub why: Vec<String>,
    /// The waiver that holds today.
    pub waiver: Option<String>,
}

/// One host, control by control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HardeningHostDetail")]
pub struct HostDetail {
    /// It in a line.
    pub row: HostRow,
    /// Its controls, in the order of the baseline.
    pub controls: Vec<ControlRow>,
    /// Its operating system, as it calls itself.
    pub system: Option<String>,
    /// Its kernel.
    pub kernel: Option<String>,
    /// Its score over time, waivers not counted.
    pub history: Vec<Point>,
}

/// A score at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HardeningPoint")]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// In percent; null where nothing was known.
    pub percent: Option<usize>,
}

/// An exception that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HardeningWaiverRow")]
pub struct WaiverRow {
    /// Its name.
    pub name: String,
    /// The name that people read.
    pub title: String,
    /// The control, such as `server/packages`.
    pub control: String,
    /// Whom it covers.
    pub covers: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who answers for the risk.
    pub owner: String,
    /// The last day on which it holds.
    pub until: Date,
    /// How many days that is from today.
    pub days: i64,
    /// How many hosts would break the control without it.
    pub needed_by: usize,
}

/// The hardening of the whole fleet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HardeningView {
    /// All hosts together.
    pub all: Share,
    /// By site.
    pub sites: BTreeMap<String, Share>,
    /// By role.
    pub roles: BTreeMap<String, Share>,
    /// Hosts, those that stand worst first.
    pub hosts: Vec<HostRow>,
    /// Exceptions, those that end first at the top.
    pub waivers: Vec<WaiverRow>,
    /// The score week by week, waivers not counted.
    pub trend: Vec<Point>,
    /// Machines without any baseline.
    pub without_baseline: usize,
}

/// The hardening of the whole fleet at a moment.
#[must_use]
pub fn hardening(model: &Model, state: &State, (now, today): (Timestamp, Date)) -> HardeningView {
    let mut view = HardeningView {
        all: Share::default(),
        sites: BTreeMap::new(),
        roles: BTreeMap::new(),
        hosts: Vec::new(),
        waivers: Vec::new(),
        trend: trend(state, now),
        without_baseline: 0,
    };
    let mut needed: BTreeMap<String, usize> = BTreeMap::new();
    for machine in audited(model) {
        let Some(wanted) = demands(model, machine, today) else {
            view.without_baseline += 1;
            continue;
        };
        let known = state.machines.get(machine.name());
        for row in controls(&wanted, known) {
            let breaks = row.outcome == Some(Outcome::Broken);
            if let Some(waiver) = row.waiver.filter(|_| breaks) {
                *needed.entry(waiver).or_default() += 1;
            }
        }
        let row = row(machine, &wanted, (known, now));
        view.all.add(&row);
        view.sites.entry(row.site.clone()).or_default().add(&row);
        view.roles.entry(row.role.clone()).or_default().add(&row);
        view.hosts.push(row);
    }
    view.hosts.sort_by(|one, other| {
        let key = |row: &HostRow| (row.standing, std::cmp::Reverse(row.share.broken));
        (key(one), &one.name).cmp(&(key(other), &other.name))
    });
    view.waivers = waivers(model, today, &needed);
    view
}

/// One host, control by control; nothing when there is no such machine, or it has no baseline.
#[must_use]
pub fn host(
    model: &Model,
    state: &State,
    (name, now, today): (&str, Timestamp, Date),
) -> Option<HostDetail> {
    let machine = model.get::<Machine>(name)?;
    let wanted = demands(model, machine, today)?;
    let known = state.machines.get(name);
    let (system, kernel) = match known.and_then(|known| known.answered.as_ref()) {
        Some((_, Report::Answered { system, kernel, .. })) => (system.clone(), kernel.clone()),
        Some((_, Report::Silent { .. })) | None => (None, None),
    };
    let scores = known.map(|known| known.scores.as_slice()).unwrap_or_default();
    let history = scores.iter().map(|it| Point { at: it.at, percent: percent(it.held, it.broken) });
    Some(HostDetail {
        row: row(machine, &wanted, (known, now)),
        controls: controls(&wanted, known).collect(),
        system,
        kernel,
        history: history.collect(),
    })
}

/// What a meeting is told: how the score moved, who stands worst, and which exceptions end.
#[must_use]
pub fn hardening_agenda(
    model: &Model,
    state: &State,
    (now, today): (Timestamp, Date),
) -> Vec<Contribution> {
    let entry = |source, what: String, note: String, urgency| Contribution {
        source,
        at: None,
        entry: AgendaEntry { what, subject: None, note: Some(note), day: None, urgency },
    };
    let mut told = Vec::new();
    let view = hardening(model, state, (now, today));
    let broken: Vec<&HostRow> =
        view.hosts.iter().filter(|row| row.standing == Standing::Broken).collect();
    if let Some(percent) = view.all.percent.filter(|_| !broken.is_empty()) {
        let names: Vec<&str> = broken.iter().take(ON_AGENDA).map(|row| row.name.as_str()).collect();
        let more = broken.len().saturating_sub(names.len());
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let before = view.trend.iter().rev().nth(1).and_then(|point| point.percent);
        let last = view.trend.last().and_then(|point| point.percent);
        let moved = match before.zip(last) {
            Some((before, last)) if before != last => {
                format!("; a week ago it was {before} %, without waivers {last} % now")
            }
            Some(_) | None => String::new(),
        };
        let note = format!("broken on {}{more}{moved}", names.join(", "));
        let what = format!("Hardening: {percent} % of what was judged is held");
        told.push(entry(AgendaSource::IncidentsAndBudgets, what, note, Urgency::Info));
    }
    for waiver in view.waivers.iter().filter(|waiver| waiver.days <= ENDS_SOON) {
        let what = format!("Waiver \"{}\" ends {}", waiver.title, waiver.until);
        let note = format!("{} hosts need it; {} answers for it", waiver.needed_by, waiver.owner);
        told.push(entry(AgendaSource::UpcomingChangesAndDecisions, what, note, Urgency::Info));
    }
    told
}

/// The machines that run something of ours.
fn audited(model: &Model) -> impl Iterator<Item = Typed<'_, Machine>> {
    model
        .all::<Machine>()
        .filter(|machine| matches!(machine.spec.lifecycle, Intent::InService | Intent::Maintenance))
}

fn row(
    machine: Typed<'_, Machine>,
    wanted: &Demands<'_>,
    (known, now): (Option<&Known>, Timestamp),
) -> HostRow {
    let mut share = Share { hosts: 1, ..Share::default() };
    let mut broken = Vec::new();
    for control in controls(wanted, known) {
        match (control.waiver, control.outcome) {
            (Some(_), _) => share.waived += 1,
            (None, Some(Outcome::Held)) => share.held += 1,
            (None, Some(Outcome::Broken)) => {
                share.broken += 1;
                broken.push(control.id);
            }
            (None, Some(Outcome::ByHand)) => share.by_hand += 1,
            (None, Some(Outcome::Unknown) | None) => share.unknown += 1,
        }
    }
    share.percent = percent(share.held, share.broken);
    let answered = known.and_then(|known| known.answered.as_ref());
    let audited = answered.map(|(at, _)| *at);
    let silent = known.and_then(|known| known.silent.as_ref()).map(|(_, why)| why.clone());
    let restart = matches!(answered, Some((_, Report::Answered { restart: Some(true), .. })));
    share.unaudited = usize::from(audited.is_none());
    let standing = match audited {
        _ if !broken.is_empty() => Standing::Broken,
        _ if silent.is_some() => Standing::Silent,
        None => Standing::Unaudited,
        Some(at) if now.duration_since(at) > FRESH => Standing::Stale,
        Some(_) if share.unknown > 0 => Standing::Unknown,
        Some(_) => Standing::Held,
    };
    HostRow {
        name: machine.name().to_owned(),
        site: machine.spec.site.name().to_owned(),
        role: machine.spec.role.name().to_owned(),
        baseline: wanted.baseline.name().to_owned(),
        standing,
        word: standing.word().to_owned(),
        share,
        broken,
        audited,
        silent,
        restart,
    }
}

/// Each control of a baseline with what was found. A report on another baseline says nothing about this one.
fn controls<'a>(
    wanted: &'a Demands<'_>,
    known: Option<&'a Known>,
) -> impl Iterator<Item = ControlRow> + 'a {
    let found: Option<&BTreeMap<String, Found>> =
        match known.and_then(|known| known.answered.as_ref()) {
            Some((_, Report::Answered { baseline, controls, .. }))
                if baseline == wanted.baseline.name() =>
            {
                Some(controls)
            }
            Some(_) | None => None,
        };
    wanted.all.iter().map(move |demand| {
        let id = &demand.control.id.value;
        let found = found.and_then(|found| found.get(id));
        ControlRow {
            id: id.clone(),
            area: demand.control.area,
            requires: demand.control.requires.clone(),
            outcome: found.map(|found| found.outcome),
            why: found.map(|found| found.why.clone()).unwrap_or_default(),
            waiver: demand.waiver.map(|waiver| waiver.name().to_owned()),
        }
    })
}

fn waivers(model: &Model, today: Date, needed: &BTreeMap<String, usize>) -> Vec<WaiverRow> {
    let holding = model.all::<Waiver>().filter(|waiver| holds(*waiver, today));
    let rows = holding.map(|waiver| {
        let until = waiver.spec.until.value;
        WaiverRow {
            name: waiver.name().to_owned(),
            title: waiver.title().to_owned(),
            control: format!("{}/{}", waiver.spec.baseline.name(), waiver.spec.control.value),
            covers: waiver.spec.covers.iter().map(ToString::to_string).collect(),
            reason: waiver.spec.reason.clone(),
            owner: waiver.spec.owner.to_string(),
            until,
            days: i64::from(today.until(until).map_or(0, |span| span.get_days())),
            needed_by: needed.get(waiver.name()).copied().unwrap_or(0),
        }
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|one, other| (one.until, &one.name).cmp(&(other.until, &other.name)));
    rows
}

/// The score of all machines at the end of each week, by what was known of each by then.
fn trend(state: &State, now: Timestamp) -> Vec<Point> {
    let weeks = (0..WEEKS)
        .rev()
        .filter_map(|week| now.checked_sub(SignedDuration::from_hours(week * 7 * 24)).ok());
    let points = weeks.map(|at| {
        let known = state
            .machines
            .values()
            .filter_map(|known| known.scores.iter().rev().find(|score| score.at <= at));
        let (held, broken) =
            known.fold((0, 0), |(held, broken), score| (held + score.held, broken + score.broken));
        Point { at, percent: percent(held, broken) }
    });
    points.collect()
}
