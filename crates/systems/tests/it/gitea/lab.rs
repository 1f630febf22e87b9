//! A project on a real forge, with a protected branch and four people: Eve writes, Ana and Ben review, and the bot is us.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use systems::forge::{Connection, Forge};

use crate::tools::variable;

/// What the bot's token may do at most; that it is enough is a demand, too.
const SCOPES: [&str; 2] = ["write:repository", "write:issue"];

pub(super) const PEOPLE: [&str; 4] = ["eve", "ana", "ben", "bot"];

pub(super) struct Lab {
    pub(super) system: &'static str,
    pub(super) address: String,
    admin: SecretString,
    bot: SecretString,
    /// What is at the end of every name.
    own: String,
    client: Client,
}

pub(super) fn client() -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy().build().unwrap()
}

impl Lab {
    /// Makes everything; nothing where no variable names a server.
    pub(super) async fn set_up(system: &'static str, named: &str) -> Option<Self> {
        let address = variable(named)?.trim_end_matches('/').to_owned();
        let admin = variable(&format!("{named}_TOKEN"))?.into();
        let own = format!("{}", jiff::Timestamp::now().as_nanosecond());
        let bot = SecretString::default();
        let mut lab = Self { system, address, admin, bot, own, client: client() };
        for person in PEOPLE {
            let name = lab.name(person);
            let body = json!({
                "username": name, "email": format!("{name}@example.org"), "password": lab.password(),
                "must_change_password": false,
            });
            lab.admin(Method::POST, "/admin/users", body).await;
        }
        lab.admin(Method::POST, "/orgs", json!({ "username": lab.name("acme") })).await;
        let project = json!({ "name": "infra", "auto_init": true, "default_branch": "main" });
        lab.admin(Method::POST, &format!("/orgs/{}/repos", lab.name("acme")), project).await;
        for person in PEOPLE {
            let path = lab.project(&format!("/collaborators/{}", lab.name(person)));
            lab.admin(Method::PUT, &path, json!({ "permission": "write" })).await;
        }
        let protection = json!({
            "rule_name": "main", "branch_name": "main", "required_approvals": 1, "enable_status_check": true,
            "status_check_contexts": ["council/pr"], "block_on_rejected_reviews": true,
            "dismiss_stale_approvals": true,
        });
        lab.admin(Method::POST, &lab.project("/branch_protections"), protection).await;
        lab.bot = lab.token_of_the_bot().await;
        Some(lab)
    }

    pub(super) async fn take_down(self) {
        self.admin(Method::DELETE, &self.project(""), Value::Null).await;
        self.admin(Method::DELETE, &format!("/orgs/{}", self.name("acme")), Value::Null).await;
        for person in PEOPLE {
            let path = format!("/admin/users/{}?purge=true", self.name(person));
            self.admin(Method::DELETE, &path, Value::Null).await;
        }
    }

    /// A name that nobody else has.
    pub(super) fn name(&self, short: &str) -> String {
        format!("{short}-{}", self.own)
    }

    fn password(&self) -> String {
        format!("Council-{}", self.own)
    }

    /// A path in the project.
    pub(super) fn project(&self, path: &str) -> String {
        format!("/repos/{}/infra{path}", self.name("acme"))
    }

    /// Our driver, with the bot's token.
    pub(super) fn forge(&self) -> Forge {
        self.forge_as(self.bot.clone(), "infra")
    }

    pub(super) fn forge_as(&self, token: SecretString, project: &str) -> Forge {
        let connection =
            Connection::new(&format!("{}/api/v1", self.address), token, self.client.clone());
        let project = format!("{}/{project}", self.name("acme"));
        Forge::of(self.system, connection, &project).unwrap()
    }

    async fn token_of_the_bot(&self) -> SecretString {
        let name = self.name("bot");
        let url = format!("{}/api/v1/users/{name}/tokens", self.address);
        let request = self.client.post(url).basic_auth(name, Some(self.password()));
        let answer = checked(request.json(&json!({ "name": "council", "scopes": SCOPES }))).await;
        answer["sha1"].as_str().unwrap().into()
    }

    /// Does something that only the administrator may.
    pub(super) async fn admin(&self, method: Method, path: &str, body: Value) -> Value {
        checked(self.request(method, path, &body)).await
    }

    /// Does something in the project, as one of the people.
    pub(super) async fn by(&self, person: &str, method: Method, path: &str, body: Value) -> Value {
        let request = self.request(method, &self.project(path), &body);
        checked(request.header("sudo", self.name(person))).await
    }

    /// The same, when it must be refused.
    pub(super) async fn refused(&self, person: &str, path: &str, body: Value) {
        let request = self.request(Method::POST, &self.project(path), &body);
        let answer = request.header("sudo", self.name(person)).send().await.unwrap();
        assert!(answer.status().is_client_error(), "{path}: {}", answer.status());
    }

    fn request(&self, method: Method, path: &str, body: &Value) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}/api/v1{path}", self.address));
        let token = format!("token {}", self.admin.expose_secret());
        let request = request.header("authorization", token);
        if body.is_null() { request } else { request.json(body) }
    }

    /// Eve writes a file to a branch, and the branch begins at `main` where it is new.
    pub(super) async fn commit(&self, branch: &str, file: &str, is_new: bool) {
        let mut body = json!({
            "content": STANDARD.encode(format!("{file}: 1\n")), "message": format!("add {file}"), "branch": branch,
        });
        if is_new {
            body["branch"] = json!("main");
            body["new_branch"] = json!(branch);
        }
        self.by("eve", Method::POST, &format!("/contents/{file}"), body).await;
    }

    /// Eve opens a pull request for a branch.
    pub(super) async fn open(&self, branch: &str, title: &str) -> u64 {
        let body =
            json!({ "title": title, "body": "## Risk\nNone.", "head": branch, "base": "main" });
        let pull = self.by("eve", Method::POST, "/pulls", body).await;
        pull["number"].as_u64().unwrap()
    }

    pub(super) async fn review(&self, by: &str, number: u64, event: &str) -> u64 {
        let body = json!({ "event": event, "body": "because" });
        let path = format!("/pulls/{number}/reviews");
        self.by(by, Method::POST, &path, body).await["id"].as_u64().unwrap()
    }
}

async fn checked(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let (url, status) = (answer.url().clone(), answer.status());
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{url}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}
