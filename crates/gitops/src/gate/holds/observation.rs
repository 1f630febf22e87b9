//! A plan rests on what was seen, and what was seen grows old.

use jiff::SignedDuration;

use crate::gate::{Bench, Reason};
use crate::kinds::Target;

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let targets = bench.subject.touched.targets.iter();
    targets.filter_map(|target| judge(bench, target)).collect()
}

fn judge(bench: &Bench<'_>, name: &str) -> Option<Reason> {
    let declared = bench.model.get::<Target>(name).and_then(|target| target.observe_within);
    let limit = declared.unwrap_or(bench.policy.observe_within);
    let Some(at) = bench.facts.observed.get(name) else {
        return Some(Reason::wait(
            "never-observed",
            format!("nobody has seen `target/{name}` yet"),
            "it answers when it is observed",
        ));
    };
    let age = bench.now.duration_since(*at);
    (age > limit.to_duration()).then(|| {
        Reason::wait(
            "observation-too-old",
            format!("`target/{name}` was last seen {} ago; {limit} is the limit", short(age)),
            "it is observed again and nothing has changed",
        )
    })
}

fn short(age: SignedDuration) -> String {
    match age.as_secs().max(0) {
        seconds @ ..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..=259_200 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}
