//! When changes wait: freezes of the playbook and of the record, laid onto the time line.
//!
//! [`around`] expands recurrence rules and public holidays once for a moment; judging many changes by
//! the result costs a comparison each. Days and hours are those of the organization's clock, so that
//! "Friday 15:00" stays what people mean when the clocks change.
//!
//! Absent on purpose: whether somebody may lift a freeze; that is `record/freeze`.

use std::collections::BTreeSet;

use governance::cadence::Cadence;
use governance::record::time_zone;
use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use org::calendar::Calendar;
use playbook::{Model, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gate::{Subject, Touched, Window};
use crate::kinds::{Freeze, FreezeScope, FreezeWindow, Holidays, Recurs, StepAction};
use crate::record::State;

/// How far ahead freezes are shown: whoever plans a change looks at this week and the next.
const AHEAD_DAYS: i64 = 14;

/// Where recurrence rules are counted from, as in the cadence of rituals: a Monday, the first of a
/// month and of a year.
const EPOCH: Date = date(2024, 1, 1);

/// A freeze with one of its windows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Frozen {
    /// Its name.
    pub name: String,
    /// The name that people read.
    pub title: String,
    /// Why.
    pub reason: String,
    /// From when to when.
    pub window: Window,
    /// What waits.
    pub scope: Scope,
    /// The decision types that go through all the same.
    pub passes: BTreeSet<String>,
    /// Whether it stands in the playbook; else somebody declared it.
    pub in_playbook: bool,
    /// Since when it is lifted, and by whom.
    pub lifted: Option<(Timestamp, String)>,
}

/// What a freeze is about; what is empty means everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Scope {
    /// Environments, by name.
    pub environments: BTreeSet<String>,
    /// Sites, by name.
    pub sites: BTreeSet<String>,
    /// Targets, by name.
    pub targets: BTreeSet<String>,
    /// Services, by name.
    pub services: BTreeSet<String>,
    /// What steps do.
    pub actions: BTreeSet<StepAction>,
}

impl Scope {
    /// Says whether a change is meant. A change that says nothing of, say, its environment is meant by
    /// a freeze of any: what nobody knows is not taken to be harmless.
    pub fn means(&self, touched: &Touched) -> bool {
        let meets = |scope: &BTreeSet<String>, touched: &BTreeSet<String>| {
            scope.is_empty() || touched.is_empty() || !scope.is_disjoint(touched)
        };
        let acts = touched.actions.keys().any(|action| self.actions.contains(action));
        meets(&self.environments, &touched.environments)
            && meets(&self.sites, &touched.sites)
            && meets(&self.targets, &touched.targets)
            && meets(&self.services, &touched.services)
            && (self.actions.is_empty() || touched.actions.is_empty() || acts)
    }
}

impl Frozen {
    /// Says whether it holds a change at a moment. What touches no system is only words, and words
    /// are not frozen.
    pub fn holds(&self, subject: &Subject, decision_types: &[String], now: Timestamp) -> bool {
        self.is_on(now)
            && subject.touched.is_infrastructure()
            && self.scope.means(&subject.touched)
            && !decision_types.iter().any(|name| self.passes.contains(name))
    }

    /// Says whether it is in force at a moment.
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.window.contains(now) && self.lifted.is_none()
    }
}

/// The freezes that are in force now or begin soon, by their beginning.
pub fn around(model: &Model, record: &State, now: Timestamp) -> Vec<Frozen> {
    let zone = time_zone(model);
    let ahead = now.checked_add(SignedDuration::from_hours(24 * AHEAD_DAYS)).unwrap_or(now);
    let mut found = Vec::new();
    for freeze in model.all::<Freeze>() {
        for window in windows(model, freeze, &zone, (now, ahead)) {
            let lifted = record.freezes.get(freeze.name()).and_then(|state| state.lifted_at(now));
            found.push(Frozen { lifted, ..of_playbook(freeze, window) });
        }
    }
    found.extend(record.freezes.iter().filter_map(|(name, state)| {
        let declared = state.declared.as_ref()?;
        let soon = declared.window.until > now && declared.window.from <= ahead;
        soon.then(|| Frozen {
            name: name.clone(),
            title: name.clone(),
            reason: declared.summary.clone(),
            window: declared.window,
            scope: declared.scope.clone(),
            passes: declared.passes.clone(),
            in_playbook: false,
            lifted: state.lifted_at(now),
        })
    }));
    found.sort_by(|left, right| (left.window, &left.name).cmp(&(right.window, &right.name)));
    found
}

fn of_playbook(freeze: Typed<'_, Freeze>, window: Window) -> Frozen {
    Frozen {
        name: freeze.name().to_owned(),
        title: freeze.title().to_owned(),
        reason: freeze.reason.clone(),
        window,
        scope: scope(&freeze.applies_to),
        passes: freeze.passes.iter().map(|it| it.name().to_owned()).collect(),
        in_playbook: true,
        lifted: None,
    }
}

fn scope(of: &FreezeScope) -> Scope {
    fn names<K: playbook::Kind>(references: &[playbook::Ref<K>]) -> BTreeSet<String> {
        references.iter().map(|reference| reference.name().to_owned()).collect()
    }
    Scope {
        environments: names(&of.environments),
        sites: names(&of.sites),
        targets: names(&of.targets),
        services: names(&of.services),
        actions: of.actions.iter().copied().collect(),
    }
}

/// The windows of a freeze that end after the first moment and begin before the second.
fn windows(
    model: &Model,
    freeze: Typed<'_, Freeze>,
    zone: &TimeZone,
    (from, until): (Timestamp, Timestamp),
) -> Vec<Window> {
    let mut found = Vec::new();
    for window in &freeze.windows.value {
        match window {
            FreezeWindow::Between(between) => {
                found.extend(local(zone, between.from, between.until));
            }
            FreezeWindow::Recurs(recurs) => found.extend(recurring(recurs, zone, from, until)),
            FreezeWindow::PublicHolidays(holidays) => {
                found.extend(public_holidays(model, holidays, zone, from, until));
            }
        }
    }
    found.retain(|window| window.until > from && window.from <= until);
    found
}

fn local(zone: &TimeZone, from: DateTime, until: DateTime) -> Option<Window> {
    let at = |moment| zone.to_ambiguous_timestamp(moment).compatible().ok();
    Some(Window { from: at(from)?, until: at(until)? })
}

fn recurring(recurs: &Recurs, zone: &TimeZone, from: Timestamp, until: Timestamp) -> Vec<Window> {
    let Ok(cadence) = Cadence::parse(&recurs.rule, EPOCH) else { return Vec::new() };
    let length = recurs.r#for.to_duration();
    let first = from.checked_sub(length).unwrap_or(from).to_zoned(zone.clone()).date();
    let last = until.to_zoned(zone.clone()).date();
    let days = cadence.days().skip_while(|day| *day < first).take_while(|day| *day <= last);
    let starts = days.filter_map(|day| {
        let start = DateTime::from_parts(day, recurs.at);
        zone.to_ambiguous_timestamp(start).compatible().ok()
    });
    starts.filter_map(|from| Some(Window { from, until: from.checked_add(length).ok()? })).collect()
}

fn public_holidays(
    model: &Model,
    holidays: &Holidays,
    zone: &TimeZone,
    from: Timestamp,
    until: Timestamp,
) -> Vec<Window> {
    let Ok(calendar) = Calendar::of_model(model) else { return Vec::new() };
    let first = from.to_zoned(zone.clone()).date();
    let last = until.to_zoned(zone.clone()).date().checked_add(1.day()).unwrap_or(Date::MAX);
    let days = first.series(1.day()).take_while(|day| *day <= last);
    days.filter(|day| calendar.holiday(*day).is_some())
        .filter_map(|day| {
            let start = match holidays.eve {
                Some(time) => DateTime::from_parts(day.yesterday().ok()?, time),
                None => day.at(0, 0, 0, 0),
            };
            local(zone, start, day.tomorrow().ok()?.at(0, 0, 0, 0))
        })
        .collect()
}
