//! A running server with a playbook of its own, and clients in every role.

use std::path::Path;
use std::sync::Arc;

use playbook::Vocabulary;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use server::auth::operator::{NewToken, create_token, open};
use server::{Config, Running};
use tempfile::TempDir;

/// A small council: ana and ben share a seat, cleo holds another one, dan is in a team, eve in nothing.
pub(crate) const COUNCIL: &str = r#"
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
spec: {owns: Networks., topics: [firewall], primary: ana, backup: ben}
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
---
apiVersion: council/v1
kind: Person
metadata: {name: ana, title: Ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben, title: Ben}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Person
metadata: {name: cleo, title: Cleo}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Person
metadata: {name: dan, title: Dan}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Person
metadata: {name: eve, title: Eve}
spec: {joined: 2020-01-01}
"#;

/// A server and what it stands on.
pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) client: reqwest::Client,
    pub(crate) directory: TempDir,
}

/// Installs the one cryptography provider that clients and TLS use.
pub(crate) fn install_provider() {
    // A second test in the same process finds it installed, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// A client that keeps no cookies and follows nothing.
pub(crate) fn client() -> reqwest::Client {
    install_provider();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client")
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Nobody.
    Anonymous,
    /// A person in no team, seat or office.
    Outsider,
    /// A member of a team.
    Member,
    /// The primary of a seat.
    Holder,
    /// The backup of that seat.
    Backup,
    /// The server's operator, who is nobody of the playbook.
    Operator,
}

impl Role {
    /// All of them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Anonymous, Self::Outsider, Self::Member, Self::Holder, Self::Backup, Self::Operator];

    /// The person of the small council.
    pub(crate) fn person(self) -> Option<&'static str> {
        match self {
            Self::Anonymous | Self::Operator => None,
            Self::Outsider => Some("eve"),
            Self::Member => Some("dan"),
            Self::Holder => Some("ana"),
            Self::Backup => Some("ben"),
        }
    }
}

/// A session or token that requests are made with.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    Cookie(String),
    Token(String),
    Nothing,
}

impl World {
    /// Starts a server on the small council.
    pub(crate) async fn start() -> Self {
        Self::with(&[("council.yaml", COUNCIL)]).await
    }

    /// Starts a server on a playbook of these files.
    pub(crate) async fn with(files: &[(&str, &str)]) -> Self {
        Self::configured(files, |_| {}).await
    }

    /// Starts a server on a playbook of these files, with a changed configuration.
    pub(crate) async fn configured(
        files: &[(&str, &str)],
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let playbook = directory.path().join("playbook");
        std::fs::create_dir(&playbook).expect("a directory");
        for (name, text) in files {
            write(&playbook.join(name), text);
        }
        let mut config = Config::local(&playbook, directory.path().join("data"));
        config.ledger = ledger::Options::throw_away();
        change(&mut config);
        let running = server::start(config, vocabulary()).await.expect("a running server");
        Self { running, client: client(), directory }
    }

    /// Writes a file of the playbook.
    pub(crate) fn write(&self, name: &str, text: &str) {
        write(&self.directory.path().join("playbook").join(name), text);
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    /// Begins a request.
    pub(crate) fn request(&self, method: Method, path: &str, key: &Key) -> RequestBuilder {
        let request = self.client.request(method, self.url(path));
        match key {
            Key::Cookie(cookie) => request.header(COOKIE, cookie),
            Key::Token(token) => request.bearer_auth(token),
            Key::Nothing => request,
        }
    }

    /// Reads something.
    pub(crate) async fn get(&self, path: &str, key: &Key) -> Response {
        self.request(Method::GET, path, key).send().await.expect("an answer")
    }

    /// Reads something that is there.
    #[track_caller]
    pub(crate) fn read(&self, path: &str, key: &Key) -> impl Future<Output = Value> {
        let request = self.request(Method::GET, path, key);
        let path = path.to_owned();
        async move {
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status(), 200, "{path}");
            answer.json().await.expect("JSON")
        }
    }

    /// Writes something.
    pub(crate) async fn post(&self, path: &str, key: &Key, body: Value) -> Response {
        self.request(Method::POST, path, key).json(&body).send().await.expect("an answer")
    }

    /// Signs in with the link that was shown at start.
    pub(crate) async fn sign_in(&self, person: Option<&str>) -> Key {
        self.use_link(&self.running.sign_in_link, person).await
    }

    /// Signs in with a link.
    pub(crate) async fn use_link(&self, link: &str, person: Option<&str>) -> Key {
        let secret = link.rsplit('/').next().expect("a secret");
        let body = json!({"link": secret, "person": person});
        let answer = self.post("/api/v1/sessions", &Key::Nothing, body).await;
        assert_eq!(answer.status(), 201);
        let cookie = answer.headers()[SET_COOKIE].to_str().expect("text");
        Key::Cookie(cookie.split(';').next().expect("a pair").to_owned())
    }

    /// Makes a token in the data directory, as the operator of the machine does.
    pub(crate) fn token(&self, person: &str, scopes: &[&str]) -> Key {
        let store = open(&self.directory.path().join("data")).expect("the database");
        let new = NewToken {
            person: person.to_owned(),
            operator: scopes.contains(&"operate"),
            name: "test".to_owned(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            life: NewToken::days(1),
        };
        let now = self.running.state.clock().now();
        let (secret, _) = create_token(&store, &new, now).expect("a token");
        Key::Token(secret.expose().to_owned())
    }

    /// Signs a person in by a browser's session.
    pub(crate) async fn sign_in_as(&self, person: &str) -> Key {
        let now = self.running.state.clock().now();
        let store = open(&self.directory.path().join("data")).expect("the database");
        let link = server::auth::operator::sign_in_path(&store, Some(person), false, now);
        self.use_link(&link.expect("a link"), None).await
    }

    /// Signs somebody in by a browser's session.
    pub(crate) async fn session(&self, role: Role) -> Key {
        let now = self.running.state.clock().now();
        let store = open(&self.directory.path().join("data")).expect("the database");
        let make = |person: Option<&str>, operator: bool| {
            server::auth::operator::sign_in_path(&store, person, operator, now).expect("a link")
        };
        match role {
            Role::Anonymous => Key::Nothing,
            Role::Operator => self.use_link(&make(None, true), None).await,
            Role::Outsider | Role::Member | Role::Holder | Role::Backup => {
                self.use_link(&make(role.person(), false), None).await
            }
        }
    }
}

/// The kinds and rules that the tests' playbooks use.
fn vocabulary() -> Arc<Vocabulary> {
    let council = governance::vocabulary(org::vocabulary(Vocabulary::new()));
    Arc::new(fleet::vocabulary(reliability::vocabulary(gitops::vocabulary(council))))
}

/// Writes a file and the directories above it.
pub(crate) fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    std::fs::write(path, text).expect("a written file");
}

/// Checks that an answer is a problem with this status and code, and returns it.
#[track_caller]
pub(crate) fn problem(
    answer: Response,
    status: u16,
    code: &'static str,
) -> impl Future<Output = Value> {
    let caller = std::panic::Location::caller();
    async move {
        let found = answer.status();
        let kind = answer.headers().get("content-type").cloned();
        let text = answer.text().await.expect("a body");
        assert_eq!(found, status, "at {caller}: {text}");
        assert_eq!(kind.expect("a type"), "application/problem+json", "at {caller}");
        let body: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(body["code"], code, "at {caller}: {body}");
        body
    }
}

/// What the small council decides with: a type, two drafts, a question, a ritual.
const GOVERNANCE: &str = r#"
apiVersion: council/v1
kind: DecisionType
metadata: {name: b, title: Network & security decisions}
spec:
  letter: B
  scope: Networks.
  primaries: [network, finops]
  rule: {agree: all, lazy_consensus_after: 72h}
---
apiVersion: council/v1
kind: Question
metadata: {name: log-stack, title: Which log stack?}
spec: {owner: network}
---
apiVersion: council/v1
kind: Ritual
metadata: {name: weekly-sync, title: Weekly sync}
spec:
  goal: Know where we are.
  cadence: FREQ=WEEKLY;BYDAY=FR
  starts: 2026-01-02
  at: "10:00"
  duration: {from: 30m, to: 45m}
  attendees: all-seats
"#;

/// A decision record that ana's seat decides; anybody may have written it.
fn draft(title: &str) -> String {
    format!(
        "---\nstatus: proposed\ntype: b\n---\n\n# {title}\n\n## Context\n\nWe must.\n\n## Decision\n\nWe do.\n"
    )
}

impl World {
    /// Starts a server on the small council with something to decide.
    pub(crate) async fn governed() -> Self {
        Self::governed_with(|_| {}).await
    }

    /// The same with a changed configuration.
    pub(crate) async fn governed_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::governed_and(&[], change).await
    }

    /// The same with further files.
    pub(crate) async fn governed_and(
        further: &[(&str, &str)],
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let (first, second) = (draft("First"), draft("Second"));
        let mut files = vec![
            ("council.yaml", COUNCIL),
            ("governance.yaml", GOVERNANCE),
            ("decisions/0001-first.md", first.as_str()),
            ("decisions/0002-second.md", second.as_str()),
        ];
        files.extend(further);
        let world = Self::configured(&files, change).await;
        let snapshot = world.running.state.snapshot();
        assert!(!snapshot.is_broken(), "{:#?}", snapshot.diagnostics);
        world
    }
}
