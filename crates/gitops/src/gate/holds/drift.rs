//! A plan is for the world as it was seen.

use crate::gate::{Bench, Reason};

/// How many drifted resources are named; the rest are counted.
const NAMED: usize = 3;

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let touched = &bench.subject.touched.targets;
    let drifted = bench.facts.drift.iter().filter(|(target, _)| touched.contains(*target));
    drifted
        .filter(|(_, resources)| !resources.is_empty())
        .map(|(target, resources)| {
            let mut named = resources.iter().take(NAMED).cloned().collect::<Vec<_>>().join("`, `");
            if let Some(more) = resources.len().checked_sub(NAMED).filter(|more| *more > 0) {
                named = format!("{named}` and {more} more `");
            }
            Reason::deny(
                "drift",
                format!(
                    "`{target}` has changed since the plan was made: `{}`",
                    named.trim_end_matches([' ', '`'])
                ),
                "it is planned again, and approved again",
            )
        })
        .collect()
}
