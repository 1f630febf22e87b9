//! Counts batches: what of them is new, for whom, and in which steps.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jiff::Timestamp;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::Metric;

use crate::batch::{Batch, Point, Temporality, count, points};
use crate::cover::Cover;
use crate::epoch::{Epoch, Growth};
use crate::measure::{Measured, measure};
use crate::selector::{Of, Selector, SelectorKey};
use crate::series::{Naming, SeriesKey};
use crate::step::spread;
use crate::taken::{Reason, Taken};

/// A point may be so far ahead, in nanoseconds: five minutes, for clocks that are a little wrong.
const AHEAD: u64 = 5 * 60 * 1_000_000_000;

/// A point may be so old, and a series is remembered for so long after its last point, in nanoseconds: one hour. Both are one
/// number on purpose: what was forgotten cannot be sent again, because it is too old.
const HORIZON: u64 = 60 * 60 * 1_000_000_000;

/// Series that are to be forgotten are looked for so often, in nanoseconds: each five minutes.
const SWEEP: u64 = 5 * 60 * 1_000_000_000;

/// So many attributes of a point are looked at; a sender's own limit is 128 (OpenTelemetry, "Attribute Limits").
const MOST_ATTRIBUTES: usize = 256;

/// How many series are remembered. One takes some 150 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// For one selector.
    pub per_selector: usize,
    /// For all together.
    pub in_total: usize,
}

impl Default for Bounds {
    /// 10,000 and 100,000: a thousand instances with ten routes each, for ten indicators; 15 MB.
    fn default() -> Self {
        Self { per_selector: 10_000, in_total: 100_000 }
    }
}

/// Remembers what was counted.
#[derive(Debug, Default)]
pub struct Counter {
    bounds: Bounds,
    known: BTreeMap<SelectorKey, HashMap<SeriesKey, Series>>,
    /// How many series are known, of all selectors.
    total: usize,
    swept: u64,
}

/// What is remembered of a series.
#[derive(Debug)]
enum Series {
    Cumulative(Epoch),
    Delta(Cover),
}

impl Series {
    fn last(&self) -> u64 {
        match self {
            Self::Cumulative(epoch) => epoch.last(),
            Self::Delta(cover) => cover.last(),
        }
    }
}

impl Counter {
    /// Makes one that remembers nothing yet.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, ..Self::default() }
    }

    /// How many series are remembered, of all selectors.
    #[must_use]
    pub fn series(&self) -> usize {
        self.total
    }

    /// Takes a batch and says by how much each selector grew. Equal selectors get equal answers. Memory goes by a selector's
    /// content: one that changed begins anew, one that is gone is forgotten within an hour.
    pub fn take(&mut self, batch: &Batch, selectors: &[Selector], now: Timestamp) -> Taken {
        let times = Times::at(now);
        self.sweep(times.now);
        let keys: Vec<SelectorKey> = selectors.iter().map(Selector::key).collect();
        let mut wanted: BTreeMap<&str, Vec<(usize, &Selector)>> = BTreeMap::new();
        for (at, selector) in selectors.iter().enumerate() {
            if keys.iter().position(|key| *key == keys[at]) == Some(at) {
                wanted.entry(&selector.metric).or_default().push((at, selector));
            }
        }
        let mut taken = Taken {
            increments: vec![BTreeMap::new(); selectors.len()],
            seen: vec![false; selectors.len()],
            refused: vec![BTreeMap::new(); selectors.len()],
            ..Taken::default()
        };
        let mut pass = Pass { counter: self, keys: &keys, times, taken: &mut taken };
        for resource in &batch.request.resource_metrics {
            let of_resource = resource.resource.as_ref().map_or(&[][..], |it| &it.attributes);
            for scoped in &resource.scope_metrics {
                let home = Home { resource: of_resource, scope: scoped.scope.as_ref() };
                for metric in &scoped.metrics {
                    if let Some(selectors) = wanted.get(metric.name.as_str()) {
                        pass.metric(home, metric, selectors);
                    }
                }
            }
        }
        for (at, key) in keys.iter().enumerate() {
            if let Some(first) = keys.iter().position(|other| other == key).filter(|it| *it < at) {
                taken.increments[at] = taken.increments[first].clone();
                taken.refused[at] = taken.refused[first].clone();
                taken.seen[at] = taken.seen[first];
            }
        }
        taken
    }

    /// Forgets series that were not seen for an hour.
    fn sweep(&mut self, now: u64) {
        if now.abs_diff(self.swept) < SWEEP {
            return;
        }
        self.swept = now;
        let oldest = now.saturating_sub(HORIZON);
        for series in self.known.values_mut() {
            series.retain(|_, one| one.last() >= oldest);
        }
        self.known.retain(|_, series| !series.is_empty());
        self.total = self.known.values().map(HashMap::len).sum();
    }

    /// The series of a selector, made when it is not known; a reason when there are too many.
    fn series_of(
        &mut self,
        whose: Whose,
        make: impl FnOnce() -> Series,
    ) -> Result<&mut Series, Reason> {
        let Whose { selector, series, .. } = whose;
        let of_selector = |known: &Self| known.known.get(&selector).map_or(0, HashMap::len);
        let known = self.known.get(&selector).is_some_and(|all| all.contains_key(&series));
        let is_full =
            |it: &Self| of_selector(it) >= it.bounds.per_selector || it.total >= it.bounds.in_total;
        // Who is idle is forgotten each five minutes and not here: a flood must not make every point walk over all series.
        if !known && is_full(self) {
            return Err(Reason::TooManySeries);
        }
        self.total += usize::from(!known);
        let all = self.known.entry(selector).or_default();
        Ok(all.entry(series).or_insert_with(make))
    }
}

/// The present in nanoseconds since 1970, as points have their moments.
#[derive(Clone, Copy)]
struct Times {
    now: u64,
    /// An hour ago: what is older is not taken, and nothing is counted into steps before.
    oldest: u64,
}

impl Times {
    fn at(now: Timestamp) -> Self {
        let now = nanos(now);
        Self { now, oldest: now.saturating_sub(HORIZON) }
    }

    fn check(&self, point: &Point<'_>) -> Result<(), Reason> {
        if point.time > self.now.saturating_add(AHEAD) {
            return Err(Reason::Ahead);
        }
        if point.time < self.oldest {
            return Err(Reason::TooOld);
        }
        if point.start > point.time {
            return Err(Reason::Backwards);
        }
        Ok(())
    }
}

/// What was before 1970 was at its beginning.
fn nanos(at: Timestamp) -> u64 {
    u64::try_from(at.as_nanosecond()).unwrap_or_default()
}

/// For whom a point is counted.
#[derive(Clone, Copy)]
struct Whose {
    selector: SelectorKey,
    /// What was before may have been counted by another.
    since: u64,
    series: SeriesKey,
}

/// Whose metric it is.
#[derive(Clone, Copy)]
struct Home<'b> {
    resource: &'b [KeyValue],
    scope: Option<&'b InstrumentationScope>,
}

/// What was made of a point for a selector.
enum Made {
    Grown(Growth),
    Repeated,
    Before,
}

/// One walk over a batch.
struct Pass<'p> {
    counter: &'p mut Counter,
    keys: &'p [SelectorKey],
    times: Times,
    taken: &'p mut Taken,
}

impl Pass<'_> {
    fn metric(&mut self, home: Home<'_>, metric: &Metric, selectors: &[(usize, &Selector)]) {
        let Home { resource, scope } = home;
        let of_scope = scope.map_or(&[][..], |scope| &scope.attributes);
        let fits = |selector: &Selector| {
            selector.fits(Of::Resource, resource, None) && selector.fits(Of::Scope, of_scope, scope)
        };
        let selectors: Vec<(usize, &Selector)> =
            selectors.iter().copied().filter(|(_, selector)| fits(selector)).collect();
        if selectors.is_empty() {
            return;
        }
        // The reader of JSON makes nothing of points that it cannot read; how many they were is not known.
        let Some(data) = &metric.data else {
            return self.refuse(selectors.iter().map(|(at, _)| *at), Reason::Malformed, 1);
        };
        let (temporality, points) = match points(data) {
            Ok(found) => found,
            Err(reason) => {
                let all = u64::try_from(count(data)).unwrap_or(u64::MAX);
                return self.refuse(selectors.iter().map(|(at, _)| *at), reason, all);
            }
        };
        let naming = Naming::of(resource, scope).metric(&metric.name, data, temporality);
        for point in points.iter().filter(|point| !point.empty) {
            let fitting = |(_, selector): &(usize, &Selector)| {
                selector.fits(Of::Point, point.attributes, None)
            };
            let wanted: Vec<(usize, &Selector)> =
                selectors.iter().copied().filter(fitting).collect();
            if !wanted.is_empty() {
                self.point(&naming, temporality, point, &wanted);
            }
        }
    }

    fn point(
        &mut self,
        naming: &Naming,
        temporality: Temporality,
        point: &Point<'_>,
        wanted: &[(usize, &Selector)],
    ) {
        let checked = self.times.check(point).and_then(|()| {
            let few = point.attributes.len() <= MOST_ATTRIBUTES;
            if few { Ok(()) } else { Err(Reason::TooManyAttributes) }
        });
        if let Err(reason) = checked {
            return self.refuse(wanted.iter().map(|(at, _)| *at), reason, 1);
        }
        let start = (temporality == Temporality::Cumulative).then_some(point.start);
        let series = naming.series(point.attributes, start);
        let mut first_refusal = None;
        let (mut repeated, mut before) = (false, false);
        for (at, selector) in wanted {
            let measured = measure(point.value, selector.what);
            let made = measured.and_then(|measured| {
                let since = nanos(selector.since);
                let whose = Whose { selector: self.keys[*at], since, series };
                match temporality {
                    Temporality::Cumulative => self.cumulative(whose, point, measured),
                    Temporality::Delta => self.delta(whose, point, measured),
                }
            });
            self.taken.seen[*at] |= made.is_ok();
            match made.and_then(|made| self.count(*at, made)) {
                Ok(Made::Grown(_)) => {}
                Ok(Made::Repeated) => repeated = true,
                Ok(Made::Before) => before = true,
                Err(reason) => {
                    *self.taken.refused[*at].entry(reason).or_default() += 1;
                    first_refusal.get_or_insert(reason);
                }
            }
        }
        if let Some(reason) = first_refusal {
            *self.taken.reasons.entry(reason).or_default() += 1;
        }
        self.taken.repeated += u64::from(repeated);
        self.taken.before += u64::from(before);
    }

    fn cumulative(
        &mut self,
        whose: Whose,
        point: &Point<'_>,
        measured: Measured,
    ) -> Result<Made, Reason> {
        let (since, oldest) = (whose.since, self.times.oldest);
        if point.time < since {
            return Ok(Made::Before);
        }
        // A series that began before may have been counted by who was here before, or here, before it was forgotten.
        let from_zero = point.start >= since.max(oldest) && point.start > 0;
        let make = || {
            Series::Cumulative(if from_zero {
                Epoch::from_zero(point.start.min(point.time.saturating_sub(1)), measured.boundary)
            } else {
                Epoch::at(point.time, measured)
            })
        };
        let known = self.counter.series_of(whose, make)?;
        // Its name says that it is cumulative.
        let Series::Cumulative(epoch) = known else { return Ok(Made::Repeated) };
        Ok(epoch.take(point.time, measured)?.map_or(Made::Repeated, Made::Grown))
    }

    fn delta(
        &mut self,
        whose: Whose,
        point: &Point<'_>,
        measured: Measured,
    ) -> Result<Made, Reason> {
        // Without a start only its end is known.
        let start = if point.start == 0 { point.time.saturating_sub(1) } else { point.start };
        if start < whose.since {
            return Ok(Made::Before);
        }
        let make = || Series::Delta(Cover::default());
        let known = self.counter.series_of(whose, make)?;
        let Series::Delta(cover) = known else { return Ok(Made::Repeated) };
        if !cover.add(start, point.time)? {
            return Ok(Made::Repeated);
        }
        Ok(Made::Grown(Growth { after: start, until: point.time, amount: measured.amount }))
    }

    /// Puts what grew into its steps.
    fn count(&mut self, at: usize, made: Made) -> Result<Made, Reason> {
        if let Made::Grown(Growth { after, until, amount }) = &made {
            let amount = u64::try_from(*amount).map_err(|_| Reason::TooLarge)?;
            let after = (*after).max(self.times.oldest);
            spread((after, *until), amount, &mut self.taken.increments[at]);
        }
        Ok(made)
    }

    fn refuse(&mut self, whose: impl Iterator<Item = usize>, reason: Reason, points: u64) {
        for at in whose {
            *self.taken.refused[at].entry(reason).or_default() += points;
        }
        if points > 0 {
            *self.taken.reasons.entry(reason).or_default() += points;
        }
    }
}
