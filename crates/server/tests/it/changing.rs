//! A change from the plan to the target and back, over the API and over the pages.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use gitops::plan::Artefact;
use serde_json::{Value, json};

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

struct Changing {
    world: World,
    root: PathBuf,
    author: Key,
    approver: Key,
    other: Key,
}

impl Changing {
    async fn start() -> Self {
        let world = World::governed_and(&[("targets.yaml", TARGETS)], |config| {
            config.artefacts = vec![VLANS];
            std::fs::create_dir_all(config.data_dir.join("switches")).expect("a directory");
        })
        .await;
        let root = world.directory.path().join("data/switches");
        let author = world.session(Role::Member).await;
        let approver = world.session(Role::Holder).await;
        let other = world.sign_in_as("cleo").await;
        let changing = Self { world, root, author, approver, other };
        changing.looked().await;
        changing
    }

    /// Waits until the targets were looked at once more.
    async fn looked(&self) {
        let board = self.world.running.state.board();
        let turns = || {
            let statuses = board.statuses();
            statuses.iter().find(|status| status.name == "drift").map_or(0, |status| status.turns)
        };
        let before = turns();
        while turns() < before + 2 {
            board.nudge("drift");
            tokio::task::yield_now().await;
        }
    }

    /// Waits until a change has come so far.
    async fn until(&self, id: &str, stage: &str) -> Value {
        static TRIES: AtomicU32 = AtomicU32::new(0);
        loop {
            let detail = self.detail(id, &self.author).await;
            if detail["card"]["stage"] == stage {
                return detail;
            }
            let tries = TRIES.fetch_add(1, Ordering::Relaxed);
            assert!(tries < 5_000, "{id} is not {stage}: {detail:#}");
            self.world.running.state.board().nudge("apply");
            tokio::task::yield_now().await;
        }
    }

    async fn detail(&self, id: &str, key: &Key) -> Value {
        self.world.read(&format!("/api/v1/changes/{id}"), key).await
    }

    async fn post(&self, path: &str, key: &Key, body: Value) -> reqwest::Response {
        self.world.post(&format!("/api/v1{path}"), key, body).await
    }

    #[track_caller]
    fn ok(&self, path: String, key: &Key, body: Value) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.post(&path, key, body).await;
            let (status, text) = (answer.status(), answer.text().await.expect("text"));
            assert!(status.is_success(), "{path} at {caller}: {text}");
            serde_json::from_str(&text).expect("JSON")
        }
    }

    /// Drafts and plans a change, and returns its id.
    async fn drafted(&self) -> String {
        let said = json!({
            "title": "VLANs for the tenants", "description": "They need them.",
            "risk": "Low.", "rollback": "Plan the way back."
        });
        let done = self.ok("/changes".to_owned(), &self.author, said).await;
        done["stream"].as_str().expect("text").trim_start_matches("change/").to_owned()
    }

    /// Approves for every seat that the gate asks.
    async fn approved(&self, id: &str) {
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

    fn file(&self) -> String {
        std::fs::read_to_string(self.root.join("vlans.yaml")).unwrap_or_default()
    }
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
