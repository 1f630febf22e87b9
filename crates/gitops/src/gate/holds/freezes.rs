//! Freezes hold what they are about.

use crate::gate::{Bench, Reason};

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let freezes = bench.facts.freezes.iter();
    freezes
        .filter(|freeze| freeze.holds(bench.subject, bench.types, bench.now))
        .map(|freeze| {
            let until = freeze.window.until;
            let would = match freeze.passes.iter().next() {
                Some(kind) => format!(
                    "it is over ({until}), somebody lifts it, or the change is of type `{kind}`"
                ),
                None => format!("it is over ({until}), or somebody lifts it"),
            };
            Reason::wait("freeze", format!("freeze \"{}\": {}", freeze.title, freeze.reason), would)
                .until(until)
        })
        .collect()
}
