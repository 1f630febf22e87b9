//! `council up --follow`: a playbook from a Git URL, and everything that happens to remotes, seen from outside.

use std::path::PathBuf;

use crate::support::{Scratch, git};
use crate::up::Server;

/// A remote, and a council that follows it.
struct World {
    // Ends first: it works in the scratch directory.
    server: Server,
    scratch: Scratch,
    deliveries: std::cell::Cell<u32>,
}

impl World {
    fn new() -> Self {
        let scratch = Scratch::empty();
        scratch.write_staffed("remote");
        scratch.write("secret", "a secret of some length");
        git(&scratch.path().join("remote"), &["init", "--quiet", "--initial-branch=main"]);
        let world_commit = |message: &str| commit(&scratch, message);
        world_commit("Begin");
        let arguments =
            ["--follow", "remote", "--data", "data", "--webhook-secret", "gitlab=secret"];
        let server = Server::start_saying(&scratch, &arguments);
        Self { server, scratch, deliveries: std::cell::Cell::new(0) }
    }

    fn remote(&self) -> PathBuf {
        self.scratch.path().join("remote")
    }

    /// Gives the organization another title, and commits it.
    fn titled(&self, title: &str) {
        let path = self.remote().join("council.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, after) = text.split_once("  title: ").unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        std::fs::write(path, format!("{before}  title: {title}\n{after}")).unwrap();
        commit(&self.scratch, title);
    }

    /// Tells the council that the branch moved, as GitLab would.
    fn tell(&self) -> String {
        self.deliveries.set(self.deliveries.get() + 1);
        self.deliver("a secret of some length", self.deliveries.get())
    }

    fn deliver(&self, secret: &str, number: u32) -> String {
        let head = format!(
            "X-Gitlab-Token: {secret}\r\nX-Gitlab-Event: Push Hook\r\nX-Gitlab-Event-UUID: d-{number}\r\n"
        );
        let body = r#"{"ref": "refs/heads/main", "after": "aa"}"#;
        self.server.send("POST", "/api/v1/webhooks/gitlab", &head, body)
    }

    /// Tells it again and again until `/readyz` says so.
    #[track_caller]
    fn until(&self, words: &str) -> String {
        let mut seen = String::new();
        for _ in 0..2_000 {
            self.tell();
            seen = self.server.get("/readyz");
            if seen.contains(words) {
                return seen;
            }
        }
        panic!("`{words}` is not in {seen}");
    }

    fn head(&self) -> String {
        let output = crate::support::try_git(&self.remote(), &["rev-parse", "HEAD"]);
        String::from_utf8_lossy(&output.stdout).chars().take(10).collect()
    }
}

fn commit(scratch: &Scratch, message: &str) {
    let remote = scratch.path().join("remote");
    git(&remote, &["add", "--all"]);
    git(&remote, &["commit", "--quiet", "-m", message]);
}

#[test]
fn the_playbook_moves_with_its_remote_and_forged_deliveries_move_nothing() {
    let world = World::new();
    world.titled("Moved");
    assert!(world.deliver("another secret", 900).starts_with("HTTP/1.1 401"));
    world.until(&world.head());
    assert!(world.tell().starts_with("HTTP/1.1 202"));
    let again = world.deliver("a secret of some length", 1);
    assert!(again.starts_with("HTTP/1.1 409") && again.contains("webhook-replayed"), "{again}");
}

#[test]
fn a_broken_commit_is_held_back_and_told() {
    let world = World::new();
    let good = world.head();
    world.scratch.write("remote/office.yaml", "apiVersion: council/v1\nkind: Ofice\n");
    commit(&world.scratch, "Break it");
    let seen = world.until("has errors and is held back");
    assert!(seen.contains(&format!("{good} stays current")), "{seen}");
    std::fs::remove_file(world.remote().join("office.yaml")).unwrap();
    commit(&world.scratch, "Mend it");
    world.until(&world.head());
}

#[test]
fn history_that_is_taken_away_and_a_remote_that_vanishes_are_told() {
    let world = World::new();
    world.titled("Two");
    world.until(&world.head());
    git(&world.remote(), &["reset", "--quiet", "--hard", "HEAD~1"]);
    world.until("REWOUND");
    world.titled("Another two");
    git(&world.remote(), &["commit", "--quiet", "--amend", "-m", "Rewritten"]);
    world.until(&world.head());
    git(&world.remote(), &["commit", "--quiet", "--amend", "-m", "Rewritten again"]);
    world.until("REWRITTEN");
    let away = world.scratch.path().join("away");
    std::fs::rename(world.remote(), &away).unwrap();
    world.until("cannot be followed since");
    std::fs::rename(away, world.remote()).unwrap();
    world.until("REWRITTEN");
}

#[test]
fn a_remote_that_never_answered_is_refused_and_one_that_did_is_gone_on_with() {
    let scratch = Scratch::empty();
    let run = scratch.council("up --follow nowhere --data data --listen 127.0.0.1:0");
    assert!(run.code == 1 && run.err.contains("the playbook cannot be followed"), "{run:?}");
    let world = World::new();
    let (before, scratch) = (world.head(), world.scratch);
    drop(world.server);
    std::fs::rename(scratch.path().join("remote"), scratch.path().join("away")).unwrap();
    let remote = scratch.path().join("remote");
    let arguments = ["--follow", remote.to_str().unwrap(), "--data", "data"];
    let server = Server::start_saying(&scratch, &arguments);
    assert!(server.get("/readyz").contains(&before), "{}", server.get("/readyz"));
}
