//! Nobody can approve what nobody has planned.

use crate::gate::{Bench, Reason};

/// The one hold that breaking the glass does not lift: without a plan there is nothing to apply.
pub(in crate::gate) const NO_PLAN: &str = "no-plan";

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    if bench.subject.plan.is_some() || !bench.subject.touched.is_infrastructure() {
        return Vec::new();
    }
    vec![Reason::wait(NO_PLAN, "it touches systems and has no plan", "somebody plans it")]
}
