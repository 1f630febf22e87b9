//! `council hook pre-receive`: a bare repository whose hook calls the real binary, and people who push to it.

use std::path::{Path, PathBuf};

use expect_test::expect;

use crate::support::{Scratch, TODAY, git, try_git};

/// A bare repository with the hook, and a clone of it.
struct World {
    scratch: Scratch,
    clone: PathBuf,
}

const PLAYBOOK: &str = "\
apiVersion: council/v1
kind: Organization
metadata: { name: example, title: Example }
spec:
  purpose: Decide about the platform.
  north_star: Ship safely.
  currency: EUR
  time_zone: Europe/Berlin
---
apiVersion: council/v1
kind: Seat
metadata: { name: platform, title: Platform }
spec: { owns: The platform., primary: ana }
---
apiVersion: council/v1
kind: BranchPolicy
metadata: { name: work }
spec:
  main: main
  patterns:
    - { pattern: feat/<area>-<shortdesc>, purpose: Ordinary work. }
    - { pattern: fix/<incidentid>-<shortdesc>, purpose: A hotfix. }
---
apiVersion: council/v1
kind: ChangeTemplate
metadata: { name: short }
spec: { sections: [{ title: Risk, asks: What can go wrong? }] }
---
apiVersion: council/v1
kind: ChangePolicy
metadata: { name: playbook }
spec: { paths: ['**'], template: short, reviews: { at_least: 1, seats: [platform] } }
---
apiVersion: council/v1
kind: Person
metadata: { name: ben, title: Ben }
spec: { email: ben@example.org }
---
apiVersion: council/v1
kind: Person
metadata: { name: ana, title: Ana }
spec:
  email: ana@example.org
  ssh_keys:
    - ";

impl World {
    fn new() -> Self {
        let scratch = Scratch::empty();
        let here = scratch.path();
        for name in ["ana", "ben"] {
            let mut generate = std::process::Command::new("ssh-keygen");
            generate.args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name]);
            assert!(generate.current_dir(here).status().unwrap().success());
        }
        git(here, &["init", "--quiet", "--bare", "--initial-branch=main", "server.git"]);
        git(here, &["clone", "--quiet", "server.git", "clone"]);
        let world = Self { clone: here.join("clone"), scratch };
        let key = std::fs::read_to_string(world.scratch.path().join("ana.pub")).unwrap();
        world.scratch.write("clone/council.yaml", format!("{PLAYBOOK}{key}"));
        world.commit("Begin");
        world.install("");
        let first = world.push("main");
        assert!(first.0, "{}", first.1);
        world
    }

    fn install(&self, arguments: &str) {
        let hook = format!(
            "#!/bin/sh\nexec '{}' --date {TODAY} hook pre-receive {arguments}\n",
            env!("CARGO_BIN_EXE_council")
        );
        let path = self.scratch.write("server.git/hooks/pre-receive", hook);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    fn git(&self, arguments: &[&str]) {
        git(&self.clone, arguments);
    }

    /// Commits everything as ben.
    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--author=Ben <ben@example.org>", "-m", message]);
    }

    /// Ben works on a branch.
    fn work(&self, branch: &str, message: &str) {
        self.git(&["checkout", "--quiet", "-b", branch, "main"]);
        self.scratch.write("clone/notes.md", "Something to know.\n");
        self.commit(message);
    }

    /// Somebody merges a branch and signs the merge.
    fn merge_signed(&self, branch: &str, who: &str) {
        self.git(&["checkout", "--quiet", "main"]);
        let key = self.scratch.path().join(who);
        let config = ["-c", "gpg.format=ssh", "-c", &format!("user.signingKey={}", key.display())]
            .map(str::to_owned);
        let mut arguments: Vec<&str> = config.iter().map(String::as_str).collect();
        arguments.extend(["merge", "--quiet", "--no-ff", "-S", "-m", "Merge it", branch]);
        self.git(&arguments);
    }

    /// Pushes; says whether it was accepted, and what the server said.
    fn push(&self, refspec: &str) -> (bool, String) {
        let output = try_git(&self.clone, &["push", "--quiet", "origin", refspec]);
        let said = String::from_utf8_lossy(&output.stderr);
        let remote = said.lines().filter_map(|line| line.strip_prefix("remote: "));
        let told: Vec<&str> = remote.map(str::trim_end).collect();
        (output.status.success(), told.join("\n"))
    }

    fn head(&self) -> String {
        let output =
            try_git(Path::new(&self.scratch.path().join("server.git")), &["rev-parse", "main"]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

#[test]
fn branches_are_named_after_the_policy() {
    let world = World::new();
    world.work("feat/notes-new", "Add notes");
    assert_eq!(world.push("feat/notes-new"), (true, String::new()));
    let (accepted, said) = world.push("feat/notes-new:refs/heads/notes");
    assert!(!accepted);
    expect![[r#"
        council refuses `notes`, not mergeable: branch
        failed  Branch   `notes` follows no pattern
        passed  Secrets  nothing was found

        error[PRQ001]: the branch `notes` follows no pattern of the policy
          --> council.yaml:21:18
           |
        21 |     - { pattern: feat/<area>-<shortdesc>, purpose: Ordinary work. }
           |                  ^^^^^^^^^^^^^^^^^^^^^^^
           |
           = note: a name says what the work is for, and a hotfix names its incident
           = help: rename it after one of `feat/<area>-<shortdesc>`, `fix/<incidentid>-<shortdesc>`: `git branch -m notes NEW`"#]].assert_eq(&said);
    let (accepted, said) = world.push("feat/notes-new:refs/heads/fix/INC-2026-0001-x");
    // Nobody has a record of incidents here, so that is said when asked, and does not stop a hotfix.
    assert!(accepted, "{said}");
}

#[test]
fn the_main_branch_takes_what_is_described_and_reviewed() {
    let world = World::new();
    let before = world.head();
    world.work("feat/notes-new", "Add notes");
    let (accepted, said) = world.push("feat/notes-new:main");
    assert!(!accepted);
    expect![[r#"
        council refuses `main`, not mergeable: description
        failed  Description  nothing is said under Risk
        waits   Review       one of ana (Platform) must agree
        passed  Playbook     nothing was found
        passed  Plan         changes nothing
        passed  Guardrails   nothing was found
        passed  Secrets      nothing was found

        error[PRQ003]: the description says nothing under `Risk`
          --> council.yaml:27:29
           |
        27 | spec: { sections: [{ title: Risk, asks: What can go wrong? }] }
           |                             ^^^^ it answers: What can go wrong?
           |
           = help: add a heading `## Risk` (or a line `Risk: …`) and answer below it

        warning[PRQ004]: one of ana (Platform) must agree
          --> council.yaml:32:62
           |
        32 | spec: { paths: ['**'], template: short, reviews: { at_least: 1, seats: [platform] } }
           |                                                              ^
           |
           = help: ask one of them for a review of the newest commit
        Here a review is a merge that the reviewer signed: `git merge --no-ff -S BRANCH`"#]]
    .assert_eq(&said);

    // Ben signs himself: he holds no seat, and wrote it.
    world.git(&[
        "commit",
        "--quiet",
        "--amend",
        "--author=Ben <ben@example.org>",
        "-m",
        "Add notes\n\nRisk: none that we know.",
    ]);
    world.merge_signed("feat/notes-new", "ben");
    let (accepted, said) = world.push("main");
    assert!(!accepted && said.contains("one of ana (Platform) must agree"), "{said}");
    assert_eq!(world.head(), before);

    world.git(&["reset", "--quiet", "--hard", "origin/main"]);
    world.merge_signed("feat/notes-new", "ana");
    let (accepted, said) = world.push("main");
    assert!(accepted, "{said}");
    assert_ne!(world.head(), before);
}

#[test]
fn a_signed_merge_that_smuggles_something_in_is_its_signers_own_work() {
    let world = World::new();
    world.work("feat/notes-new", "Add notes\n\nRisk: none that we know.");
    world.git(&["checkout", "--quiet", "main"]);
    world.git(&["merge", "--quiet", "--no-ff", "--no-commit", "feat/notes-new"]);
    world.scratch.write("clone/smuggled.md", "Nobody read this.\n");
    world.git(&["add", "--all"]);
    let key = format!("user.signingKey={}", world.scratch.path().join("ana").display());
    let author = "--author=Ana <ana@example.org>";
    world.git(&[
        "-c",
        "gpg.format=ssh",
        "-c",
        &key,
        "commit",
        "--quiet",
        "-S",
        author,
        "-m",
        "Merge",
    ]);
    let (accepted, said) = world.push("main");
    assert!(!accepted && said.contains("they wrote a part of the change"), "{said}");
}

#[test]
fn a_broken_playbook_does_not_reach_main_even_when_reviewed() {
    let world = World::new();
    world.work("feat/notes-new", "Break\n\nRisk: none that we know.");
    world.scratch.write("clone/broken.yaml", "apiVersion: council/v1\nkind: Sit\n");
    world.commit("More");
    world.merge_signed("feat/notes-new", "ana");
    let (accepted, said) = world.push("main");
    assert!(!accepted && said.contains("Playbook     1 error"), "{said}");
    assert!(said.contains("--> broken.yaml"), "{said}");
}

#[test]
fn history_is_not_rewritten_and_main_not_deleted() {
    let world = World::new();
    world.work("feat/notes-new", "Add notes\n\nRisk: none that we know.");
    world.merge_signed("feat/notes-new", "ana");
    assert!(world.push("main").0);
    let before = world.head();
    let (accepted, said) = world.push("+main~1:main");
    assert!(!accepted);
    expect![[r#"
        council refuses `main`, not mergeable: history
        failed  History  `main` only moves forward: the push takes 2 commits away

        error[PRQ009]: `main` only moves forward: the push takes 2 commits away
         --> council.yaml:1:1
          |
        1 | apiVersion: council/v1
          | ^ what was reviewed, approved and applied is what the history says
          |
          = help: revert what is wrong with `git revert`, and push that"#]]
    .assert_eq(&said);
    let (accepted, said) = world.push(":main");
    assert!(!accepted && said.contains("a push may not delete it"), "{said}");
    assert_eq!(world.head(), before);
}

#[test]
fn a_secret_is_refused_on_every_branch_also_when_a_later_commit_takes_it_out() {
    let world = World::new();
    let secret = ["hunter2", "hunter3x"].concat();
    world.work("feat/notes-new", "Add notes");
    world.scratch.write("clone/app.env", format!("DB_PASSWORD={secret}\n"));
    world.commit("Deploy");
    let (accepted, said) = world.push("feat/notes-new");
    assert!(!accepted && said.contains("council refuses `feat/notes-new`"), "{said}");
    assert!(
        said.contains("error[SCN001]: a password of 15 characters stands in plain text"),
        "{said}"
    );
    assert!(said.contains("DB_PASSWORD=***************"), "{said}");
    std::fs::remove_file(world.clone.join("app.env")).unwrap();
    world.commit("Take it out");
    let (accepted, later) = world.push("feat/notes-new");
    assert!(!accepted && later.contains("the history keeps it"), "{later}");
    assert!(!format!("{said}{later}").contains(&secret));
    // Without the commit that brought it, the branch may come.
    world.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    assert_eq!(world.push("feat/notes-new"), (true, String::new()));
}

#[test]
fn guardrails_of_the_main_branch_judge_what_it_would_take() {
    let world = World::new();
    world.work("feat/target-new", "Add a target\n\nRisk: none that we know.");
    let target = "apiVersion: council/v1\nkind: Target\nmetadata: { name: owners }\n\
        spec: { via: { directory: { path: owners } }, artefacts: [{ name: codeowners, to: CODEOWNERS }] }\n";
    world.scratch.write("clone/targets.yaml", target);
    world.commit("More");
    world.merge_signed("feat/target-new", "ana");
    let (accepted, said) = world.push("main");
    assert!(
        !accepted && said.contains("council refuses `main`, not mergeable: guardrails"),
        "{said}"
    );
    assert!(said.contains("it has no label `owner`"), "{said}");
    assert!(said.contains("+ create  owners/file/CODEOWNERS"), "{said}");
}
