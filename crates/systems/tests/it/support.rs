//! From what is desired to what is there, the way the product goes: observe, plan, execute, observe.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use plan::execute::{Fence, MemoryJournal, Outcome, Pace, Run, run};
use plan::{
    Artefacts, Desired, FingerprintKey, Plan, ResourceId, Scope, Target, Targets, Terms, plan,
};
use systems::SystemClock;

/// Files as they should be: path, bytes, and one field that says what they mean.
pub(crate) struct Wanted {
    pub(crate) desired: Vec<Desired>,
    pub(crate) artefacts: Artefacts,
}

pub(crate) fn wanted(target: &str, kind: &str, files: &[(&str, &str)]) -> Wanted {
    let mut artefacts = Artefacts::new();
    let desired = files
        .iter()
        .map(|(path, text)| {
            let mut desired = Desired::new(ResourceId::new(target, kind, *path))
                .field("text", *text)
                .label("service", "lab");
            desired.payload = Some(artefacts.add(text.as_bytes()));
            desired
        })
        .collect();
    Wanted { desired, artefacts }
}

/// What would be done now.
pub(crate) async fn planned(target: &Arc<dyn Target>, wanted: &Wanted) -> Plan {
    let observed = target.observe(Scope::All).await;
    let terms = Terms { brake: None, ..Terms::new("r1", jiff::Timestamp::now()) };
    plan(None, &wanted.desired, &observed, &terms)
}

/// Carries a plan out.
pub(crate) async fn execute(target: &Arc<dyn Target>, plan: &Plan, wanted: &Wanted) -> Outcome {
    let mut targets = Targets::new();
    if let Some(step) = plan.steps().first() {
        targets.insert(step.resource.target.clone(), target.clone());
    }
    let journal = MemoryJournal::new();
    let fence = Fence { lease: "apply".to_owned(), token: 1, generation: plan.generation() };
    run(Run {
        plan,
        artefacts: &wanted.artefacts,
        targets: &targets,
        journal: &journal,
        fence: &fence,
        clock: &SystemClock,
        fingerprints: &FingerprintKey::default(),
        pace: Pace { attempts: 1, ..Pace::default() },
        stop: &AtomicBool::new(false),
    })
    .await
}

/// Plans, carries out, and says how that went.
pub(crate) async fn apply(target: &Arc<dyn Target>, wanted: &Wanted) -> (Plan, Outcome) {
    let plan = planned(target, wanted).await;
    let outcome = execute(target, &plan, wanted).await;
    (plan, outcome)
}

/// A plan in short: `create a, destroy b`.
pub(crate) fn short(plan: &Plan) -> String {
    let steps = plan.steps().iter();
    steps.map(|s| format!("{} {}", s.action, s.resource.name)).collect::<Vec<_>>().join(", ")
}
