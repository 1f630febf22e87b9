//! What the tests of tools share: a plan of what was proposed, and applying its first step.

use plan::{Effect, Fault, IdempotencyKey, Observations, Plan, Target, Terms, Work};
use systems::Proposed;

/// Makes a plan of what a tool proposed alone.
pub(crate) fn plan(proposed: &Proposed) -> Plan {
    let terms = Terms { proposals: proposed.proposals.clone(), ..terms() };
    plan::plan(None, &[], &Observations::new(), &terms)
}

fn terms() -> Terms {
    Terms::new("8f3c2a1", "2026-11-22T19:00:00Z".parse().unwrap())
}

/// Applies the step that carries the others out.
pub(crate) async fn apply(
    target: &impl Target,
    plan: &Plan,
    proposed: &Proposed,
) -> Result<Effect, Fault> {
    let step = plan.steps().iter().find(|step| step.carried_by.is_none()).unwrap();
    let key = IdempotencyKey { plan: plan.hash(), step: step.id };
    target.apply(Work { step, key, artefacts: &proposed.artefacts }).await
}
