//! Runs the real binary in a scratch directory.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory with a playbook under construction, removed at the end.
pub(crate) struct Scratch {
    directory: tempfile::TempDir,
}

/// The day of every test.
pub(crate) const TODAY: &str = "2026-11-22";

const ORGANIZATION: &str = "\
apiVersion: council/v1
kind: Organization
metadata:
  name: example
  title: Example
spec:
  purpose: Decide about the platform.
  north_star: Ship safely.
  currency: EUR
  time_zone: Europe/Berlin
";

const PEOPLE: &str = "\
apiVersion: council/v1
kind: Person
metadata: { name: ana, title: Ana Silva }
spec: { email: ana@example.org, time_zone: Europe/Lisbon }
---
apiVersion: council/v1
kind: Person
metadata: { name: ben, title: Ben Okoro }
spec: { email: ben@example.org }
";

const SEATS: &str = "\
apiVersion: council/v1
kind: Seat
metadata: { name: network-security, title: Network & Security Architect }
spec:
  order: 1
  owns: Network and security architecture.
  topics: [network, firewall, VPN]
  primary: ana
  backup: ben
---
apiVersion: council/v1
kind: Seat
metadata: { name: finops, title: FinOps & Capacity Planner }
spec:
  order: 2
  owns: Capacity and cost.
  topics: [cost, capacity, buying GPUs]
  primary: ana
---
apiVersion: council/v1
kind: Service
metadata: { name: api, title: Public API }
spec:
  owner: seat/network-security
  tier: critical
";

impl Scratch {
    /// An empty directory.
    pub(crate) fn empty() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// A playbook that declares an organization and nothing else.
    pub(crate) fn playbook() -> Self {
        let scratch = Self::empty();
        scratch.write("council.yaml", ORGANIZATION);
        scratch
    }

    /// A playbook with people, seats and a service; one seat has a gap.
    pub(crate) fn staffed() -> Self {
        let scratch = Self::empty();
        scratch.write_staffed(".");
        scratch
    }

    /// Writes that playbook into a directory.
    pub(crate) fn write_staffed(&self, below: &str) {
        self.write(&format!("{below}/council.yaml"), ORGANIZATION);
        self.write(&format!("{below}/people.yaml"), PEOPLE);
        self.write(&format!("{below}/seats.yaml"), SEATS);
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Writes a file, making its directories.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Runs `council` here with arguments separated by spaces.
    pub(crate) fn council(&self, arguments: &str) -> Run {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        self.run(&arguments)
    }

    /// Runs `council` here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.command();
        Run::of(&command.args(arguments).output().unwrap(), self.path())
    }

    /// The binary with a clean environment.
    pub(crate) fn command(&self) -> Command {
        self.command_on(TODAY)
    }

    /// The binary on another day.
    pub(crate) fn command_on(&self, day: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_council"));
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .args(["--date", day]);
        command
    }
}

/// Runs Git, whose result the test looks at; nobody's own configuration has a say.
pub(crate) fn try_git(directory: &Path, arguments: &[&str]) -> Output {
    let identity = ["Somebody", "somebody@example.org"];
    Command::new("git")
        .current_dir(directory)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([("GIT_AUTHOR_NAME", identity[0]), ("GIT_AUTHOR_EMAIL", identity[1])])
        .envs([("GIT_COMMITTER_NAME", identity[0]), ("GIT_COMMITTER_EMAIL", identity[1])])
        .output()
        .unwrap()
}

/// Runs Git, which must succeed.
pub(crate) fn git(directory: &Path, arguments: &[&str]) {
    let output = try_git(directory, arguments);
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: &Output, directory: &Path) -> Self {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.replace(&*directory.to_string_lossy(), "SCRATCH")
        };
        Self {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Everything at once, for comparing.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        for (name, text) in [("stdout", &self.out), ("stderr", &self.err)] {
            if !text.is_empty() {
                shown.push_str(&format!("--- {name}\n{text}"));
            }
        }
        shown.push_str(&format!("--- exit {}\n", self.code));
        shown
    }

    /// The data as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
