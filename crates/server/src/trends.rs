//! How it goes over the weeks: the four keys of DORA, what contributed to incidents again and again, and promises that were kept.
//!
//! The keys are those of <https://dora.dev/guides/dora-metrics-four-keys/>: how often is deployed, how long a change takes from its
//! draft to its verified end, which share of what was applied failed or was taken back, and how long users are hurt. They are
//! counted from the record, so nobody reports them and nobody can flatter them. Medians, because one bad day is no trend.

use std::collections::BTreeMap;

use gitops::record::change::{Origin, Stage, State as Change};
use governance::record::action;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use reliability::record::incident::State as Incident;
use reliability::views::may_see;
use schemars::JsonSchema;
use serde::Serialize;

use crate::Lens;

/// How many weeks are shown: a quarter.
const WEEKS: i32 = 12;

/// How far back factors are counted: rare troubles come back within a year, too.
const FACTORS: i32 = 366;

/// How it goes.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Trends {
    /// The first day that is counted, a Monday.
    from: Date,
    /// The last one: today.
    to: Date,
    /// The weeks, oldest first; the last one goes on.
    weeks: Vec<Week>,
    /// The four keys of these weeks.
    keys: FourKeys,
    /// Those of as many weeks before.
    before: FourKeys,
    /// What contributed to incidents of the last year, the most frequent first.
    factors: Vec<Factor>,
    /// What became of actions whose day was in these weeks.
    promises: Promises,
}

/// One week.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Week {
    /// Its first day.
    monday: Date,
    /// Changes that were applied and verified.
    deployed: u32,
    /// Attempts that failed, and changes that were taken back.
    failed: u32,
    /// Incidents that were detected; drills are none.
    incidents: u32,
}

/// The four keys.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct FourKeys {
    /// Changes that were applied and verified.
    deployed: u32,
    /// From the draft of a change to its verified end, in minutes, the median; nothing where nothing was deployed.
    lead_minutes: Option<i64>,
    /// Which share of what was applied failed or was taken back, from 0 to 1, an attempt that was mended later among them; nothing
    /// where nothing was applied.
    failure_rate: Option<f64>,
    /// For how long users were hurt, in minutes, the median; nothing without an incident that is over.
    restore_minutes: Option<i64>,
}

/// What contributed to incidents.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Factor {
    /// Its name, as postmortems have it.
    factor: String,
    /// The incidents.
    incidents: Vec<String>,
}

/// What became of promises.
#[derive(Debug, Default, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Promises {
    /// Done by the day that was promised first.
    in_time: u32,
    /// Done later.
    late: u32,
    /// Given up.
    dropped: u32,
    /// Still open, and late.
    open: u32,
}

/// What is counted.
struct Counted<'a> {
    changes: Vec<&'a Change>,
    incidents: Vec<&'a Incident>,
    zone: TimeZone,
}

impl Trends {
    /// Counts for somebody: incidents that they may not see are in no figure.
    pub(crate) fn of(lens: &Lens, viewer: Option<&str>) -> Self {
        let record = &lens.record.state;
        let incidents = &record.reliability.incidents;
        let seen = |incident: &Incident| !incident.test && may_see(incident, viewer);
        let counted = Counted {
            changes: record.changes.changes.values().collect(),
            incidents: incidents.values().filter(|incident| seen(incident)).collect(),
            zone: lens.snapshot.time_zone(),
        };
        let to = counted.day(lens.now);
        let from = counted.monday(to).saturating_sub((7 * (WEEKS - 1)).days());
        let before = from.saturating_sub((7 * WEEKS).days());
        let yesterday = from.saturating_sub(1.day());
        let year = to.saturating_sub(FACTORS.days());
        let mut factors: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (id, postmortem) in &record.reliability.postmortems {
            let Some(incident) = incidents.get(id).filter(|incident| seen(incident)) else {
                continue;
            };
            if incident.clocks.detected.is_some_and(|at| counted.day(at) >= year) {
                for factor in &postmortem.factors {
                    factors.entry(factor).or_default().push(id.clone());
                }
            }
        }
        let mut factors: Vec<_> = factors
            .into_iter()
            .map(|(factor, incidents)| Factor { factor: factor.to_owned(), incidents })
            .collect();
        factors.sort_by_key(|factor| std::cmp::Reverse(factor.incidents.len()));
        Self {
            weeks: counted.weeks(from, to),
            keys: counted.keys(from, to),
            before: counted.keys(before, yesterday),
            factors,
            promises: promises(record.council.actions.values(), (from, to), &counted.zone),
            from,
            to,
        }
    }
}

impl Counted<'_> {
    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    fn monday(&self, day: Date) -> Date {
        day.saturating_sub(i32::from(day.weekday().to_monday_zero_offset()).days())
    }

    /// What was applied to its end on one of the days, and whether it succeeded.
    fn applied(&self, from: Date, to: Date) -> impl Iterator<Item = (&Change, Timestamp, bool)> {
        let ends = self.changes.iter().flat_map(|change| ends(change));
        ends.filter(move |(_, at, _)| (from..=to).contains(&self.day(*at)))
    }

    fn weeks(&self, from: Date, to: Date) -> Vec<Week> {
        let mut weeks: BTreeMap<Date, Week> = BTreeMap::new();
        let mut monday = from;
        while monday <= to {
            weeks.insert(monday, Week { monday, deployed: 0, failed: 0, incidents: 0 });
            monday = monday.saturating_add(7.days());
        }
        for (_, at, succeeded) in self.applied(from, to) {
            if let Some(week) = weeks.get_mut(&self.monday(self.day(at))) {
                *if succeeded { &mut week.deployed } else { &mut week.failed } += 1;
            }
        }
        for at in self.incidents.iter().filter_map(|incident| incident.clocks.detected) {
            if let Some(week) = weeks.get_mut(&self.monday(self.day(at))) {
                week.incidents += 1;
            }
        }
        weeks.into_values().collect()
    }

    fn keys(&self, from: Date, to: Date) -> FourKeys {
        let (mut deployed, mut failed, mut lead) = (0_u32, 0_u32, Vec::new());
        for (change, at, succeeded) in self.applied(from, to) {
            if succeeded {
                deployed += 1;
                lead.push(at.duration_since(change.drafted_at));
            } else {
                failed += 1;
            }
        }
        let over = self.incidents.iter().filter(|incident| {
            incident.clocks.resolved.is_some_and(|at| (from..=to).contains(&self.day(at)))
        });
        let hurt = over.filter_map(|incident| incident.clocks.to_resolve()).collect();
        let applied = deployed + failed;
        FourKeys {
            deployed,
            lead_minutes: median(lead),
            failure_rate: (applied > 0).then(|| f64::from(failed) / f64::from(applied)),
            restore_minutes: median(hurt),
        }
    }
}

/// When the attempts of a change came to their ends, and whether they succeeded. What only takes another change back is none.
fn ends(change: &Change) -> impl Iterator<Item = (&Change, Timestamp, bool)> {
    let counts = !matches!(change.origin, Origin::RollbackOf(_));
    let failed = change.failed_at.iter().map(|&at| (at, false));
    let last = match change.stage {
        Stage::Done => Some(change.rolled_back_by.is_none()),
        // One that was taken back because it had failed has been counted.
        Stage::RolledBack => change.failure.is_none().then_some(false),
        Stage::Failed
        | Stage::Draft
        | Stage::Planned
        | Stage::AwaitingApproval
        | Stage::Approved
        | Stage::Applying
        | Stage::Verifying
        | Stage::Abandoned => None,
    };
    let last = last.map(|succeeded| (change.closed_at.unwrap_or(change.since), succeeded));
    let ends = failed.chain(last).filter(move |_| counts);
    ends.map(move |(at, succeeded)| (change, at, succeeded))
}

/// What became of the actions that were promised first for one of the days.
fn promises<'a>(
    actions: impl Iterator<Item = &'a action::State>,
    (from, to): (Date, Date),
    zone: &TimeZone,
) -> Promises {
    let mut promises = Promises::default();
    for action in actions.filter(|action| (from..=to).contains(&action.promised)) {
        let closed = action.closed_at.map(|at| at.to_zoned(zone.clone()).date());
        let count = match action.stage {
            action::Stage::Done if closed.is_some_and(|day| day <= action.promised) => {
                &mut promises.in_time
            }
            action::Stage::Done => &mut promises.late,
            action::Stage::Dropped => &mut promises.dropped,
            // Today is not over.
            action::Stage::Open if action.promised == to => continue,
            action::Stage::Open => &mut promises.open,
        };
        *count += 1;
    }
    promises
}

/// The middle one in minutes; of an even number, the lower of the two.
fn median(mut lengths: Vec<SignedDuration>) -> Option<i64> {
    lengths.sort_unstable();
    let middle = lengths.len().checked_sub(1)? / 2;
    lengths.get(middle).map(SignedDuration::as_mins)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let minutes = |all: &[i64]| all.iter().map(|&one| SignedDuration::from_mins(one)).collect();
        assert_eq!(median(minutes(&[])), None);
        assert_eq!(median(minutes(&[9])), Some(9));
        assert_eq!(median(minutes(&[600, 2, 5])), Some(5));
        assert_eq!(median(minutes(&[1, 2, 3, 4])), Some(2));
    }

    #[test]
    fn a_promise_is_kept_by_the_day_that_was_named_first() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let action = |stage, promised: Date, closed: Option<&str>| action::State {
            stage,
            title: "x".into(),
            owner: "person/ana".to_owned(),
            due: date(2027, 1, 1),
            promised,
            moves: 1,
            from: None,
            opened_at: at("2026-11-01T00:00:00Z"),
            closed_at: closed.map(at),
            note: None,
        };
        use action::Stage::{Done, Dropped, Open};
        let actions = [
            // Late in the evening in Berlin is the next day there.
            action(Done, date(2026, 11, 10), Some("2026-11-10T22:00:00Z")),
            action(Done, date(2026, 11, 10), Some("2026-11-10T23:30:00Z")),
            action(Dropped, date(2026, 11, 10), Some("2026-11-10T12:00:00Z")),
            action(Open, date(2026, 11, 10), None),
            action(Open, date(2026, 11, 23), None),
            action(Open, date(2026, 12, 1), None),
        ];
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let found = promises(actions.iter(), (date(2026, 11, 2), date(2026, 11, 23)), &zone);
        assert_eq!(found, Promises { in_time: 1, late: 1, dropped: 1, open: 1 });
    }
}
