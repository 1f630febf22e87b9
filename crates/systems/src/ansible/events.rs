//! What a run of Ansible reports, line by line.

use plan::{Fault, FaultKind};
use serde::Deserialize;

/// What our lines begin with; modules may print lines of their own between.
const OURS: &[u8] = b"council ";

/// How a task went on a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// It did what it should, or would.
    Ok,
    /// It failed.
    Failed,
    /// The host did not answer.
    Unreachable,
    /// It was not run.
    Skipped,
    /// A play found no host.
    Nobody,
    /// The run came to its end.
    End,
}

/// One result of one task on one host.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Event {
    pub(super) outcome: Outcome,
    #[serde(default)]
    pub(super) host: String,
    #[serde(default)]
    pub(super) task: String,
    /// Where the task stands, `file:line`.
    #[serde(default)]
    pub(super) place: String,
    #[serde(default)]
    pub(super) changed: bool,
    #[serde(default)]
    pub(super) ignored: bool,
    /// The author of the play wants nothing of it shown.
    #[serde(default)]
    pub(super) hidden: bool,
    #[serde(default)]
    pub(super) message: Option<String>,
    #[serde(default)]
    pub(super) differences: Vec<Difference>,
}

/// What a task changes in one thing.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Difference {
    pub(super) name: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    /// A difference that the module made itself.
    pub(super) prepared: Option<String>,
}

impl Event {
    /// Says whether the run must not be called good because of it.
    pub(super) fn is_failure(&self) -> bool {
        match self.outcome {
            Outcome::Failed => !self.ignored,
            Outcome::Unreachable => true,
            Outcome::Ok | Outcome::Skipped | Outcome::Nobody | Outcome::End => false,
        }
    }

    /// Says whether a check could not say what the task would do.
    pub(super) fn is_unpredicted(&self) -> bool {
        let said = self.message.as_deref().unwrap_or_default();
        self.outcome == Outcome::Skipped && said.contains("check mode")
    }

    /// The task on its host, in words.
    pub(super) fn words(&self) -> String {
        format!("`{}` on {}", self.task, self.host)
    }
}

/// Reads all events of a run that came to its end.
pub(super) fn read(out: &[u8]) -> Result<Vec<Event>, Fault> {
    let garbage = |why: &str| Fault::new(FaultKind::Garbage, format!("`ansible-playbook` {why}"));
    let lines = out.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(OURS));
    let mut events = Vec::new();
    for line in lines {
        // The reader's own message would repeat what it could not read.
        let event = serde_json::from_slice(line);
        events.push(event.map_err(|_| garbage("reported what nobody understands"))?);
    }
    match events.pop() {
        Some(Event { outcome: Outcome::End, .. }) => Ok(events),
        Some(_) | None => Err(garbage("ended before it had reported everything")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_others_are_passed_over_and_the_end_must_be_there() {
        let out = "PLAY [x]\ncouncil {\"outcome\": \"ok\", \"host\": \"a\", \"task\": \"t\", \"changed\": true}\nnoise\n";
        assert!(read(out.as_bytes()).is_err());
        let whole = format!("{out}council {{\"outcome\": \"end\"}}\n");
        let events = read(whole.as_bytes()).unwrap();
        assert_eq!((events.len(), events[0].changed), (1, true));
        let broken = read(b"council {\"outcome\": \"canary\"}\n").unwrap_err();
        assert!(!broken.message.contains("canary"));
    }
}
