//! Steps of a runbook, given to the shell of whoever runs it.
//!
//! Invariants: what is told to a step stands in its environment and never in the text of its script, so that no value
//! can become a command; council's own tokens are not in that environment; a step that takes too long is ended with
//! everything that it started; of what it prints so much is kept as a person would read.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

use crate::program::OURS;
use crate::redact::Redactor;

/// The most that is read of what a step prints, in bytes; what comes after is let go. A mebibyte is 10,000 lines.
const MAX_READ: usize = 1024 * 1024;

/// The most that is kept as evidence, in bytes: half of it from the beginning, half from the end, where errors stand.
pub const MAX_EVIDENCE: usize = 16 * 1024;

/// A step to run.
#[derive(Clone, Debug)]
pub struct Script<'s> {
    /// What is given to the shell.
    pub text: &'s str,
    /// What it is told, by the names of variables.
    pub told: &'s BTreeMap<String, String>,
    /// How long it may take.
    pub within: Duration,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With this code.
    Code(i32),
    /// It took too long and was stopped.
    TimedOut,
    /// It could not be started, or a signal ended it.
    Lost,
}

impl Script<'_> {
    /// Runs it to its end, and returns what it printed on both streams in the order in which it came.
    pub async fn run(&self) -> (Ended, String) {
        let mut command = Command::new("sh");
        command
            // One stream, so that an error stands where it happened.
            .args(["-eu", "-c", &format!("exec 2>&1\n{}", self.text)])
            .envs(self.told)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true);
        for variable in OURS {
            command.env_remove(variable);
        }
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return (Ended::Lost, format!("`sh` cannot be started ({error})")),
        };
        let group = child.id();
        let mut printed = Vec::new();
        let out = child.stdout.take();
        let end = async {
            read(out, &mut printed).await;
            child.wait().await
        };
        let ended = match tokio::time::timeout(self.within, end).await {
            Ok(Ok(status)) => status.code().map_or(Ended::Lost, Ended::Code),
            Ok(Err(_)) => Ended::Lost,
            Err(_) => {
                end_group(group).await;
                Ended::TimedOut
            }
        };
        (ended, String::from_utf8_lossy(&printed).into_owned())
    }
}

/// Ends everything that a step started; what has ended already cannot be ended again, and that is well.
async fn end_group(group: Option<u32>) {
    let Some(group) = group else { return };
    let end = format!("kill -KILL -- -{group}");
    drop(Command::new("sh").args(["-c", &end]).stderr(Stdio::null()).status().await);
}

/// Reads to the end, and keeps the beginning.
async fn read(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut chunk = [0_u8; 8192];
    // A stream that breaks has ended; the exit code says why.
    while let Ok(count @ 1..) = stream.read(&mut chunk).await {
        let room = MAX_READ.saturating_sub(kept.len());
        kept.extend(chunk.iter().take(count.min(room)));
    }
}

/// What may be written down of what a step printed: lines that hold a secret are held back, and the middle of what is
/// long is left out.
#[must_use]
pub fn evidence(printed: &str, redactor: &Redactor) -> String {
    let held = |line: &str| !redactor.is_harmless(line);
    let lines: Vec<&str> = printed
        .lines()
        .map(|line| if held(line) { "(this line holds a secret and is held back)" } else { line })
        .collect();
    let text = lines.join("\n");
    // A key of many lines is seen only as a whole.
    if !redactor.is_harmless(&text) {
        return "(this holds a secret and is held back)".to_owned();
    }
    shortened(&text)
}

fn shortened(text: &str) -> String {
    if text.len() <= MAX_EVIDENCE {
        return text.to_owned();
    }
    let half = MAX_EVIDENCE / 2;
    let head = text.get(..text.floor_char_boundary(half)).unwrap_or_default();
    let tail = text.get(text.ceil_char_boundary(text.len() - half)..).unwrap_or_default();
    let left = text.len() - head.len() - tail.len();
    format!("{head}\n({left} bytes are left out here)\n{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run(text: &str, within: Duration) -> (Ended, String) {
        let told = BTreeMap::from([("host".to_owned(), "a; echo b $(id)".to_owned())]);
        Script { text, told: &told, within }.run().await
    }

    #[tokio::test]
    async fn a_value_is_never_a_command_and_an_error_stands_where_it_happened() {
        let long = Duration::from_secs(60);
        let (ended, printed) = run("echo one\necho two >&2\necho \"$host\"", long).await;
        assert_eq!((ended, printed.as_str()), (Ended::Code(0), "one\ntwo\na; echo b $(id)\n"));
        assert_eq!(run("false\necho no", long).await, (Ended::Code(1), String::new()));
    }

    #[tokio::test]
    async fn what_hangs_is_ended_with_everything_that_it_started() {
        let (ended, printed) =
            run("echo begun\ntail -f /dev/null | cat", Duration::from_secs(1)).await;
        assert_eq!((ended, printed.as_str()), (Ended::TimedOut, "begun\n"));
    }

    #[test]
    fn secrets_are_held_back_and_what_is_long_loses_its_middle() {
        let redactor = Redactor::default().hiding("canary".into());
        let printed = "well\nthe word is canary\ndb_password: hunter2hunter3\nend";
        let shown = evidence(printed, &redactor);
        assert!(!shown.contains("canary") && !shown.contains("hunter"), "{shown}");
        assert!(shown.starts_with("well\n") && shown.ends_with("\nend"), "{shown}");
        let long = format!("begin{}end", "é\n".repeat(MAX_EVIDENCE));
        let shown = evidence(&long, &Redactor::default());
        assert!(shown.starts_with("begin") && shown.ends_with("end"));
        assert!(shown.len() < MAX_EVIDENCE + 64, "{}", shown.len());
    }
}
