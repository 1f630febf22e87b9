//! What validates a change has passed: the checks that its policies name, and every other that failed.

use std::collections::BTreeSet;

use crate::gate::{Bench, CheckState, Reason};
use crate::kinds::{ChangePolicy, Validation};

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (name, state) in &bench.facts.checks {
        match state {
            CheckState::Passed => {}
            CheckState::Running => reasons.push(Reason::wait(
                "check-running",
                format!("the check `{name}` still runs"),
                "it passes",
            )),
            CheckState::Failed(why) => reasons.push(Reason::deny(
                "check-failed",
                format!("the check `{name}` failed: {why}"),
                "what it found is mended",
            )),
        }
    }
    let known: BTreeSet<&str> = bench.facts.checks.keys().map(String::as_str).collect();
    for name in required(bench).into_iter().filter(|name| !known.contains(name)) {
        reasons.push(Reason::wait(
            "check-missing",
            format!("the check `{name}` has not run"),
            "it runs and passes",
        ));
    }
    reasons
}

/// The checks that a pull request's policies name. A plan that council made was checked on the way:
/// its playbook is sound and its dry run is the plan itself.
fn required(bench: &Bench<'_>) -> BTreeSet<&'static str> {
    let repositories = &bench.subject.touched.repositories;
    let policies = bench.model.all::<ChangePolicy>().filter(|policy| {
        policy.repositories.iter().any(|repository| repositories.contains(repository.name()))
    });
    policies.flat_map(|policy| policy.spec.validation.iter().map(|it| word(*it))).collect()
}

fn word(validation: Validation) -> &'static str {
    match validation {
        Validation::Lint => "lint",
        Validation::Syntax => "syntax",
        Validation::DryRun => "dry-run",
        Validation::Playbook => "playbook",
        Validation::Tests => "tests",
    }
}
