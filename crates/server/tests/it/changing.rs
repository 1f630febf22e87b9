//! A change from the plan to the target and back, over the API and over the pages.

use std::path::PathBuf;
use std::time::Duration;

use gitops::plan::Artefact;
use serde_json::{Value, json};
use server::Config;

use crate::support::{Key, Role, World, problem};

/// A target that keeps one file.
const TARGETS: &str = r#"
apiVersion: council/v1
kind: Target
metadata: {name: switches, title: Switches}
spec:
  via: {directory: {path: switches}}
  owner: network
  artefacts:
  - {name: test/vlans, to: vlans.yaml}
"#;

/// What is rendered changes with the organization's title, so that a test changes the playbook and sees a plan.
const VLANS: Artefact = Artefact {
    name: "test/vlans",
    summary: "VLANs",
    render: |model, _| {
        let title = model.of_slug("organization").next().map_or("", |found| found.title());
        Ok(format!("vlans:\n  tenants:\n    mtu: {}\n", title.len()).into_bytes())
    },
};

/// How long a change may take that a test waits for; a play under the real Ansible takes half a minute on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long to wait for the next entry before looking again all the same.
const BREATH: Duration = Duration::from_millis(100);

/// A server with targets, and who changes them.
pub(crate) struct Changing {
    pub(crate) world: World,
    root: PathBuf,
    pub(crate) author: Key,
    pub(crate) approver: Key,
    pub(crate) other: Key,
}

impl Changing {
    async fn start() -> Self {
        Self::with(TARGETS, |_| {}).await
    }

    /// Starts a server on these targets.
    pub(crate) async fn with(targets: &str, configure: impl FnOnce(&mut Config)) -> Self {
        let world = World::governed_and(&[("targets.yaml", targets)], |config| {
            config.artefacts = vec![VLANS];
            std::fs::create_dir_all(config.data_dir.join("switches")).expect("a directory");
            configure(config);
        })
        .await;
        let root = world.directory.path().join("data/switches");
        let author = world.session(Role::Member).await;
        let approver = world.session(Role::Holder).await;
        let other = world.sign_in_as("cleo").await;
        let changing = Self { world, root, author, approver, other };
        changing.turned("drift").await;
        changing
    }

    /// Waits until a worker has done whole turns that began after this call.
    pub(crate) async fn turned(&self, worker: &str) {
        let board = self.world.running.state.board();
        let turns = || {
            let statuses = board.statuses();
            statuses.iter().find(|status| status.name == worker).map_or(0, |status| status.turns)
        };
        let before = turns();
        while turns() < before + 2 {
            board.nudge(worker);
            tokio::task::yield_now().await;
        }
    }

    /// Waits until a change has come so far; one that fails instead ends the test.
    pub(crate) async fn until(&self, id: &str, stage: &str) -> Value {
        let is_there = |detail: &Value| detail["card"]["stage"] == stage;
        self.until_it(id, is_there).await
    }

    /// Waits until a change is as it should be.
    pub(crate) async fn until_it(&self, id: &str, is_right: impl Fn(&Value) -> bool) -> Value {
        let (sender, mut entries) = tokio::sync::watch::channel(());
        let state = &self.world.running.state;
        let _watch = state.ledger().on_append(move |_| {
            sender.send_replace(());
        });
        let waits = async {
            loop {
                let detail = self.detail(id, &self.author).await;
                if is_right(&detail) {
                    return detail;
                }
                assert!(detail["card"]["stage"] != "failed", "{id}: {}", detail["failure"]);
                state.board().nudge("apply");
                // Nothing may be written any more, and then it is right by itself or never.
                drop(tokio::time::timeout(BREATH, entries.changed()).await);
            }
        };
        tokio::time::timeout(PATIENCE, waits).await.expect("the change comes to where it should")
    }

    pub(crate) async fn detail(&self, id: &str, key: &Key) -> Value {
        self.world.read(&format!("/api/v1/changes/{id}"), key).await
    }

    pub(crate) async fn post(&self, path: &str, key: &Key, body: Value) -> reqwest::Response {
        self.world.post(&format!("/api/v1{path}"), key, body).await
    }

    #[track_caller]
    pub(crate) fn ok(&self, path: String, key: &Key, body: Value) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.post(&path, key, body).await;
            let (status, text) = (answer.status(), answer.text().await.expect("text"));
            assert!(status.is_success(), "{path} at {caller}: {text}");
            serde_json::from_str(&text).expect("JSON")
        }
    }

    /// Drafts and plans a change, and returns its id.
    pub(crate) async fn drafted(&self) -> String {
        self.drafted_with(said()).await
    }

    /// The same, with something else said about it.
    pub(crate) async fn drafted_with(&self, said: Value) -> String {
        let done = self.ok("/changes".to_owned(), &self.author, said).await;
        done["stream"].as_str().expect("text").trim_start_matches("change/").to_owned()
    }

    /// Approves for every seat that the gate asks.
    pub(crate) async fn approved(&self, id: &str) {
        self.ok(format!("/changes/{id}/submission"), &self.author, Value::Null).await;
        for key in [&self.approver, &self.other] {
            let detail = self.detail(id, key).await;
            let needed = detail["verdict"]["needed"].to_string();
            for seat in detail["may_approve_for"].as_array().expect("seats") {
                let seat = seat.as_str().expect("text");
                if needed.contains(&format!("seat/{seat}")) {
                    let approval = json!({
                        "seat": seat, "plan": detail["plan"]["hash"], "revision": detail["plan"]["revision"]
                    });
                    self.ok(format!("/changes/{id}/approvals"), key, approval).await;
                }
            }
        }
    }

    /// Begins to apply a change, and waits for how it ends.
    pub(crate) async fn applied(&self, id: &str, stage: &str) -> Value {
        self.ok(format!("/changes/{id}/application"), &self.author, Value::Null).await;
        self.until(id, stage).await
    }

    pub(crate) fn file(&self) -> String {
        std::fs::read_to_string(self.root.join("vlans.yaml")).unwrap_or_default()
    }
}

/// What is said about a change, as complete as the gate wants it.
pub(crate) fn said() -> Value {
    json!({
        "title": "VLANs for the tenants", "description": "They need them.",
        "risk": "Low.", "rollback": "Plan the way back."
    })
}

#[tokio::test]
async fn a_change_is_planned_approved_applied_and_taken_back() {
    let changing = Changing::start().await;
    let id = changing.drafted().await;
    let detail = changing.detail(&id, &changing.author).await;
    assert_eq!(detail["card"]["stage"], "planned");
    let hash = detail["plan"]["hash"].as_str().expect("a hash").to_owned();
    let plan = changing.world.read(&format!("/api/v1/plans/{hash}"), &changing.author).await;
    assert_eq!(plan["steps"][0]["resource"]["name"], "vlans.yaml", "{plan:#}");
    let early =
        changing.post(&format!("/changes/{id}/application"), &changing.author, Value::Null).await;
    assert_eq!(early.status(), 409, "nothing is applied before somebody agrees");
    assert_eq!(changing.file(), "");

    changing.approved(&id).await;
    let detail = changing.detail(&id, &changing.author).await;
    assert_eq!(detail["verdict"]["outcome"], "allow", "{detail:#}");
    changing.ok(format!("/changes/{id}/application"), &changing.author, Value::Null).await;
    let detail = changing.until(&id, "done").await;
    assert_eq!(detail["steps"], json!({"total": 1, "under_way": 0, "done": 1, "failed": 0}));
    assert!(changing.file().contains("mtu: 7"), "{}", changing.file());

    // The way back is a change of its own: seen, approved, applied.
    let back = changing.ok(format!("/changes/{id}/rollback"), &changing.author, Value::Null).await;
    let back = back["stream"].as_str().expect("text").trim_start_matches("change/").to_owned();
    changing.approved(&back).await;
    changing.ok(format!("/changes/{back}/application"), &changing.author, Value::Null).await;
    changing.until(&back, "done").await;
    assert_eq!(changing.detail(&id, &changing.author).await["card"]["stage"], "rolled-back");
    assert_eq!(changing.file(), "", "what was made is gone");
    let sound = changing.world.read("/api/v1/ledger/verify", &changing.author).await;
    assert_eq!(sound["sound"], true);
}

#[tokio::test]
async fn an_approval_is_for_one_plan_and_never_by_the_author() {
    let changing = Changing::start().await;
    let id = changing.drafted().await;
    changing.ok(format!("/changes/{id}/submission"), &changing.author, Value::Null).await;
    let detail = changing.detail(&id, &changing.approver).await;
    let approval = |plan: &str| json!({"seat": "network", "plan": plan, "revision": detail["plan"]["revision"]});
    let path = format!("/changes/{id}/approvals");
    let denied = changing.post(&path, &changing.author, approval("x")).await;
    problem(denied, 403, "denied").await;
    let other = changing.post(&path, &changing.approver, approval(&"0".repeat(64))).await;
    assert_eq!(other.status(), 409, "an approval for another hash does not count");
    let hash = detail["plan"]["hash"].as_str().expect("a hash");
    changing.ok(path, &changing.approver, approval(hash)).await;
}

#[tokio::test]
async fn drift_is_shown_and_never_applied() {
    let changing = Changing::start().await;
    let drift = changing.world.read("/api/v1/drift", &changing.author).await;
    assert_eq!(drift["look"]["targets"][0]["target"], "switches", "{drift:#}");
    assert_eq!(drift["look"]["targets"][0]["differs"], 1);
    assert_eq!(changing.file(), "");
}

#[tokio::test]
async fn a_freeze_holds_and_is_lifted() {
    let changing = Changing::start().await;
    let freeze =
        json!({"name": "launch", "summary": "Launch week.", "until": "2099-01-01T00:00:00Z"});
    changing.ok("/freezes".to_owned(), &changing.approver, freeze).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let held =
        changing.post(&format!("/changes/{id}/application"), &changing.author, Value::Null).await;
    let held = problem(held, 409, "held").await;
    assert!(held["reasons"].to_string().contains("launch"), "{held}");
    let lift = json!({"reason": "The launch is over."});
    changing.ok("/freezes/launch/lift".to_owned(), &changing.approver, lift).await;
    changing.ok(format!("/changes/{id}/application"), &changing.author, Value::Null).await;
    changing.until(&id, "done").await;
}

#[tokio::test]
async fn the_pages_show_the_change_and_carry_it_out_without_script() {
    let changing = Changing::start().await;
    let form =
        [("title", "By form"), ("risk", "Low."), ("rollback", "Back."), ("description", "So.")];
    let to =
        crate::pages::sent(&changing.world, &changing.author, "/changes/new", "/changes", &form)
            .await;
    let shown = crate::pages::page(&changing.world, &to, &changing.author).await;
    assert!(shown.contains("vlans.yaml") && shown.contains("Ask the seats"), "{shown}");
    crate::pages::sent(&changing.world, &changing.author, &to, &format!("{to}/submit"), &[]).await;
    let shown = crate::pages::page(&changing.world, &to, &changing.approver).await;
    let hidden = |name: &str| {
        let (_, rest) = shown.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
        rest.split('"').next().expect("a value").to_owned()
    };
    assert!(shown.contains("Approve this plan"), "{shown}");
    let (seat, plan, revision) = (hidden("seat"), hidden("plan"), hidden("revision"));
    let approval =
        [("seat", &*seat), ("plan", &*plan), ("revision", &*revision), ("comment", "Fine.")];
    crate::pages::sent(
        &changing.world,
        &changing.approver,
        &to,
        &format!("{to}/approve"),
        &approval,
    )
    .await;
    let today = crate::pages::page(&changing.world, "/", &changing.author).await;
    assert!(today.contains("By form") || today.contains("Nothing waits"), "{today}");
    for path in ["/changes", "/freezes", "/drift", "/inventory", "/changes/new", &to] {
        let shown = crate::pages::page(&changing.world, path, &changing.author).await;
        assert!(shown.len() < 60 * 1024, "{path} has {} bytes", shown.len());
    }
}
