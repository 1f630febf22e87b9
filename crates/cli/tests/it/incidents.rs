//! An incident on the command line: declared, led, a runbook run for it, learned from.

use crate::changes::World;
use crate::support::Run;

/// A runbook whose second step fails until a file is there, asks before, and waits for a second person.
const RUNBOOK: &str = "---\nrunbook: The test is slow.\nservices: [search]\nparameters:\n  - { name: word, asks: Which word?, default: well }\n---\n# Slow\n\n## Look\n\n```sh council step expect=\"well\"\necho \"all $word\"\necho \"db_password: hunter2hunter3\"\n```\n\n## Mend\n\n```sh council step confirm approve\ntest -e \"$HOME/mended\"\n```\n";

const INCIDENT: &str = "INC-2026-0001";

#[track_caller]
fn says(run: &Run, words: &[&str]) {
    let shown = run.shown();
    for word in words {
        assert!(shown.contains(word), "`{word}` is not in:\n{shown}");
    }
}

/// The id that a run of the year in which the test runs has.
fn id_in(run: &Run, prefix: &str) -> String {
    let shown = run.shown();
    let at = shown.find(prefix).unwrap_or_else(|| panic!("no `{prefix}` in:\n{shown}"));
    shown.get(at..).unwrap_or_default().chars().take(INCIDENT.len()).collect()
}

#[test]
fn an_incident_is_led_and_learned_from_by_hand() {
    let world = World::start();
    let run = world.done("ines", "incident declare 'Search finds nothing' --service search");
    let id = id_in(&run, "INC-");
    says(&run, &["detected", "nobody leads", "it looks like `sev-1`", "council incident triage"]);
    says(
        &world.by("ines", "incident declare x --service serach"),
        &["there is no service `serach`"],
    );
    world.done("jonas", &format!("incident ack {id}"));
    says(&world.done("ines", &format!("incident triage {id} sev-2")), &["triaged, SEV-2"]);
    let led = world.done("ines", &format!("incident assign {id} incident-commander ines"));
    says(&led, &["Inês Carvalho leads", "council incident contain"]);
    says(&world.done("ines", "incident list"), &[&id, "triaged", "SEV-2"]);
    world.done("ines", &format!("incident note {id} 'The index was empty.'"));
    world.done("ines", &format!("incident inform {id} external 'Categories work.'"));
    let assessed = world.done("ines", &format!("incident assess {id} gdpr-authority yes yes"));
    says(&assessed, &["GDPR, to the authority", "running", "left"]);
    says(
        &world.done("ines", &format!("incident draft {id} gdpr-authority")),
        &["Search finds nothing"],
    );
    let early = world.by("ines", &format!("incident close {id}"));
    assert_eq!(early.code, 1, "{early:?}");
    world.done("ines", &format!("incident resolve {id} 'The index was built anew.'"));
    world.done("ines", &format!("postmortem draft {id}"));
    world.done("ines", &format!("postmortem write {id} 'What happened' 'The job had no alert.'"));
    let shown = world.done("ines", &format!("postmortem show {id}"));
    says(&shown, &["The job had no alert.", "The index was empty.", "council postmortem write"]);
    says(&world.done("ines", "postmortem list"), &[&id, "in work"]);
}

#[test]
fn a_runbook_is_run_with_a_second_person_stops_resumes_and_is_verified() {
    let world = World::start_with("runbooks/slow.md", RUNBOOK);
    let declared = world.done("ines", "incident declare 'It is slow' --service search");
    let incident = id_in(&declared, "INC-");
    says(
        &world.done("ines", "runbook run slow --dry-run --param word=x"),
        &["word = x", "1. Look"],
    );
    let first = world.by("ines", &format!("runbook run slow --incident {incident}"));
    assert_eq!(first.code, 3, "{first:?}");
    says(&first, &["all well", "is held back", "waits for a second person"]);
    assert!(!first.out.contains("hunter2"), "{first:?}");
    let run = id_in(&first, "RUN-");
    let own = world.by("ines", &format!("runbook approve {run} 2"));
    says(&own, &["nobody approves a step of their own run"]);
    world.done("jonas", &format!("runbook approve {run} 2"));
    says(&world.by("ines", "runbook run slow --resume"), &["nobody is there to answer", "--yes"]);
    let failed = world.by("ines", "runbook run slow --resume --yes");
    assert_eq!(failed.code, 1, "{failed:?}");
    says(&failed, &["ended with code 1", "--resume"]);
    says(&world.done("ines", "runbook show slow"), &["never tried", "failed, 1 of 2"]);
    world.mend();
    says(&world.done("ines", "runbook run slow --resume --yes"), &["all 2 steps passed"]);
    says(&world.done("ines", "runbook show slow"), &["found right", &run]);
    let evidence = world.done("ines", &format!("runbook evidence {run}"));
    says(&evidence, &["all well", "is held back", "ended with code 1"]);
    says(&world.done("ines", &format!("incident show {incident}")), &["runbook `slow`", "passed"]);
    says(&world.by("ines", "runbook run slow --resume"), &["no run of `slow` waits"]);
}
