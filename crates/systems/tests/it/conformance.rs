//! What every target that keeps files must do, whatever the files lie in.

use std::sync::Arc;

use plan::execute::{End, Outcome};
use plan::{FaultKind, Target};

use crate::support::{apply, execute, planned, short, wanted};

/// A place under test, with a way around the target.
pub(crate) struct Place<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) target: Arc<dyn Target>,
    /// What is really there.
    pub(crate) read: &'a dyn Fn(&str) -> Option<String>,
    /// Somebody else writes.
    pub(crate) meddle: &'a dyn Fn(&str, &str),
}

impl Place<'_> {
    #[track_caller]
    fn done(&self, outcome: &Outcome, plan: &plan::Plan) {
        assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(plan));
    }
}

/// Makes, changes and takes away; does nothing twice; touches nothing that is not its own.
pub(crate) async fn check(place: &Place<'_>) {
    let files = |files: &[(&str, &str)]| wanted(place.name, place.kind, files);

    // Made, and then there is nothing to do.
    let first = files(&[("a.yaml", "one"), ("deep/b.yaml", "two")]);
    let (plan, outcome) = apply(&place.target, &first).await;
    place.done(&outcome, &plan);
    assert_eq!(short(&plan), "create a.yaml, create deep/b.yaml");
    assert_eq!((place.read)("deep/b.yaml").as_deref(), Some("two"));
    assert!(planned(&place.target, &first).await.is_empty());

    // Changed and taken away; the plan says what the content means, and knows the service of what goes.
    let second = files(&[("a.yaml", "three")]);
    let (plan, outcome) = apply(&place.target, &second).await;
    place.done(&outcome, &plan);
    assert_eq!(short(&plan), "update a.yaml, destroy deep/b.yaml");
    let text = plan.steps()[0].fields.iter().find(|field| field.name == "text").unwrap();
    assert_eq!(text.before, Some("one".into()));
    assert_eq!(plan.steps()[1].labels.get("service").map(String::as_str), Some("lab"));
    assert_eq!((place.read)("a.yaml").as_deref(), Some("three"));
    assert_eq!((place.read)("deep/b.yaml"), None);

    // The same plan again finds everything done: every step is there already.
    let again = execute(&place.target, &plan, &second).await;
    place.done(&again, &plan);

    // Somebody edits: that is drift, and it is put right by a plan that people see.
    (place.meddle)("a.yaml", "meddled");
    let drifted = planned(&place.target, &second).await;
    assert_eq!(short(&drifted), "update a.yaml");
    let fields: Vec<&str> = drifted.steps()[0].fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["sha256"], "what it should mean has not changed");
    (place.meddle)("a.yaml", "meddled again");
    let stale = execute(&place.target, &drifted, &second).await;
    assert!(matches!(stale.end, End::Stale(_)), "{}", stale.sentence(&drifted));
    assert_eq!((place.read)("a.yaml").as_deref(), Some("meddled again"));
    let (plan, outcome) = apply(&place.target, &second).await;
    place.done(&outcome, &plan);
    assert_eq!((place.read)("a.yaml").as_deref(), Some("three"));

    // What somebody else wrote is theirs, and the sentence says what to do.
    (place.meddle)("theirs.yaml", "theirs");
    let third = files(&[("a.yaml", "three"), ("theirs.yaml", "ours")]);
    let (plan, outcome) = apply(&place.target, &third).await;
    let sentence = outcome.sentence(&plan);
    assert!(sentence.contains("council did not write it"), "{sentence}");
    assert_eq!((place.read)("theirs.yaml").as_deref(), Some("theirs"));

    // Everything goes, and what is theirs stays.
    let (plan, outcome) = apply(&place.target, &files(&[])).await;
    place.done(&outcome, &plan);
    assert_eq!(short(&plan), "destroy a.yaml");
    assert_eq!((place.read)("a.yaml"), None);
    assert_eq!((place.read)("theirs.yaml").as_deref(), Some("theirs"));
}

/// A name that leads elsewhere is refused by the target itself, whoever planned it.
pub(crate) async fn check_escapes(place: &Place<'_>) {
    for name in ["../escape", "/absolute", ".council/manifest.json"] {
        let (plan, outcome) =
            apply(&place.target, &wanted(place.name, place.kind, &[(name, "x")])).await;
        match &outcome.end {
            End::Failed { fault, .. } => assert_eq!(fault.kind, FaultKind::Refused, "{name}"),
            // What is there already is somebody else's.
            End::Stale(_) => {}
            other => panic!("{name}: {other:?} {}", short(&plan)),
        }
    }
}
