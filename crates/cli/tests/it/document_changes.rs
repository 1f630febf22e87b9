//! The council's own document, judged by the gate over both example playbooks: one of the three seats must approve.

use std::path::Path;
use std::sync::Arc;

use gitops::gate::{Approval, GateFacts, Subject, Touched, judge};
use jiff::{SignedDuration, Timestamp};
use playbook::Workspace;

const REVISION: &str = "r1";

fn open(example: &str) -> Workspace {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example);
    Workspace::open(&root, Arc::new(cli::vocabulary()))
}

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

/// A change of a chapter by mads, whom another one may have approved for a seat.
fn chapter(approved: Option<(&str, &str)>) -> Subject {
    let mut touched = Touched::default();
    touched.path("document/01-purpose.md");
    touched.kinds.insert("section".to_owned());
    let approval = |(person, seat): (&str, &str)| Approval {
        seat: seat.to_owned(),
        person: person.to_owned(),
        plan: None,
        revision: REVISION.to_owned(),
        at: now(),
        expires: now() + SignedDuration::from_hours(24),
    };
    Subject {
        name: "forge:eustartup/playbook#7".to_owned(),
        author: "mads".to_owned(),
        revision: REVISION.to_owned(),
        touched,
        approvals: approved.into_iter().map(approval).collect(),
        ..Subject::default()
    }
}

#[test]
fn both_examples_ask_one_of_the_three_seats_and_nobody_else() {
    for example in ["eustartup", "eustartup-staffed"] {
        let workspace = open(example);
        let verdict = judge(&chapter(None), workspace.model(), &GateFacts::default(), now());
        let asked: Vec<_> =
            verdict.quorums.iter().map(|it| (it.needed, it.seats.join(" "), it.given)).collect();
        let three = "developer-experience platform principal-sre".to_owned();
        assert_eq!(asked, [(1, three, 0)], "{example}: {:#?}", verdict.quorums);
        assert!(!verdict.approved);
    }
}

#[test]
fn each_of_the_three_is_enough_and_no_other_seat_is() {
    let workspace = open("eustartup-staffed");
    for (person, seat, enough) in [
        ("ana", "principal-sre", true),
        ("marta", "platform", true),
        ("chloe", "developer-experience", true),
        ("jonas", "network-security", false),
        ("mads", "automation-gitops", false),
    ] {
        let subject = chapter(Some((person, seat)));
        let verdict = judge(&subject, workspace.model(), &GateFacts::default(), now());
        assert_eq!(verdict.approved, enough, "{person}: {:#?}", verdict.reasons);
    }
}
