//! The server as a process that is killed in the middle of an apply, and whose disk is full: nothing is lost, and it goes
//! on by itself.
//!
//! The test starts itself once more as the server, because only a process can be killed as a process is. The playbook
//! reloads its targets by a command that does the killing, so that it hits exactly between an effect and its result;
//! every other position is hit from outside, by the number of entries in the ledger.
#![expect(clippy::print_stdout, reason = "without the usual harness a test reports by itself")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gitops::plan::Artefact;
use playbook::Vocabulary;
use serde_json::{Value, json};
use server::Config;
use server::auth::operator::{NewToken, create_token, open};

/// The directory that the process serves, when it is the server.
const SERVE: &str = "COUNCIL_TEST_SERVE";

/// How many targets there are, each with one file, so that each reload is between an effect and its result.
const TARGETS: usize = 4;

/// How many entries a whole apply writes at least; each is a position to be killed at.
const POSITIONS: u64 = 12;

/// How long to wait before asking again.
const BREATH: Duration = Duration::from_millis(50);

/// How long anything may take; a full run takes seconds.
const PATIENCE: Duration = Duration::from_secs(120);

const VLANS: Artefact = Artefact {
    name: "test/vlans",
    summary: "VLANs",
    render: |_, scope| Ok(format!("vlans:\n  of: {}\n", scope.target).into_bytes()),
};

fn main() {
    if let Some(directory) = std::env::var_os(SERVE) {
        return runtime().block_on(serve(Path::new(&directory)));
    }
    drop(rustls::crypto::ring::default_provider().install_default());
    runtime().block_on(async {
        for reload in 1..=TARGETS {
            killed(Some(reload), None).await;
            println!("killed in reload {reload} of {TARGETS} ... ok");
        }
        for entries in 1..=POSITIONS {
            killed(None, Some(entries)).await;
            println!("killed after entry {entries} of the apply ... ok");
        }
        disk_full().await;
        println!("the disk is full in the middle of an apply ... ok");
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("a runtime")
}

/// Is the server until it is killed.
async fn serve(directory: &Path) {
    let mut config = Config::local(directory.join("playbook"), directory.join("data"));
    config.artefacts = vec![VLANS];
    let vocabulary = gitops::vocabulary(governance::vocabulary(org::vocabulary(Vocabulary::new())));
    let running = server::start(config, Arc::new(vocabulary)).await.expect("a running server");
    println!("{}", running.address);
    running.wait().await.expect("it serves");
}

const COUNCIL: &str = r#"
apiVersion: council/v1
kind: Organization
metadata: {name: example, title: Example}
spec:
  purpose: Decide about infrastructure.
  north_star: A platform that teams trust.
  owner: seat/network
  currency: EUR
  time_zone: Europe/Berlin
  business_hours: {days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}
  public_holidays: [DE]
---
apiVersion: council/v1
kind: Seat
metadata: {name: network, title: Network & Security}
spec: {owns: Networks., topics: [firewall], primary: ana}
---
apiVersion: council/v1
kind: Seat
metadata: {name: finops, title: FinOps}
spec: {owns: Money., topics: [cost], primary: cleo}
---
apiVersion: council/v1
kind: Team
metadata: {name: payments, title: Payments}
spec: {profile: backend, members: [dan]}
"#;

/// A folder with a playbook and a server's data.
struct Stage {
    folder: tempfile::TempDir,
    client: reqwest::Client,
}

/// A server's process; it ends with the value.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // A panic in a drop would hide what the test itself found.
        drop(self.process.kill().and_then(|()| self.process.wait()));
    }
}

/// Who asks.
#[derive(Clone, Copy)]
enum Who {
    Dan,
    Ana,
    Cleo,
}

impl Stage {
    /// Targets whose reload counts, and kills its server at the reload with this number.
    fn new(kill_at: Option<usize>, targets: usize) -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("playbook")).expect("a directory");
        let mut playbook = COUNCIL.to_owned();
        for person in ["ana", "cleo", "dan"] {
            let person = json!({
                "apiVersion": "council/v1", "kind": "Person", "metadata": {"name": person, "title": person},
                "spec": {"joined": "2020-01-01"},
            });
            playbook += &format!("---\n{person}\n");
        }
        // Reloads run side by side; making a directory is what only one of them can do.
        let script = format!(
            "n=1; while ! mkdir '{reload}'$n 2>/dev/null; do n=$((n+1)); done; [ $n -ne {kill} ] || kill -9 $PPID",
            reload = at("reload-").display(),
            kill = kill_at.unwrap_or(0),
        );
        for target in 1..=targets {
            let reload = json!({"run": ["sh", "-c", script]});
            let target = json!({
                "apiVersion": "council/v1", "kind": "Target",
                "metadata": {"name": format!("t{target}"), "title": format!("T {target}")},
                "spec": {
                    "via": {"directory": {"path": format!("t{target}"), "reload": reload}}, "owner": "network",
                    "artefacts": [{"name": "test/vlans", "to": "vlans.yaml"}],
                },
            });
            playbook += &format!("---\n{target}\n");
        }
        std::fs::write(at("playbook/council.yaml"), playbook).expect("a written file");
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { folder, client }
    }

    /// Starts the server; `limit` is how large a file may grow, in blocks of 512 bytes.
    fn start(&self, limit: Option<u64>) -> Server {
        let program = std::env::current_exe().expect("this program");
        let mut command = match limit {
            None => Command::new(program),
            Some(blocks) => {
                let mut command = Command::new("sh");
                let words = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\"");
                command.arg("-c").arg(words).arg(program);
                command
            }
        };
        command.env(SERVE, self.folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("it starts");
        let out = process.stdout.take().expect("its output");
        let mut address = String::new();
        BufReader::new(out).read_line(&mut address).expect("a line");
        assert!(!address.is_empty(), "the server ended before it listened");
        Server { process, address: format!("http://{}", address.trim()) }
    }

    fn token(&self, who: Who) -> String {
        let person = match who {
            Who::Dan => "dan",
            Who::Ana => "ana",
            Who::Cleo => "cleo",
        };
        let new = NewToken {
            person: person.to_owned(),
            operator: false,
            name: "test".to_owned(),
            scopes: ["read", "change"].map(str::to_owned).into(),
            life: NewToken::days(1),
        };
        let store = open(&self.folder.path().join("data")).expect("the database");
        let (secret, _) = create_token(&store, &new, jiff::Timestamp::now()).expect("a token");
        secret.expose().to_owned()
    }

    async fn post(&self, server: &Server, path: &str, who: Who, body: &Value) -> Value {
        let request = self.client.post(format!("{}/api/v1{path}", server.address));
        let answer =
            request.bearer_auth(self.token(who)).json(body).send().await.expect("an answer");
        let (status, text) = (answer.status(), answer.text().await.expect("text"));
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Applies a change as soon as the server has looked at its targets, which it does in the background.
    async fn apply(&self, server: &Server, id: &str) {
        let url = format!("{}/api/v1/changes/{id}/application", server.address);
        let (token, began) = (self.token(Who::Dan), Instant::now());
        loop {
            let request = self.client.post(&url).bearer_auth(&token);
            let answer = request.json(&Value::Null).send().await.expect("an answer");
            let (status, text) = (answer.status(), answer.text().await.expect("text"));
            if status.is_success() {
                return;
            }
            assert!(text.contains("nobody has seen") && began.elapsed() < PATIENCE, "{text}");
            // Whoever asks all the time is told to wait.
            drop(tokio::time::timeout(BREATH, std::future::pending::<()>()).await);
        }
    }

    /// Reads something; nothing when nobody answers.
    async fn read(&self, server: &Server, path: &str, token: &str) -> Option<Value> {
        let request = self.client.get(format!("{}/api/v1{path}", server.address));
        let answer = request.bearer_auth(token).send().await.ok()?;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.ok()
    }

    /// Drafts, plans and approves a change; returns its id.
    async fn approved(&self, server: &Server) -> String {
        let said =
            json!({"title": "VLANs", "description": "So.", "risk": "Low.", "rollback": "Back."});
        let done = self.post(server, "/changes", Who::Dan, &said).await;
        let stream = done["stream"].as_str().expect("text");
        let id = stream.trim_start_matches("change/").to_owned();
        self.post(server, &format!("/changes/{id}/submission"), Who::Dan, &Value::Null).await;
        for who in [Who::Ana, Who::Cleo] {
            let path = format!("/changes/{id}");
            let detail = self.read(server, &path, &self.token(who)).await.expect("an answer");
            let needed = detail["verdict"]["needed"].to_string();
            for seat in detail["may_approve_for"].as_array().expect("seats") {
                let seat = seat.as_str().expect("text");
                if needed.contains(&format!("seat/{seat}")) {
                    let plan = &detail["plan"];
                    let approval =
                        json!({"seat": seat, "plan": plan["hash"], "revision": plan["revision"]});
                    self.post(server, &format!("{path}/approvals"), who, &approval).await;
                }
            }
        }
        id
    }

    /// Waits until a change is as it should be; nothing when the server dies first.
    async fn until(
        &self,
        server: &Server,
        id: &str,
        is_right: impl Fn(&Value) -> bool,
    ) -> Option<Value> {
        let (path, token) = (format!("/changes/{id}"), self.token(Who::Dan));
        let waits = async {
            loop {
                let detail = self.read(server, &path, &token).await?;
                if is_right(&detail) {
                    return Some(detail);
                }
                assert!(detail["card"]["stage"] != "failed", "{detail:#}");
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, waits).await.expect("it comes to where it should")
    }

    /// Everything is done, once and whole, and the ledger is sound.
    async fn check(&self, server: &Server, id: &str, targets: usize) {
        let is_done = |detail: &Value| detail["card"]["stage"] == "done";
        let detail = self.until(server, id, is_done).await.expect("the server lives");
        assert_eq!(detail["steps"]["done"], targets, "{detail:#}");
        for target in 1..=targets {
            let file = self.folder.path().join(format!("data/t{target}/vlans.yaml"));
            let text = std::fs::read_to_string(file).expect("the file");
            assert_eq!(text, format!("vlans:\n  of: t{target}\n"));
        }
        let token = self.token(Who::Dan);
        let sound = self.read(server, "/ledger/verify", &token).await.expect("an answer");
        assert_eq!(sound["sound"], true, "{sound:#}");
    }
}

/// Kills the server in a reload, or when the ledger has so many more entries; the next one brings it to its end.
async fn killed(in_reload: Option<usize>, after_entries: Option<u64>) {
    let stage = Stage::new(in_reload, TARGETS);
    let mut first = stage.start(None);
    let id = stage.approved(&first).await;
    let token = stage.token(Who::Dan);
    let seq = |head: Value| head["seq"].as_u64().expect("a number");
    let before = seq(stage.read(&first, "/ledger", &token).await.expect("an answer"));
    stage.apply(&first, &id).await;
    match after_entries {
        // The reload kills it; until then it answers.
        None => assert_eq!(stage.until(&first, &id, |_| false).await, None),
        Some(entries) => {
            while let Some(head) = stage.read(&first, "/ledger", &token).await {
                if seq(head) >= before + entries {
                    break;
                }
            }
            first.process.kill().expect("it is there");
        }
    }
    first.process.wait().expect("it has ended");
    let second = stage.start(None);
    stage.check(&second, &id, TARGETS).await;
}

/// Lets files grow no further than the ledger is, and a little more: enough to begin, not to end.
async fn disk_full() {
    /// So many steps write more entries than the little room takes.
    const MANY: usize = 60;
    /// In bytes: a few dozen entries with their index pages.
    const ROOM: u64 = 160 * 1024;
    let stage = Stage::new(None, MANY);
    let first = stage.start(None);
    let id = stage.approved(&first).await;
    drop(first);
    let data = stage.folder.path().join("data");
    let files = std::fs::read_dir(&data).expect("a directory").map(|entry| {
        let entry = entry.expect("an entry");
        let is_ledger = entry.file_name().to_string_lossy().starts_with("ledger.db");
        if is_ledger { entry.metadata().expect("its size").len() } else { 0 }
    });
    let largest = files.max().expect("a ledger");
    let full = stage.start(Some((largest + ROOM) / 512));
    stage.apply(&full, &id).await;
    let token = stage.token(Who::Dan);
    // What can be written is written, and then every write says why not; reading goes on.
    let other = json!({"title": "Another", "plan": false});
    loop {
        let request = stage.client.post(format!("{}/api/v1/changes", full.address));
        let answer = request.bearer_auth(&token).json(&other).send().await.expect("an answer");
        if answer.status().is_server_error() {
            break;
        }
    }
    // That a token is used for the first time cannot be noted any more, and refuses nobody.
    let token = stage.token(Who::Dan);
    let detail = stage.read(&full, &format!("/changes/{id}"), &token).await.expect("an answer");
    assert_eq!(detail["card"]["stage"], "applying", "{detail:#}");
    let done = detail["steps"]["done"].as_u64().expect("a number");
    assert!(done < u64::try_from(MANY).expect("small"), "the disk was never full: {detail:#}");
    drop(full);
    let second = stage.start(None);
    stage.check(&second, &id, MANY).await;
}
