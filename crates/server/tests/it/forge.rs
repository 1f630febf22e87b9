//! Pull requests on a forge: drafted, planned, reviewed, merged and applied, over a real repository and a forge on a free port.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use gitops::plan::Artefact;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use server::{ForgeConfig, RemoteConfig};
use sha2::Sha256;
use systems::forge::{Connection, Forge};
use systems::git::{Follower, Limits};

use crate::following::git;
use crate::support::{COUNCIL, Key, World, install_provider, write};

const SECRET: &str = "a secret of some length";

const REST: &str = r#"
apiVersion: council/v1
kind: DecisionType
metadata: {name: b, title: Network & security decisions}
spec:
  letter: B
  scope: Networks.
  primaries: [network, finops]
  rule: {agree: all}
  covers: {kinds: [organization]}
---
apiVersion: council/v1
kind: Person
metadata: {name: gone, title: Gone}
spec: {joined: 2020-01-01, leaves: 2026-01-01, handles: {forgejo: gone-f}}
---
apiVersion: council/v1
kind: Target
metadata: {name: switches, title: Switches}
spec:
  via: {directory: {path: switches}}
  owner: network
  artefacts:
  - {name: test/vlans, to: vlans.yaml}
"#;

/// What is rendered changes with the organization's title.
const VLANS: Artefact = Artefact {
    name: "test/vlans",
    summary: "VLANs",
    render: |model, _| {
        let title = model.of_slug("organization").next().map_or("", |found| found.title());
        Ok(format!("vlans:\n  tenants:\n    mtu: {}\n", title.len()).into_bytes())
    },
};

/// What the forge knows.
#[derive(Debug, Default)]
struct Known {
    pulls: Vec<Value>,
    reviews: Vec<Value>,
    comments: Vec<String>,
    statuses: Vec<(String, Value)>,
    strange: Vec<String>,
}

/// A Forgejo on a free port, as far as it is needed.
#[derive(Clone, Debug, Default)]
struct Fake(Arc<Mutex<Known>>);

impl Fake {
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/api/v1")
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn review(&self, who: &str, state: &str, commit: &str) {
        let review = json!({"user": {"login": who}, "state": state, "commit_id": commit});
        self.known().reviews.push(review);
    }

    fn comment(&self) -> String {
        let known = self.known();
        let ours = known.comments.iter().filter(|text| text.contains("council: change"));
        let ours: Vec<&String> = ours.collect();
        assert!(ours.len() < 2, "one comment that is replaced: {ours:#?}");
        ours.first().map(|text| (*text).clone()).unwrap_or_default()
    }

    /// The newest status of a commit: its state and description.
    fn status(&self, commit: &str) -> (String, String) {
        let known = self.known();
        let found = known.statuses.iter().rev().find(|(of, _)| of == commit);
        let text = |name: &str| found.and_then(|(_, it)| it[name].as_str()).unwrap_or_default();
        (text("state").to_owned(), text("description").to_owned())
    }
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path = parts.uri.path().trim_start_matches("/api/v1/repos/acme/playbook").to_owned();
    let later = parts.uri.query().is_some_and(|it| it.contains("page=") && !it.contains("page=1"));
    let mut known = fake.known();
    if parts.headers.get("authorization").is_none_or(|it| it != "token t0ken") {
        known.strange.push(format!("{path} without a token"));
    }
    let number = |path: &str| path.rsplit('/').next().and_then(|it| it.parse::<usize>().ok());
    let found = match (parts.method.as_str(), path.as_str()) {
        ("GET", _) if later => json!([]),
        ("GET", "/pulls") => {
            let open = known.pulls.iter().filter(|pull| pull["state"] == "open");
            open.cloned().collect()
        }
        ("GET", "/pulls/7") => known.pulls.first().cloned().unwrap_or_default(),
        ("GET", "/pulls/7/reviews") => known.reviews.iter().cloned().collect(),
        ("GET", "/issues/7/comments") => {
            let comments = known.comments.iter().enumerate();
            comments.map(|(id, body)| json!({"id": id, "body": body})).collect()
        }
        ("POST", "/issues/7/comments") => {
            known.comments.push(body["body"].as_str().unwrap_or_default().to_owned());
            json!({})
        }
        ("PATCH", path) if path.starts_with("/issues/comments/") => {
            let id = number(path).expect("a number");
            known.comments[id] = body["body"].as_str().unwrap_or_default().to_owned();
            json!({})
        }
        ("POST", path) if path.starts_with("/statuses/") => {
            let commit = path.trim_start_matches("/statuses/").to_owned();
            known.statuses.push((commit, body));
            json!({})
        }
        (method, path) => {
            known.strange.push(format!("{method} {path}"));
            return StatusCode::NOT_FOUND.into_response();
        }
    };
    axum::Json(found).into_response()
}

/// A server that follows a repository on that forge.
struct Forged {
    world: World,
    remote: tempfile::TempDir,
    fake: Fake,
    key: Key,
}

impl Forged {
    async fn start() -> Self {
        install_provider();
        let remote = tempfile::tempdir().expect("a directory");
        let repository = remote.path().join("playbook");
        std::fs::create_dir(&repository).expect("a directory");
        git(&repository, &["init", "--quiet", "--initial-branch=main"]);
        let mut council = COUNCIL.to_owned();
        for name in ["ana", "ben", "cleo", "dan", "eve"] {
            let person = "spec: {joined: 2020-01-01}";
            let known = format!("spec: {{joined: 2020-01-02, handles: {{forgejo: {name}-f}}}}");
            council = council.replacen(person, &known, 1);
        }
        write(&repository.join("rest.yaml"), REST);
        write(&repository.join("council.yaml"), &council);
        commit(&repository, "Begin");
        let url = repository.to_str().expect("a path");
        let clone = remote.path().join("clone");
        let follower = Follower::new(url, "main", &clone, Limits::default()).expect("a follower");
        follower.turn(jiff::Timestamp::now()).await.expect("a first turn");
        let fake = Fake::default();
        let connection =
            Connection::new(&fake.start().await, "t0ken".into(), crate::support::client());
        let forge = Forge::of("forgejo", connection, "acme/playbook").expect("a forge");
        let world = World::configured(&[], |config| {
            config.playbook.clone_from(&clone);
            config.artefacts = vec![VLANS];
            config.remote = RemoteConfig {
                follower: Some(follower),
                webhook_secrets: [("forgejo".to_owned(), SECRET.into())].into(),
                forge: Some(ForgeConfig { forge, project: "acme/playbook".to_owned() }),
            };
        })
        .await;
        let key = world.token("ana", &["read"]);
        let snapshot = world.running.state.snapshot();
        assert!(!snapshot.is_broken(), "{:#?}", snapshot.diagnostics);
        Self { world, remote, fake, key }
    }

    fn repository(&self) -> PathBuf {
        self.remote.path().join("playbook")
    }

    /// Gives the organization another title on the branch of the pull request; returns its newest commit.
    fn pushes(&self, title: &str, who: &str) -> String {
        let repository = self.repository();
        let branches = git(&repository, &["branch", "--list", "feat/network-mtu"]);
        let new = if branches.is_empty() { vec!["-b"] } else { Vec::new() };
        git(&repository, &[&["checkout", "--quiet"], &new[..], &["feat/network-mtu"]].concat());
        let path = repository.join("council.yaml");
        let text = std::fs::read_to_string(&path).expect("a file");
        let (before, after) = text.split_once("title: ").expect("a title");
        let (_, after) = after.split_once('}').expect("its end");
        write(&path, &format!("{before}title: {title}}}{after}"));
        commit(&repository, title);
        git(&repository, &["update-ref", "refs/pull/7/head", "HEAD"]);
        let head = git(&repository, &["rev-parse", "HEAD"]);
        git(&repository, &["checkout", "--quiet", "main"]);
        self.fake.known().pulls = vec![json!({
            "number": 7, "title": "Raise the MTU", "state": "open", "merged": false, "draft": false,
            "body": "## Description\nA larger MTU.\n## Risk\nLow.\n## Rollback\nRevert.",
            "user": {"login": who}, "head": {"ref": "feat/network-mtu", "sha": head},
            "base": {"ref": "main", "sha": "0"},
        })];
        head
    }

    /// Merges the branch, as somebody would on the forge.
    fn merges(&self) -> String {
        let repository = self.repository();
        git(&repository, &["merge", "--quiet", "--no-ff", "-m", "Merge", "feat/network-mtu"]);
        let merge = git(&repository, &["rev-parse", "HEAD"]);
        let mut known = self.fake.known();
        let pull = known.pulls.first_mut().expect("a pull request");
        pull["state"] = json!("closed");
        pull["merged"] = json!(true);
        pull["merge_commit_sha"] = json!(merge);
        merge
    }

    /// Waits until something is so, waking whoever may bring it about.
    #[track_caller]
    fn until(&self, what: &'static str, is_so: impl AsyncFn() -> bool) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let mut tries = 0;
            while !is_so().await {
                tries += 1;
                let board = || self.world.running.state.board().statuses();
                assert!(
                    tries < 10_000,
                    "{what} at {caller}: {:#?} {:#?}",
                    board(),
                    self.fake.known()
                );
                for worker in ["follow", "playbook", "reviews", "drift", "apply"] {
                    self.world.running.state.board().nudge(worker);
                }
                // Asking something gives the workers time to work.
                self.world.get("/healthz", &Key::Nothing).await;
            }
        }
    }

    async fn change(&self) -> Value {
        let answer = self.world.get("/api/v1/changes/CHG-2026-0001", &self.key).await;
        answer.json().await.unwrap_or_default()
    }

    /// Waits until the worker has looked at everything twice more.
    async fn looked(&self) {
        let turns = || {
            let statuses = self.world.running.state.board().statuses();
            statuses.iter().find(|status| status.name == "reviews").map_or(0, |status| status.turns)
        };
        let before = turns();
        self.until("looked", async || turns() >= before + 2).await;
    }

    /// The seats whose approvals count.
    async fn approved(&self) -> Vec<String> {
        let change = self.change().await;
        let rows = change["approvals"].as_array().cloned().unwrap_or_default();
        let standing = rows.iter().filter(|row| row["void"].is_null());
        standing.filter_map(|row| row["seat"].as_str().map(str::to_owned)).collect()
    }

    fn file(&self) -> String {
        let path = self.world.directory.path().join("data/switches/vlans.yaml");
        std::fs::read_to_string(path).unwrap_or_default()
    }
}

fn commit(repository: &Path, message: &str) {
    git(repository, &["add", "--all"]);
    git(repository, &["commit", "--quiet", "-m", message]);
}

#[tokio::test]
async fn a_pull_request_is_planned_approved_on_the_forge_merged_and_applied() {
    let forged = Forged::start().await;
    let fake = &forged.fake;
    let head = forged.pushes("Longer title", "dan-f");
    forged
        .until("drafted", async || forged.change().await["card"]["stage"] == "awaiting-approval")
        .await;
    let change = forged.change().await;
    assert_eq!(change["pull_request"], "forgejo:acme/playbook#7", "{change:#}");
    assert_eq!(change["card"]["author"]["name"], "dan");
    assert_eq!((&change["plan"]["revision"], &change["risk"]), (&json!(head), &json!("Low.")));
    forged.until("answered", async || fake.status(&head).0 == "pending").await;
    forged.until("commented", async || !fake.comment().is_empty()).await;
    let comment = fake.comment();
    for part in ["CHG-2026-0001", "awaiting approval", "Plan: 1 made", "| Guardrails |", "`ana`"] {
        assert!(comment.contains(part), "{part}: {comment}");
    }

    // Nobody of the playbook, somebody without a seat, and somebody who left: none of them counts.
    for who in ["stranger", "eve-f", "gone-f", "dan-f"] {
        fake.review(who, "APPROVED", &head);
    }
    forged.until("told", async || fake.comment().contains("`dan` does not count")).await;
    assert!(fake.comment().contains("`gone` does not count"), "{}", fake.comment());
    assert_eq!(forged.approved().await, Vec::<String>::new());

    fake.review("ana-f", "APPROVED", &head);
    forged.until("approved", async || forged.approved().await == ["seat/network"]).await;
    assert_eq!(forged.change().await["approvals"][0]["via"], "forge");
    fake.review("ana-f", "REQUEST_CHANGES", &head);
    forged.until("taken back", async || forged.approved().await.is_empty()).await;

    // A new commit is a new plan, and what was said about the old one counts no more.
    fake.review("ana-f", "APPROVED", &head);
    forged.until("approved again", async || forged.approved().await == ["seat/network"]).await;
    let newer = forged.pushes("A still longer title", "dan-f");
    forged
        .until("planned again", async || forged.change().await["plan"]["revision"] == newer)
        .await;
    forged.until("says so", async || fake.comment().contains("was given to")).await;
    assert_eq!(forged.approved().await, Vec::<String>::new());

    fake.review("ana-f", "APPROVED", &newer);
    fake.review("cleo-f", "APPROVED", &newer);
    forged.until("mergeable", async || fake.status(&newer).0 == "success").await;
    let statuses = fake.known().statuses.len();
    forged.looked().await;
    assert_eq!(fake.known().statuses.len(), statuses, "nothing is said twice");
    assert_eq!(forged.file(), "", "nothing is applied before the merge");

    forged.merges();
    forged.until("applied", async || forged.change().await["card"]["stage"] == "done").await;
    assert!(forged.file().contains("mtu: 20"), "{}", forged.file());
    forged.until("told", async || fake.comment().contains("is done")).await;
    assert_eq!(fake.known().strange, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_merged_without_approval_waits_and_says_why() {
    let forged = Forged::start().await;
    let fake = &forged.fake;
    let head = forged.pushes("Longer title", "dan-f");
    forged
        .until("drafted", async || forged.change().await["card"]["stage"] == "awaiting-approval")
        .await;
    forged.merges();
    forged.until("waits", async || fake.comment().contains("It is merged, and waits")).await;
    let comment = fake.comment();
    assert!(comment.contains("ana") && comment.contains("cleo"), "{comment}");
    assert_eq!(forged.file(), "");
    fake.review("ana-f", "APPROVED", &head);
    fake.review("cleo-f", "APPROVED", &head);
    forged.until("applied", async || forged.change().await["card"]["stage"] == "done").await;
    assert!(forged.file().contains("mtu: 12"), "{}", forged.file());
}

#[tokio::test]
async fn a_merge_that_does_something_else_than_was_approved_waits_for_new_approvals() {
    let forged = Forged::start().await;
    let fake = &forged.fake;
    let head = forged.pushes("Longer title", "dan-f");
    fake.review("ana-f", "APPROVED", &head);
    fake.review("cleo-f", "APPROVED", &head);
    forged.until("mergeable", async || fake.status(&head).0 == "success").await;
    // Whoever merges changes more than they merge, and pushes both at once.
    let repository = forged.repository();
    git(&repository, &["merge", "--quiet", "--no-ff", "--no-commit", "feat/network-mtu"]);
    let text = std::fs::read_to_string(repository.join("council.yaml")).expect("a file");
    write(
        &repository.join("council.yaml"),
        &text.replace("Longer title", "Smuggled in by the way"),
    );
    forged.fake.known().pulls[0]["state"] = json!("closed");
    commit(&repository, "Merge");
    let merge = git(&repository, &["rev-parse", "HEAD"]);
    forged.fake.known().pulls[0]["merged"] = json!(true);
    forged.fake.known().pulls[0]["merge_commit_sha"] = json!(merge);
    forged
        .until("planned again", async || forged.change().await["plan"]["revision"] == merge)
        .await;
    forged.looked().await;
    assert_eq!(forged.approved().await, Vec::<String>::new());
    assert_eq!(forged.change().await["card"]["stage"], "awaiting-approval");
    assert_eq!(forged.file(), "");
}

#[tokio::test]
async fn whoever_the_playbook_does_not_know_drafts_nothing() {
    let forged = Forged::start().await;
    let head = forged.pushes("Longer title", "stranger");
    forged.until("told", async || forged.fake.comment().contains("handles")).await;
    assert_eq!(forged.fake.status(&head).0, "pending");
    let changes = forged.world.read("/api/v1/changes", &forged.key).await;
    assert_eq!(changes["items"], json!([]));
}

#[tokio::test]
async fn a_pull_request_that_is_closed_gives_its_change_up() {
    let forged = Forged::start().await;
    forged.pushes("Longer title", "dan-f");
    forged
        .until("drafted", async || forged.change().await["card"]["stage"] == "awaiting-approval")
        .await;
    forged.fake.known().pulls[0]["state"] = json!("closed");
    forged.until("given up", async || forged.change().await["card"]["stage"] == "abandoned").await;
}

#[tokio::test]
async fn a_signed_webhook_wakes_and_a_forged_one_is_refused() {
    let forged = Forged::start().await;
    forged.looked().await;
    forged.pushes("Longer title", "dan-f");
    let send = async |id: &str, secret: &str| {
        let body = json!({"action": "opened", "number": 7, "pull_request": {"number": 7, "merged": false}});
        let body = body.to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(body.as_bytes());
        let digest = mac.finalize().into_bytes();
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let request =
            forged.world.client.post(forged.world.url("/api/v1/webhooks/forgejo")).body(body);
        let request =
            request.header("x-forgejo-signature", hex).header("x-forgejo-event", "pull_request");
        request.header("x-forgejo-delivery", id).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(send("d-1", "another secret").await, 401);
    assert_eq!(send("d-1", SECRET).await, 202);
    assert_eq!(send("d-1", SECRET).await, 409, "once is enough");
    // No nudge of ours: the webhook alone must do it.
    loop {
        if forged.change().await["card"]["stage"] == "awaiting-approval" {
            break;
        }
        tokio::task::yield_now().await;
    }
}
