//! What every test plays on: the council of the staffed example, and a browser that is signed in.

use std::io::BufReader;
use std::process::{Child, Command, Stdio};

use thirtyfour::prelude::*;

use super::browser::{Browser, Look};

/// The person whom tests sign in.
pub(crate) const PERSON: &str = "ana";

/// A council and a browser.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) browser: Browser,
    pub(crate) council: Council,
}

/// The server's process.
#[derive(Debug)]
pub(crate) struct Council {
    process: Child,
    /// Such as `http://127.0.0.1:41234`.
    pub(crate) origin: String,
    /// The one-time link.
    pub(crate) sign_in: String,
    data: tempfile::TempDir,
}

impl Council {
    /// Starts the real binary on a free port with a ledger of its own.
    pub(crate) fn start(example: &str, person: Option<&str>) -> Self {
        Self::start_with(example, person, |_| {})
    }

    /// The same, with a changed environment.
    pub(crate) fn start_with(
        example: &str,
        person: Option<&str>,
        change: impl FnOnce(&mut Command),
    ) -> Self {
        let data = tempfile::tempdir().unwrap();
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/");
        let mut command = Command::new(env!("CARGO_BIN_EXE_council"));
        command
            .args(["up", "--format", "json", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .arg(format!("{root}{example}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        if let Some(person) = person {
            command.args(["--as", person]);
        }
        change(&mut command);
        let mut process = command.spawn().unwrap();
        let out = process.stdout.take().unwrap();
        let banner = banner(BufReader::new(out));
        let sign_in = banner["sign_in"].as_str().unwrap().to_owned();
        let origin = format!("http://{}", banner["address"].as_str().unwrap());
        Self { process, origin, sign_in, data }
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.process.wait().unwrap();
    }

    /// The directory with the ledger and the sessions.
    pub(crate) fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// A sign-in link for somebody else, as the operator of the machine makes one.
    pub(crate) fn link(&self, person: &str) -> String {
        let store = server::auth::operator::open(self.data()).unwrap();
        let now = jiff::Timestamp::now();
        let path = server::auth::operator::sign_in_path(&store, Some(person), false, now).unwrap();
        format!("{}{path}", self.origin)
    }
}

/// Reads lines until they are one whole JSON value.
fn banner(out: impl std::io::BufRead) -> serde_json::Value {
    let mut text = String::new();
    for line in out.lines() {
        text.push_str(&line.unwrap());
        if let Ok(banner) = serde_json::from_str(&text) {
            return banner;
        }
    }
    panic!("council ended before it said where it listens: {text}")
}

impl Drop for Council {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Stage {
    /// Starts both and signs in, or says what is left out.
    pub(crate) async fn open(look: Look) -> Option<Self> {
        Self::open_as(PERSON, look).await
    }

    /// Starts both and signs somebody in.
    pub(crate) async fn open_as(person: &str, look: Look) -> Option<Self> {
        let stage = Self::signed_out(look, Some(person)).await?;
        stage.browser.driver.goto(&stage.council.sign_in).await.unwrap();
        stage.find("form button.primary").await.click().await.unwrap();
        stage.find("main.page h1").await;
        Some(stage)
    }

    /// Starts both without signing in.
    #[expect(clippy::print_stdout, reason = "what is left out is said loudly")]
    pub(crate) async fn signed_out(look: Look, person: Option<&str>) -> Option<Self> {
        match Browser::start(look).await {
            Ok(browser) => {
                // With machines that live: their pages have something to show.
                let council = Council::start_with("eustartup-staffed", person, |command| {
                    command.arg("--estate");
                });
                Some(Self { browser, council })
            }
            Err(missing) => {
                println!("left out: browser tests, because {missing}");
                None
            }
        }
    }

    /// Goes to a path and waits for its heading.
    pub(crate) async fn go(&self, path: &str) {
        self.browser.driver.goto(format!("{}{path}", self.council.origin)).await.unwrap();
        self.find("h1").await;
    }

    /// Waits for an element.
    pub(crate) async fn find(&self, selector: &str) -> WebElement {
        match self.browser.driver.query(By::Css(selector)).first().await {
            Ok(element) => element,
            Err(error) => {
                let source = self.browser.driver.source().await.unwrap();
                panic!("no `{selector}`: {error}\n{source}")
            }
        }
    }

    /// Goes to a path again and again until an element is there: what workers find out comes a moment later.
    pub(crate) async fn go_until(&self, path: &str, selector: &str) {
        for _ in 0..100 {
            self.go(path).await;
            let found = self.browser.driver.query(By::Css(selector)).nowait().exists().await;
            if found.unwrap() {
                return;
            }
        }
        panic!("`{path}` never has `{selector}`");
    }

    /// The text of an element, once it is there.
    pub(crate) async fn text(&self, selector: &str) -> String {
        self.find(selector).await.text().await.unwrap()
    }

    /// Ends both.
    pub(crate) async fn close(self) {
        self.browser.close().await;
    }
}

/// The pages of the rail and the important ones below them.
pub(crate) const PAGES: &[&str] = &[
    "/",
    "/objectives",
    "/objectives/checkout-availability",
    "/seats",
    "/seats/principal-sre",
    "/people",
    "/people/ana",
    "/raci",
    "/decisions",
    "/decisions?show=active",
    "/decisions/how",
    "/decisions/0012-log-stack",
    "/rituals",
    "/rituals/weekly-sync",
    "/rituals/weekly-sync/2026-11-30",
    "/actions",
    "/calendars",
    "/alerts",
    "/silences",
    "/silences?matchers=service%3Dcheckout",
    "/changes",
    "/changes/new",
    "/drift",
    "/freezes",
    "/inventory",
    "/incidents",
    "/incidents/declare",
    "/on-call",
    "/trends",
    "/runbooks",
    "/runbooks/checkout-slow",
    "/fleet",
    "/fleet/sites/eu-1",
    "/fleet/racks/eu-1/A04",
    "/fleet/machines/eu-1-cmp-01",
    "/feedback",
    "/questions",
    "/questions/raise",
    "/questions/gpu-allocation",
    "/playbook",
    "/playbook/chapter/platform",
    "/account",
    "/who",
    "/who?q=checkout",
    "/who/leave?person=ana&on=2027-01-15",
    "/ledger",
    "/ledger/verify",
    "/diagnostics",
    "/playbook/resources",
    "/playbook/site",
    "/playbook/site/eu-1",
];
