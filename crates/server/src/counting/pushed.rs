//! What services push by OTLP, counted for the objectives that live on it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use otlp::{Batch, Condition, Counter, Is, Of, Pattern, Selector, Taken, What};
use playbook::Model;
use reliability::slo::{Bearer, Counted, Indicator, Matcher, Own, Selection, lower};

use crate::AppState;

/// The counter, and what it counts for.
#[derive(Debug, Default)]
pub(crate) struct Pushed(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    counter: Counter,
    /// What the playbook asks for, until its revision changes.
    asked: Option<(String, Asked)>,
}

/// Two selectors an objective: what is counted, and all.
#[derive(Debug, Default)]
struct Asked {
    selectors: Vec<Selector>,
    /// Under which name each pair is counted, and what its events are.
    sources: Vec<(String, Counted)>,
}

impl Asked {
    /// What a playbook asks for, from now on; what it asked for before as well, from when on it was.
    fn of(model: &Model, now: Timestamp, before: Option<&Self>) -> Self {
        let mut asked = Self::default();
        let since = |selector: Selector| {
            let known = before.into_iter().flat_map(|before| &before.selectors);
            let mut known =
                known.filter(|it| Selector { since: it.since, ..selector.clone() } == **it);
            let since = known.next().map_or(now, |known| known.since);
            Selector { since, ..selector }
        };
        for slo in &lower(model).slos {
            let Indicator::Own(Own::Pushed { counted, sort, total }) = &slo.indicator else {
                continue;
            };
            // What is no pattern was refused when the playbook was read.
            if let (Some(counted), Some(total), Some(key)) =
                (selector(counted), selector(total), slo.counted_as())
            {
                asked.selectors.extend([since(counted), since(total)]);
                asked.sources.push((key, *sort));
            }
        }
        asked
    }
}

fn selector(selection: &Selection) -> Option<Selector> {
    let condition = |wanted: &reliability::slo::Wanted| {
        Some(Condition {
            of: match wanted.of {
                Bearer::Point => Of::Point,
                Bearer::Resource => Of::Resource,
            },
            attribute: wanted.attribute.clone(),
            is: match &wanted.is {
                Matcher::OneOf(values) => Is::OneOf(values.clone()),
                Matcher::Pattern(text) => Is::Like(Pattern::new(text).ok()?),
            },
        })
    };
    Some(Selector {
        metric: selection.metric.clone(),
        conditions: selection.wanted.iter().map(condition).collect::<Option<_>>()?,
        what: selection.at_most.map_or(What::Count, What::AtMost),
        since: Timestamp::UNIX_EPOCH,
    })
}

/// What was counted of one source in one step, before both of its metrics are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pair {
    /// Whether the events are the good ones.
    pub(super) good: bool,
    pub(super) counted: u64,
    pub(super) total: u64,
}

impl AppState {
    /// Counts what was pushed, and says what of it was not taken.
    pub(crate) fn take_pushed(&self, batch: &Batch) -> Taken {
        let snapshot = self.snapshot();
        let mut kept = self.pushed().0.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { counter, asked } = &mut *kept;
        let (revision, now) = (&snapshot.revision.id, self.clock().now());
        if asked.as_ref().is_none_or(|(known, _)| known != revision) {
            // What the server began with counts from its start on, what came later from when it did.
            let since = if asked.is_some() { now } else { self.started() };
            let before = asked.as_ref().map(|(_, before)| before);
            *asked = Some((revision.clone(), Asked::of(snapshot.model(), since, before)));
        }
        let Some((_, asked)) = asked else { return Taken::default() };
        let taken = counter.take(batch, &asked.selectors, now);
        for ((key, sort), number) in asked.sources.iter().zip(0..) {
            let good = *sort == Counted::Good;
            for (at, pair) in pairs(&taken, 2 * number, good, now) {
                self.counting().add_pair(key.clone(), at, pair);
            }
        }
        taken
    }
}

/// By how much both selectors of a source grew, by step; nothing in the present step where they were seen and did not grow, which
/// is known, and not a gap.
fn pairs(taken: &Taken, at: usize, good: bool, now: Timestamp) -> BTreeMap<Timestamp, Pair> {
    let mut pairs: BTreeMap<Timestamp, Pair> = BTreeMap::new();
    if taken.seen.get(at + 1).copied().unwrap_or_default() {
        pairs.insert(now, Pair { good, ..Pair::default() });
    }
    let grown = |at: usize| taken.increments.get(at).into_iter().flatten();
    for (step, count) in grown(at) {
        pairs.entry(*step).or_insert(Pair { good, ..Pair::default() }).counted += count;
    }
    for (step, count) in grown(at + 1) {
        pairs.entry(*step).or_insert(Pair { good, ..Pair::default() }).total += count;
    }
    pairs
}
