//! While a service has spent its error budget, only reliability work changes it.

use crate::gate::{Bench, Budget, Reason};

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let services = bench.subject.touched.services.iter();
    services.filter_map(|service| judge(bench, service)).collect()
}

fn judge(bench: &Bench<'_>, service: &str) -> Option<Reason> {
    let passing = &bench.policy.budget_spent_passes;
    let passes = bench.types.iter().any(|name| passing.iter().any(|it| it.name() == name));
    match bench.facts.budgets.get(service)? {
        Budget::Left(0) | Budget::Spent(_) if passes => Some(Reason::note(
            "error-budget",
            format!("`service/{service}` has spent its error budget; this is reliability work"),
        )),
        Budget::Left(0) | Budget::Spent(_) => {
            let would = match passing.first() {
                Some(kind) => {
                    format!("the budget recovers, or the change is of type `{}`", kind.name())
                }
                None => "the budget recovers".to_owned(),
            };
            let text = format!("`service/{service}` has spent its error budget");
            Some(Reason::wait("error-budget", text, would))
        }
        Budget::Unknown(why) => Some(Reason::note(
            "error-budget-unknown",
            format!(
                "nobody can say what is left of the error budget of `service/{service}`: {why}"
            ),
        )),
        Budget::Left(_) => None,
    }
}
