//! A branch of a bare repository, with the real `git`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use plan::execute::End;
use plan::{FaultKind, Scope, Target};
use systems::SystemClock;
use systems::target::{Branch, GitBranch};

use crate::conformance::{Place, check, check_escapes};
use crate::support::{apply, execute, planned, wanted};

/// A bare repository, and a clone of somebody else.
struct Remote {
    root: tempfile::TempDir,
}

impl Remote {
    fn new() -> Self {
        let remote = Self { root: tempfile::tempdir().unwrap() };
        git(remote.root.path(), &["init", "--quiet", "--bare", "remote.git"]);
        remote
    }

    fn url(&self) -> PathBuf {
        self.root.path().join("remote.git")
    }

    fn target(&self, clone: &str) -> Arc<dyn Target> {
        let branch = Branch {
            remote: self.url().to_string_lossy().into_owned(),
            branch: "generated".to_owned(),
            path: "deploy/lab".to_owned(),
            author: "council <council@example.org>".to_owned(),
        };
        Arc::new(GitBranch::new("lab", branch, self.root.path().join(clone), Arc::new(SystemClock)))
    }

    fn read(&self, path: &str) -> Option<String> {
        let spec = format!("generated:deploy/lab/{path}");
        let output = Command::new("git").arg("-C").arg(self.url()).args(["show", &spec]).output();
        let output = output.unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }

    fn log(&self, format: &str) -> String {
        git(&self.url(), &["log", &format!("--format={format}"), "generated"])
    }

    /// Somebody else writes and pushes.
    fn meddle(&self, path: &str, text: &str) {
        let clone = tempfile::tempdir().unwrap();
        let url = self.url();
        git(clone.path(), &["clone", "--quiet", "-b", "generated", &url.to_string_lossy(), "c"]);
        let work = clone.path().join("c");
        std::fs::write(work.join("deploy/lab").join(path), text).unwrap();
        git(&work, &["add", "-A"]);
        git(&work, &["commit", "--quiet", "-m", "by hand"]);
        git(&work, &["push", "--quiet", "origin", "generated"]);
    }

    /// Somebody else takes the last commit back.
    fn revert(&self) {
        let clone = tempfile::tempdir().unwrap();
        let url = self.url();
        git(clone.path(), &["clone", "--quiet", "-b", "generated", &url.to_string_lossy(), "c"]);
        let work = clone.path().join("c");
        git(&work, &["revert", "--no-edit", "HEAD"]);
        git(&work, &["push", "--quiet", "origin", "generated"]);
    }
}

#[track_caller]
fn git(directory: &Path, words: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["-c", "user.name=ana", "-c", "user.email=ana@example.org"])
        .args(words)
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_branch_conforms() {
    let remote = Remote::new();
    let place = Place {
        name: "lab",
        kind: "file",
        target: remote.target("clone"),
        read: &|path| remote.read(path),
        meddle: &|path, text| remote.meddle(path, text),
    };
    check(&place).await;
    check_escapes(&place).await;
}

#[tokio::test]
async fn steps_that_come_together_share_a_commit_that_names_them_all() {
    let remote = Remote::new();
    let target = remote.target("clone");
    let names: Vec<String> = (0..25).map(|number| format!("f{number:02}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let (plan, outcome) = apply(&target, &wanted("lab", "file", &files)).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    assert_eq!(remote.log("%an: %s"), "council: council: 25 files");
    let trailers = remote.log("%(trailers:key=Council-Step,valueonly)");
    assert_eq!(trailers.lines().count(), 25);
    assert_eq!(trailers.lines().next(), Some(format!("{}-1", plan.hash()).as_str()));
}

#[tokio::test]
async fn a_commit_that_somebody_took_back_is_not_made_again_behind_their_back() {
    let remote = Remote::new();
    let target = remote.target("clone");
    apply(&target, &wanted("lab", "file", &[("a", "one")])).await;
    let files = wanted("lab", "file", &[("a", "two")]);
    let plan = planned(&target, &files).await;
    assert_eq!(execute(&target, &plan, &files).await.end, End::Done);
    remote.revert();
    let again = execute(&target, &plan, &files).await;
    let End::Failed { fault, .. } = &again.end else { panic!("{again:?}") };
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("taken it back"), "{fault}");
    assert_eq!(remote.read("a").as_deref(), Some("one"));
    // A new plan says openly what it does, and may.
    let (plan, outcome) = apply(&target, &files).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
}

#[tokio::test]
async fn two_who_push_at_once_both_arrive() {
    let remote = Remote::new();
    let first = remote.target("one");
    apply(&first, &wanted("lab", "file", &[("base", "x")])).await;
    // Two clones of the same target, each with a plan of its own, at the same time.
    let (one, other) = (remote.target("one"), remote.target("other"));
    let (files, others) = (
        wanted("lab", "file", &[("base", "x"), ("a", "1")]),
        wanted("lab", "file", &[("base", "x"), ("b", "2")]),
    );
    let (plan, other_plan) = (planned(&one, &files).await, planned(&other, &others).await);
    let (outcome, other_outcome) =
        tokio::join!(execute(&one, &plan, &files), execute(&other, &other_plan, &others));
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    assert_eq!(other_outcome.end, End::Done, "{}", other_outcome.sentence(&other_plan));
    assert_eq!((remote.read("a").as_deref(), remote.read("b").as_deref()), (Some("1"), Some("2")));
}

#[tokio::test]
async fn a_remote_that_is_not_there_is_silent_and_a_hook_that_declines_is_a_refusal() {
    let remote = Remote::new();
    let target = remote.target("clone");
    let files = wanted("lab", "file", &[("a", "one")]);
    let plan = planned(&target, &files).await;
    let hook = remote.url().join("hooks/pre-receive");
    std::fs::write(&hook, "#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n").unwrap();
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    let outcome = execute(&target, &plan, &files).await;
    let End::Failed { fault, .. } = &outcome.end else { panic!("{outcome:?}") };
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("not on a Friday"), "{fault}");

    std::fs::rename(remote.url(), remote.root.path().join("away.git")).unwrap();
    let observed = target.observe(Scope::All).await;
    let silent = format!("{:?}", observed.coverage());
    assert!(silent.contains("Silent"), "{silent}");
    assert!(planned(&target, &files).await.is_empty());
}
