//! The commands that talk to a running council: sign in, decide, record, follow.

use std::os::unix::fs::PermissionsExt as _;

use expect_test::expect;

use crate::support::Scratch;
use crate::up::Server;

const GOVERNANCE: &str = "\
apiVersion: council/v1
kind: DecisionType
metadata: { name: b, title: Architecture }
spec:
  letter: B
  scope: What is hard to undo.
  primaries: [network-security, finops]
  rule: { agree: all }
";

const DECISION: &str = "\
---
status: draft
date: 2026-11-20
type: b
author: ben
---
# Buy GPUs

## Context and Problem Statement

Training waits.

## Considered Options

* Buy
* Rent

## Decision Outcome

Chosen option: \"Buy\", because it is cheaper after a year.
";

/// A running council whose decision 1 awaits its proposal, signed in to as Ben.
fn signed_in() -> (Scratch, Server) {
    let scratch = Scratch::staffed();
    scratch.write("governance.yaml", GOVERNANCE);
    scratch.write("decisions/0001-buy-gpus.md", DECISION);
    let server = Server::start(&scratch);
    let link = server.sign_in_link();
    let run = scratch.run(&["login", &link, "--as", "ben"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("as Ben Okoro"), "{run:?}");
    (scratch, server)
}

#[test]
fn without_a_council_it_says_how_to_get_one() {
    let scratch = Scratch::empty();
    expect![[r#"
        --- stderr
        error: no council is named to talk to
          why: this command acts on a running council, not on the playbook's files
          hint: start one with `council up` and sign in with `council login LINK`
          hint: or set COUNCIL_URL and COUNCIL_TOKEN
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("decision propose 1").shown());
    let mut command = scratch.command();
    command.env("COUNCIL_URL", "http://127.0.0.1:1").args(["decision", "status", "1"]);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("the council at `http://127.0.0.1:1` does not answer"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn signing_in_leaves_a_token_that_nobody_else_can_read() {
    let (scratch, server) = signed_in();
    let file = scratch.path().join(".config/council/access.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let again = scratch.run(&["login", &server.sign_in_link(), "--as", "ben"]);
    assert_ne!(again.code, 0, "a link works once: {again:?}");
    assert_eq!(scratch.council("logout").code, 0);
    assert!(!file.exists());
    assert_eq!(scratch.council("token list").code, 2);
}

#[test]
fn a_decision_is_proposed_waits_and_is_voted_on_by_those_who_may() {
    let (scratch, _server) = signed_in();
    let proposed = scratch.council("decision propose 1");
    assert_eq!(proposed.code, 0, "{proposed:?}");
    assert!(proposed.out.contains("Buy GPUs: proposed"), "{proposed:?}");
    let waits = scratch.council("decision status 1");
    assert_eq!(waits.code, 3, "{waits:?}");
    let denied = scratch.council("decision vote 1 agree --seat finops");
    assert_eq!(denied.code, 1, "{denied:?}");
    assert!(denied.err.starts_with("error: "), "{denied:?}");
    assert_eq!(scratch.council("decision status 9").code, 1);
    let entry = scratch.council("events --help");
    assert!(entry.out.contains("--after"), "{entry:?}");
}

#[test]
fn what_is_said_reaches_the_record() {
    let (scratch, server) = signed_in();
    for arguments in [
        &["question", "raise", "dns", "Which DNS?"][..],
        &["action", "open", "Try it", "--owner", "person/ben", "--due", "2099-12-01"],
        &["feedback", "CI is slow"],
    ] {
        let run = scratch.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
    }
    drop(server);
    let questions = scratch.council("question list --format json").json();
    assert!(questions["open"].to_string().contains("Which DNS?"), "{questions}");
    let actions = scratch.council("action list --format json").json();
    assert_eq!(actions["open"][0]["owner"]["reference"], "person/ben");
    assert_eq!(scratch.council("ledger verify").code, 0);
}

#[test]
fn tokens_are_made_listed_and_revoked() {
    let (scratch, _server) = signed_in();
    let made = scratch.council("token create robot --scope read --days 7 --format json").json();
    let id = made["id"].as_str().unwrap();
    assert!(made["token"].as_str().unwrap().starts_with("council_"));
    assert!(scratch.council("token list").out.contains("robot"));
    assert_eq!(scratch.run(&["token", "revoke", id]).code, 0);
    assert!(!scratch.council("token list").out.contains("robot"));
}
