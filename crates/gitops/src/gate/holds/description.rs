//! A change says what could go wrong and how to get back.

use crate::gate::{Bench, Reason};

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let said = &bench.subject.said;
    if !bench.subject.touched.is_infrastructure() {
        return Vec::new();
    }
    let parts = [
        (said.description, "description-missing", "what changes and why"),
        (said.risk, "risk-missing", "what could go wrong"),
        (said.rollback, "rollback-missing", "how to get back"),
    ];
    let missing = parts.into_iter().filter(|(is_said, ..)| !is_said);
    missing
        .map(|(_, code, what)| {
            Reason::deny(code, format!("it does not say {what}"), format!("its author says {what}"))
        })
        .collect()
}
