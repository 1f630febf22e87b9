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

/// A seat of Ben's own beside those of the others, a type that asks it, and a ritual.
const BENS: &str = "\
apiVersion: council/v1
kind: Seat
metadata: { name: desk, title: Developer Experience }
spec: { order: 3, owns: The desk., primary: ben, backup: ana }
---
apiVersion: council/v1
kind: DecisionType
metadata: { name: a, title: Reliability }
spec:
  letter: A
  scope: What keeps us up.
  primaries: [desk]
  consulted: [network-security]
  rule: { agree: all }
---
apiVersion: council/v1
kind: Question
metadata: { name: dns, title: Which DNS? }
spec: { owner: desk, context: Names fail. }
---
apiVersion: council/v1
kind: Ritual
metadata: { name: weekly-sync, title: Weekly sync }
spec: { goal: Agree., cadence: FREQ=WEEKLY;BYDAY=FR, starts: 2026-01-02, at: '10:00' }
";

/// A decision that was taken before there was a council.
const TAKEN: &str = "\
---
status: accepted
date: 2026-11-01
decision-makers: ana
answers: [dns]
---
# Use one name server

## Context and Problem Statement

Names fail.

## Considered Options

* One

## Decision Outcome

Chosen option: \"One\", because it is enough.
";

/// A running council whose decision 1 awaits its proposal, signed in to as Ben.
fn signed_in() -> (Scratch, Server) {
    let scratch = Scratch::staffed();
    scratch.write("governance.yaml", GOVERNANCE);
    scratch.write("bens.yaml", BENS);
    scratch.write("decisions/0001-buy-gpus.md", DECISION);
    scratch.write("decisions/0002-dns.md", TAKEN);
    let mend = DECISION.replace("type: b", "type: a").replace("Buy GPUs", "Mend the backups");
    scratch.write("decisions/0003-mend-backups.md", mend);
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
    assert_eq!(scratch.council("decision status 99").code, 1);
    let entry = scratch.council("events --help");
    assert!(entry.out.contains("--after"), "{entry:?}");
}

#[test]
fn what_is_said_reaches_the_record() {
    let (scratch, server) = signed_in();
    for arguments in [
        &["question", "raise", "names", "Which DNS?"][..],
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

/// Runs a command that must work, and gives what it said.
#[track_caller]
fn done(scratch: &Scratch, arguments: &[&str]) -> String {
    let run = scratch.run(arguments);
    assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
    format!("{}{}", run.out, run.err)
}

#[test]
fn a_new_decision_is_a_file_with_the_next_number_that_checks() {
    let (scratch, _server) = signed_in();
    let arguments =
        ["decision", "new", "Use Loki", "--type", "b", "--author", "ben", "--option", "Loki"];
    let run = scratch.run(&arguments);
    assert_eq!((run.code, run.out.as_str()), (0, "decisions/0004-use-loki.md\n"), "{run:?}");
    let text = std::fs::read_to_string(scratch.path().join("decisions/0004-use-loki.md")).unwrap();
    assert!(text.contains("# Use Loki") && text.contains("* Loki"), "{text}");
    assert_eq!(scratch.council("check").code, 0);
    let strange = scratch.run(&["decision", "new", "x", "--type", "bb", "--author", "ben"]);
    assert_eq!(strange.code, 2);
    assert!(strange.err.contains("`bb` is not a decision type of this playbook"), "{strange:?}");
    assert!(strange.err.contains("did you mean `b`"), "{strange:?}");
}

#[test]
fn advice_objection_answer_and_withdrawal_reach_the_record() {
    let (scratch, _server) = signed_in();
    done(&scratch, &["decision", "propose", "3"]);
    done(
        &scratch,
        &["decision", "advise", "3", "--party", "seat/network-security", "Test the restore."],
    );
    let objects = ["decision", "vote", "3", "object", "--seat", "desk", "--reason", "No tape."];
    done(&scratch, &objects);
    let said = done(&scratch, &["decision", "answer", "3", "--seat", "desk", "Tape is ordered."]);
    assert!(said.contains("answered the objection to `3`"), "{said}");
    let shown = scratch.council("decision show 3");
    assert!(shown.out.contains("Test the restore.") && shown.out.contains("No tape."), "{shown:?}");
    done(&scratch, &["decision", "withdraw", "3", "--reason", "Later."]);
    let listed = scratch.council("decision list");
    let row = listed.out.lines().find(|line| line.contains("Mend the backups"));
    assert!(row.is_some_and(|row| row.contains("withdrawn")), "{listed:?}");
    let again = scratch.run(&["decision", "withdraw", "3"]);
    assert_eq!(again.code, 1, "{again:?}");
}

#[test]
fn a_meeting_is_opened_attended_minuted_and_closed_once() {
    let (scratch, _server) = signed_in();
    let meeting = |act: &[&'static str]| {
        let mut arguments = vec!["ritual", act[0], "weekly-sync", "--on", "2026-11-20"];
        arguments.extend(&act[1..]);
        scratch.run(&arguments)
    };
    let early = meeting(&["minutes", "Too early."]);
    assert_eq!(early.code, 1, "{early:?}");
    assert!(early.err.contains("the meeting has not been opened"), "{early:?}");
    for act in [
        &["open"][..],
        &["attend", "--seat", "desk", "--person", "ben"],
        &["minutes", "The restore was tried.", "--item", "Backups"],
        &["close"],
    ] {
        let run = meeting(act);
        assert_eq!(run.code, 0, "{act:?}: {run:?}");
    }
    assert_eq!(meeting(&["close"]).code, 1, "a meeting is closed once");
    let agenda = scratch.council("ritual agenda weekly-sync --on 2026-11-20 --format json").json();
    assert!(agenda.to_string().contains("The restore was tried."), "{agenda}");
}

#[test]
fn actions_are_done_or_dropped_and_questions_answered() {
    let (scratch, _server) = signed_in();
    for title in ["Order tape", "Buy a lorry"] {
        let open = ["action", "open", title, "--owner", "person/ben", "--due", "2099-12-01"];
        done(&scratch, &open);
    }
    let open = scratch.council("action list --format json").json();
    let id = |title: &str| {
        let rows = open["open"].as_array().unwrap();
        let row = rows.iter().find(|row| row["title"] == title);
        row.unwrap()["id"].as_str().unwrap().to_owned()
    };
    done(&scratch, &["action", "done", &id("Order tape"), "--note", "Arrives on Friday."]);
    done(&scratch, &["action", "drop", &id("Buy a lorry"), "--reason", "Nobody drives."]);
    let closed = scratch.council("action list --all");
    assert!(closed.out.contains("done") && closed.out.contains("dropped"), "{closed:?}");
    assert_eq!(scratch.council("action done A-none").code, 1);
    let other = scratch.council("question answer dns --decision 0003-mend-backups");
    assert_eq!(other.code, 1, "{other:?}");
    done(&scratch, &["question", "answer", "dns", "--decision", "0002-dns"]);
    let questions = scratch.council("question list --all");
    assert!(questions.out.contains("answered"), "{questions:?}");
    let again = scratch.council("question answer dns --decision 0002-dns");
    assert_eq!(again.code, 1, "it is answered in the record now: {again:?}");
}

#[test]
fn while_a_server_holds_the_record_it_is_asked_and_says_the_same() {
    let (scratch, server) = signed_in();
    done(&scratch, &["feedback", "CI is slow"]);
    done(&scratch, &["decision", "propose", "3"]);
    let (today, list) = (scratch.council("today"), scratch.council("decision list"));
    assert_eq!((today.code, today.err.as_str()), (0, ""), "{today:?}");
    assert!(list.out.contains("waiting for Developer Experience"), "{list:?}");
    drop(server);
    assert_eq!(scratch.council("today").out, today.out);
    assert_eq!(scratch.council("decision list").out, list.out);
}

#[test]
fn who_is_signed_out_still_reads_the_record_beside_its_council() {
    let (scratch, _server) = signed_in();
    done(&scratch, &["decision", "propose", "3"]);
    let signed_in = scratch.council("decision list");
    assert!(signed_in.out.contains("waiting for Developer Experience"), "{signed_in:?}");
    done(&scratch, &["logout"]);
    let signed_out = scratch.council("decision list");
    assert_eq!((signed_out.out, signed_out.err.as_str()), (signed_in.out, ""));
}

#[test]
fn a_council_that_cannot_be_asked_is_no_reason_to_be_silent_about_it() {
    let (elsewhere, server) = signed_in();
    let scratch = Scratch::empty();
    scratch.write_staffed(".");
    let access = ".config/council/access.json";
    scratch.write(access, std::fs::read(elsewhere.path().join(access)).unwrap());
    drop(server);
    let run = scratch.council("decision list");
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("Decision"), "{run:?}");
    let alone = "warning: this shows the playbook alone, without the record: ";
    assert!(run.err.starts_with(alone), "{run:?}");
}

#[test]
fn another_organizations_record_is_never_shown() {
    let (elsewhere, _server) = signed_in();
    let scratch = Scratch::empty();
    scratch.write_staffed(".");
    let other = std::fs::read_to_string(scratch.path().join("council.yaml")).unwrap();
    scratch.write("council.yaml", other.replace("name: example", "name: other"));
    let access = ".config/council/access.json";
    scratch.write(access, std::fs::read(elsewhere.path().join(access)).unwrap());
    let run = scratch.council("today");
    assert_eq!(run.code, 0);
    let words = "the council that answers is of `example`, and this playbook is of `other`";
    assert!(run.err.contains(words), "{run:?}");
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
