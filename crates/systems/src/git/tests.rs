//! Real repositories, and everything that may happen to them.

use std::time::Duration;

use super::*;

struct World {
    directory: tempfile::TempDir,
    follower: Follower,
}

/// Runs Git as nobody in particular.
#[track_caller]
fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = std::process::Command::new("git")
        .current_dir(directory)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
        .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl World {
    fn new(limits: Limits) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let remote = directory.path().join("remote");
        std::fs::create_dir(&remote).expect("a directory");
        git(&remote, &["init", "--quiet", "--initial-branch=main"]);
        let url = remote.to_str().expect("a path").to_owned();
        let clone = directory.path().join("clone");
        let follower = Follower::new(&url, "main", clone, limits).expect("a follower");
        Self { directory, follower }
    }

    fn remote(&self) -> PathBuf {
        self.directory.path().join("remote")
    }

    fn commit(&self, text: &str) -> String {
        std::fs::write(self.remote().join("council.yaml"), text).expect("a file");
        git(&self.remote(), &["add", "--all"]);
        git(&self.remote(), &["commit", "--quiet", "-m", text]);
        git(&self.remote(), &["rev-parse", "HEAD"])
    }

    async fn turn(&self) -> Result<Move, Trouble> {
        self.follower.turn("2026-11-22T12:00:00Z".parse().expect("a time")).await
    }

    fn followed(&self) -> String {
        let path = self.follower.directory().join("council.yaml");
        std::fs::read_to_string(path).unwrap_or_default()
    }

    fn kept(&self, commit: &str) -> bool {
        let refs = git(self.follower.directory(), &["for-each-ref", "refs/council/replaced"]);
        refs.contains(commit)
    }
}

#[tokio::test]
async fn a_branch_is_followed_forward() {
    let world = World::new(Limits::default());
    let one = world.commit("one");
    assert_eq!(world.turn().await, Ok(Move::First { at: one.clone() }));
    assert_eq!(world.followed(), "one");
    assert_eq!(world.turn().await, Ok(Move::Still { at: one.clone() }));
    world.commit("two");
    let three = world.commit("three");
    let moved = Move::Forward { from: one, at: three, commits: 2 };
    assert_eq!(world.turn().await, Ok(moved));
    assert_eq!(world.followed(), "three");
}

#[tokio::test]
async fn a_rewound_branch_is_followed_and_what_it_lost_is_kept() {
    let world = World::new(Limits::default());
    let one = world.commit("one");
    let two = world.commit("two");
    world.turn().await.expect("a first turn");
    git(&world.remote(), &["reset", "--quiet", "--hard", &one]);
    let moved = world.turn().await.expect("a turn");
    assert_eq!(moved, Move::Rewound { from: two.clone(), at: one, lost: 1 });
    assert!(moved.lost_history() && world.kept(&two));
    assert_eq!(world.followed(), "one");
}

#[tokio::test]
async fn a_force_pushed_branch_is_followed_and_what_it_lost_is_kept() {
    let world = World::new(Limits::default());
    let one = world.commit("one");
    let two = world.commit("two");
    world.turn().await.expect("a first turn");
    git(&world.remote(), &["reset", "--quiet", "--hard", &one]);
    let other = world.commit("other");
    let moved = world.turn().await.expect("a turn");
    assert_eq!(moved, Move::Rewritten { from: two.clone(), at: other, lost: 1 });
    assert!(moved.text().starts_with("REWRITTEN"), "{}", moved.text());
    assert!(world.kept(&two));
}

#[tokio::test]
async fn a_vanished_remote_leaves_the_last_state() {
    let world = World::new(Limits::default());
    let one = world.commit("one");
    world.turn().await.expect("a first turn");
    let away = world.directory.path().join("away");
    std::fs::rename(world.remote(), &away).expect("it moves");
    let trouble = world.turn().await.expect_err("the remote is gone");
    assert!(matches!(trouble, Trouble::Unreachable(_)), "{trouble:?}");
    assert_eq!(world.followed(), "one");
    std::fs::rename(away, world.remote()).expect("it comes back");
    assert_eq!(world.turn().await, Ok(Move::Still { at: one }));
}

#[tokio::test]
async fn an_empty_remote_and_a_missing_branch_are_said() {
    let world = World::new(Limits::default());
    assert_eq!(world.turn().await, Err(Trouble::NoBranch("main".to_owned())));
    world.commit("one");
    world.turn().await.expect("a first turn");
    git(&world.remote(), &["branch", "--quiet", "-m", "main", "trunk"]);
    assert_eq!(world.turn().await, Err(Trouble::NoBranch("main".to_owned())));
    assert_eq!(world.followed(), "one");
}

#[tokio::test]
async fn a_huge_commit_is_not_checked_out() {
    let world = World::new(Limits { bytes: 100, ..Limits::default() });
    world.commit("one");
    world.turn().await.expect("a first turn");
    world.commit(&"x".repeat(101));
    let trouble = world.turn().await.expect_err("it is too large");
    let expected = "the repository is too large: 101 bytes of files, and 100 are allowed";
    assert_eq!(trouble.to_string(), expected);
    assert_eq!(world.followed(), "one");
    let few = World::new(Limits { files: 0, ..Limits::default() });
    few.commit("one");
    assert!(matches!(few.turn().await, Err(Trouble::TooLarge(_))));
    let small = World::new(Limits { clone_bytes: 0, ..Limits::default() });
    small.commit("one");
    assert!(matches!(small.turn().await, Err(Trouble::TooLarge(_))));
}

#[tokio::test]
async fn git_is_stopped_when_it_takes_too_long() {
    let world = World::new(Limits { time: Duration::ZERO, ..Limits::default() });
    world.commit("one");
    assert_eq!(world.turn().await, Err(Trouble::Slow(0)));
}

#[tokio::test]
async fn what_somebody_did_to_the_clone_is_mended() {
    let world = World::new(Limits::default());
    world.commit("one");
    world.turn().await.expect("a first turn");
    let clone = world.follower.directory();
    std::fs::write(clone.join("council.yaml"), "edited").expect("a file");
    std::fs::write(clone.join(".git/index.lock"), "").expect("a file");
    world.turn().await.expect("a turn");
    assert_eq!(world.followed(), "one");
}

#[test]
fn an_address_that_runs_a_program_is_refused() {
    for address in ["ext::sh -c id", "-c", "--upload-pack=id", "", "a\nb"] {
        let found = Follower::new(address, "main", "clone", Limits::default());
        assert!(matches!(found, Err(Trouble::Address(_))), "{address}");
    }
    for branch in ["", "-x", "a..b", "a:b", "a*"] {
        let found =
            Follower::new("https://forge.example.org/x.git", branch, "clone", Limits::default());
        assert!(matches!(found, Err(Trouble::NoBranch(_))), "{branch}");
    }
}

#[test]
fn a_password_in_an_address_is_not_repeated() {
    let url = "https://me:hunter2@forge.example.org/x.git";
    let said =
        words(b"fatal: unable to access 'https://me:hunter2@forge.example.org/x.git/'\n", url);
    assert_eq!(said, "fatal: unable to access 'https://forge.example.org/x.git/'");
}
