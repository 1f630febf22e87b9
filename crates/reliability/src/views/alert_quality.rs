//! How good alerts are: which are noise, which flap, which nobody ever acts on, and which incidents none told of.

use governance::kinds::AgendaSource;
use governance::views::{AgendaEntry, Contribution, Urgency};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::record::alert::{Episode, History};
use crate::record::incident::Origin;

/// The last weeks of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlertQuality {
    /// Since when is counted.
    pub since: Timestamp,
    /// By name, those with the most to mend first.
    pub rows: Vec<AlertQualityRow>,
    /// Incidents that a person declared, for which no alert had fired.
    pub missed: Vec<String>,
}

/// How good the alerts of one name are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlertQualityRow {
    /// The name.
    pub name: String,
    /// How often it fired.
    pub fired: usize,
    /// How often it came back within minutes.
    pub flaps: usize,
    /// How often somebody acknowledged it, or it became an incident.
    pub acted_on: usize,
    /// How long it fired, in the middle, in minutes.
    pub median_minutes: i64,
    /// How long until somebody had it, in the middle, in minutes.
    pub acknowledged_after: Option<i64>,
    /// What there is to mend, in words.
    pub problems: Vec<String>,
}

/// One time that an alert fired, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EpisodeRow {
    /// Its labels.
    pub labels: String,
    /// From when.
    pub from: Timestamp,
    /// Until when; nothing while it fires.
    pub to: Option<Timestamp>,
    /// How it was, in words.
    pub notes: Vec<String>,
}

/// The history of an alert's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlertHistory {
    /// The name.
    pub name: String,
    /// How often it fired.
    pub fired: u64,
    /// How often people were told.
    pub told: u64,
    /// The last times, newest first.
    pub episodes: Vec<EpisodeRow>,
    /// How good it is.
    pub quality: Option<AlertQualityRow>,
}

/// What is looked at: four weeks, so that a weekly meeting sees whether a thing gets better.
const SPAN: SignedDuration = SignedDuration::from_hours(28 * 24);

/// An alert that comes back within this time was not over.
const FLAP: SignedDuration = SignedDuration::from_mins(10);

/// How often an alert may come back before it flaps.
const MAX_FLAPS: usize = 3;

/// How often an alert fires before it counts as noisy: once each working day.
const NOISY: usize = 20;

/// How often an alert must have fired before it is said that nobody acts on it.
const IGNORED: usize = 3;

/// How good the alerts of the last weeks are.
pub fn alert_quality(reading: &Reading<'_>) -> AlertQuality {
    let since = reading.now.saturating_sub(SPAN).unwrap_or(reading.now);
    let names = reading.record.alerts.names.iter();
    let mut rows: Vec<_> = names.filter_map(|(name, history)| row(name, history, since)).collect();
    rows.sort_by_key(|row| (std::cmp::Reverse((row.problems.len(), row.fired)), row.name.clone()));
    AlertQuality { since, rows, missed: missed(reading, since) }
}

fn row(name: &str, history: &History, since: Timestamp) -> Option<AlertQualityRow> {
    let recent: Vec<_> = history.episodes.iter().filter(|one| one.from >= since).collect();
    if recent.is_empty() {
        return None;
    }
    let again = recent.iter().enumerate().filter(|(place, one)| {
        let before =
            recent.iter().take(*place).rfind(|before| before.fingerprint == one.fingerprint);
        before.is_some_and(|before| one.from.duration_since(before.to) < FLAP)
    });
    let flaps = again.count();
    let acted = |one: &&&Episode| one.acknowledged.is_some() || one.incident.is_some();
    let acted_on = recent.iter().filter(acted).count();
    let minutes = |one: &&Episode| one.to.duration_since(one.from).as_mins();
    let seen = recent
        .iter()
        .filter_map(|one| Some(one.acknowledged.as_ref()?.at.duration_since(one.from).as_mins()));
    let fired = recent.len();
    let mut problems = Vec::new();
    if flaps > MAX_FLAPS {
        problems.push(format!("flaps: it came back within ten minutes {flaps} times"));
    }
    if fired >= NOISY {
        problems.push(format!("noisy: it fired {fired} times in four weeks"));
    }
    if fired >= IGNORED && acted_on == 0 {
        problems.push("nobody ever acted on it".to_owned());
    }
    if recent.iter().any(|one| one.late) {
        problems.push(
            "it was over before it was heard of: clocks differ, or it arrives late".to_owned(),
        );
    }
    Some(AlertQualityRow {
        name: name.to_owned(),
        fired,
        flaps,
        acted_on,
        median_minutes: median(recent.iter().map(minutes).collect()).unwrap_or(0),
        acknowledged_after: median(seen.collect()),
        problems,
    })
}

fn median(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied()
}

/// Incidents that people had to find by themselves.
fn missed(reading: &Reading<'_>, since: Timestamp) -> Vec<String> {
    let all = reading.record.incidents.iter();
    let found = all.filter(|(_, incident)| {
        let recent = incident.clocks.detected.is_some_and(|at| at >= since);
        recent
            && !incident.test
            && !incident.private
            && matches!(incident.origin, Origin::Person(_))
    });
    let told = |incident: &crate::record::incident::State| {
        let at = incident.clocks.detected.unwrap_or(reading.now);
        let about = |service: &str| incident.services.iter().any(|one| one == service);
        let state = &reading.record.alerts;
        let ended = state.names.values().flat_map(|history| &history.episodes);
        let mut ended = ended.filter(|one| about(one.labels.get("service")));
        let mut active = state.active.values().filter(|one| about(one.fired.labels.get("service")));
        ended.any(|one| one.from <= at && at.duration_since(one.to) < FLAP)
            || active.any(|one| one.at <= at)
    };
    found.filter(|(_, incident)| !told(incident)).map(|(id, _)| id.clone()).collect()
}

/// How many names an agenda has: a meeting mends no more in a week.
const ON_AGENDA: usize = 5;

/// What a meeting is told of alerts: those with something to mend, and incidents that none told of.
pub fn alert_agenda(reading: &Reading<'_>) -> Vec<Contribution> {
    let quality = alert_quality(reading);
    let entry = |what: String, note: String| Contribution {
        source: AgendaSource::IncidentsAndBudgets,
        at: None,
        entry: AgendaEntry {
            what,
            subject: None,
            note: Some(note),
            day: None,
            urgency: Urgency::Info,
        },
    };
    let mend = quality.rows.iter().filter(|row| !row.problems.is_empty()).take(ON_AGENDA);
    let mend = mend.map(|row| entry(format!("Alert {}", row.name), row.problems.join("; ")));
    let missed = quality.missed.iter().take(ON_AGENDA);
    let missed =
        missed.map(|id| entry(id.clone(), "no alert told of it: people found it".to_owned()));
    mend.chain(missed).collect()
}

/// The history of a name; nothing when it never fired.
pub fn alert_history(reading: &Reading<'_>, name: &str) -> Option<AlertHistory> {
    let history = reading.record.alerts.names.get(name)?;
    let active = reading.record.alerts.active.values();
    let active = active.filter(|alert| alert.fired.labels.name() == name);
    let mut episodes: Vec<_> = active
        .map(|alert| EpisodeRow {
            labels: alert.fired.labels.to_string(),
            from: alert.at,
            to: None,
            notes: vec!["fires now".to_owned()],
        })
        .collect();
    episodes.extend(history.episodes.iter().rev().map(episode_row));
    let since = reading.now.saturating_sub(SPAN).unwrap_or(reading.now);
    Some(AlertHistory {
        name: name.to_owned(),
        fired: history.fired,
        told: history.told,
        quality: row(name, history, since),
        episodes,
    })
}

fn episode_row(one: &Episode) -> EpisodeRow {
    let mut notes = Vec::new();
    if let Some(seen) = &one.acknowledged {
        let minutes = seen.at.duration_since(one.from).as_mins();
        notes.push(format!("acknowledged by `person/{}` after {minutes} min", seen.person));
    }
    if let Some(incident) = &one.incident {
        notes.push(format!("became `incident/{incident}`"));
    }
    let words = [
        (!one.held.silenced_by.is_empty(), "silenced"),
        (!one.held.inhibited_by.is_empty(), "kept quiet by its cause"),
        (one.held.muted, "out of its hours"),
        (one.lapsed, "its sender stopped sending it"),
        (one.late, "over before it was heard of"),
    ];
    notes.extend(words.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word.to_owned()));
    EpisodeRow { labels: one.labels.to_string(), from: one.from, to: Some(one.to), notes }
}
