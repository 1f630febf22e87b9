//! Hosts that lie, break off, talk without end, refuse, or never answer: a program in the place of `ssh` plays them.
//!
//! A real `sshd` is asked by the tests of `council fleet audit`.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use harden::{Audit, Control, Destination, Failure, Finding, MOST_OUTPUT, Outcome, Settings, Ssh};

/// What is played, and the directory of the program.
struct Played {
    ssh: Ssh,
    _folder: tempfile::TempDir,
}

/// A program that runs these lines of `sh`, whatever it is told.
fn played(lines: &str) -> Played {
    let folder = tempfile::tempdir().expect("a directory");
    let program = folder.path().join("ssh");
    std::fs::write(&program, format!("#!/bin/sh\n{lines}\n")).expect("a program");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("its mode");
    let limit = Duration::from_secs(20);
    Played { ssh: Ssh { program: program.into(), limit, ..Ssh::default() }, _folder: folder }
}

fn controls() -> Vec<Control> {
    let kernel = [("kernel.pid_max".to_owned(), "7".to_owned())];
    let settings = Settings { kernel: BTreeMap::from(kernel), ..Settings::default() };
    vec![Control { id: "pids".to_owned(), settings }]
}

async fn asked(played: &Played) -> Result<Audit, Failure> {
    let to = Destination::new("n1").expect("a destination");
    played.ssh.audit(&to, &controls()).await
}

#[tokio::test]
async fn the_script_that_is_sent_is_run_and_its_answer_judged() {
    // What `ssh` does with it on a host: a shell reads it.
    let audit = asked(&played("exec sh -s")).await.expect("an answer");
    assert_eq!(audit.verdicts[0].outcome, Outcome::Broken);
    let found = &audit.verdicts[0].settings[0].finding;
    assert!(matches!(found, Finding::Broken { expected, .. } if expected == "7"), "{found:?}");
    let greeted = asked(&played("echo 'Welcome to n1'; exec sh -s")).await.expect("an answer");
    assert_eq!(greeted.verdicts, audit.verdicts, "a greeting before the answer is passed over");
}

#[tokio::test]
async fn what_is_not_the_whole_answer_is_none() {
    for lines in [
        // Nothing, garbage, half of an answer, the answer to another question, and one with a line too many.
        "cat > /dev/null",
        "cat > /dev/null; echo council-harden; printf '\\033[2J'",
        "sh -s | head -n 3",
        "sed 's/[0-9a-f]\\{32\\}/00000000000000000000000000000000/' | sh -s",
        "sh -s | sed '5i kernel 00 00'",
    ] {
        let failure = asked(&played(lines)).await.expect_err(lines);
        assert!(matches!(failure, Failure::Unread(_)), "{lines}: {failure:?}");
        let shown = failure.to_string();
        assert!(!shown.contains('\u{1b}'), "{lines}: {shown:?}");
    }
}

#[tokio::test]
async fn whoever_talks_without_end_is_heard_for_a_megabyte() {
    let began = Instant::now();
    let failure = asked(&played("cat > /dev/null & yes council")).await.expect_err("too much");
    assert_eq!(failure, Failure::TooMuch { most: MOST_OUTPUT });
    assert!(began.elapsed() < Duration::from_secs(20), "and not until the limit of time");
    // What it complains about without end is read and dropped.
    let failure = asked(&played("yes no 1>&2 & P=$!; cat > /dev/null; kill $P; exit 255")).await;
    let words = failure.expect_err("it failed").to_string();
    assert!(words.len() < 1_000, "{words}");
}

#[tokio::test]
async fn what_ssh_says_of_itself_is_understood() {
    for (said, wanted) in [
        ("ssh: connect to host n1 port 22: Connection refused", "unreachable"),
        ("root@n1: Permission denied (publickey).", "permission denied"),
        (
            "No ED25519 host key is known for n1 and you have requested strict checking.\nHost key verification failed.",
            "is not known",
        ),
        (
            "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.",
            "has changed",
        ),
    ] {
        let lines = format!("cat > /dev/null; printf '%s\\n' '{said}' >&2; exit 255");
        let failure = asked(&played(&lines)).await.expect_err(said);
        assert!(failure.to_string().contains(wanted), "{said}: {failure}");
    }
}

#[tokio::test]
async fn whoever_never_answers_is_left_and_ended() {
    let folder = tempfile::tempdir().expect("a directory");
    let left = folder.path().join("left");
    let mut silent =
        played(&format!("trap 'touch {}' TERM; exec tail -f /dev/null", left.display()));
    silent.ssh.limit = Duration::from_millis(300);
    let failure = asked(&silent).await.expect_err("no answer");
    assert_eq!(failure, Failure::TimedOut { after: Duration::from_millis(300) });
    let none = Played { ssh: Ssh { program: "/no/such/ssh".into(), ..Ssh::default() }, ..silent };
    assert!(matches!(asked(&none).await, Err(Failure::Client { .. })));
}
