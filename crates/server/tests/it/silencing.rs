//! Maintenance as code, against the real Alertmanager where one is installed: silences that begin and end with a change.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::changing::{Changing, said};
use crate::tools;

/// A target that keeps one file, and a policy that names the Alertmanager.
fn targets(alertmanager: Option<&str>) -> String {
    let policy = json!({
        "apiVersion": "council/v1", "kind": "GatePolicy", "metadata": {"name": "gate"},
        "spec": {"alertmanager": alertmanager},
    });
    let target = json!({
        "apiVersion": "council/v1", "kind": "Target", "metadata": {"name": "switches", "title": "Switches"},
        "spec": {
            "via": {"directory": {"path": "switches"}}, "owner": "network",
            "artefacts": [{"name": "test/vlans", "to": "vlans.yaml"}],
        },
    });
    format!("{policy}\n---\n{target}\n")
}

/// A change that silences two sorts of alerts and tells people.
fn maintained() -> Value {
    let silence = |matcher: &str| json!({"matchers": [matcher], "comment": "The switch restarts.", "at_most": "2h"});
    let mut said = said();
    said["maintenance"] = json!({
        "silences": [silence("service=checkout"), silence("service=nobody")],
        "notice": "The switches restart.", "services": [],
    });
    said
}

/// A running Alertmanager with an empty store; it ends with the value.
struct Alertmanager {
    process: Child,
    address: String,
    client: reqwest::Client,
    _data: tempfile::TempDir,
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        // A panic in a drop would hide what the test itself found.
        drop(self.process.kill().and_then(|()| self.process.wait()));
    }
}

impl Alertmanager {
    /// Starts one; nothing when none is installed.
    fn start() -> Option<Self> {
        let programs = ["prometheus-alertmanager", "alertmanager"];
        let program = tools::any(&programs, "silences in the real Alertmanager")?;
        let data = tempfile::tempdir().expect("a directory");
        let config = data.path().join("config.yaml");
        std::fs::write(&config, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
            .expect("a written file");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let mut process = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", data.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let log = process.stderr.take().expect("its log is read");
        let mut lines = BufReader::new(log).lines();
        let listens = lines.by_ref().map_while(Result::ok).any(|line| {
            let line = line.to_lowercase();
            line.contains("listening on") || line.contains("tls is disabled")
        });
        assert!(listens, "Alertmanager ended before it listened");
        // Somebody has to read on, or it blocks when the pipe is full.
        std::thread::spawn(move || lines.map_while(Result::ok).count());
        let (address, client) = (format!("http://127.0.0.1:{port}"), crate::support::client());
        Some(Self { process, address, client, _data: data })
    }

    async fn post(&self, path: &str, body: &Value) {
        let sent = self.client.post(format!("{}/api/v2/{path}", self.address)).json(body).send();
        assert!(sent.await.expect("it answers").status().is_success());
    }

    /// The silences with this mark, as (id, state).
    async fn silences(&self, mark: &str) -> Vec<(String, String)> {
        let asked = self.client.get(format!("{}/api/v2/silences", self.address)).send();
        let all: Value = asked.await.expect("it answers").json().await.expect("JSON");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let ours = all.as_array().expect("silences").iter().filter(|silence| {
            silence["comment"].as_str().is_some_and(|comment| comment.starts_with(mark))
        });
        ours.map(|silence| (text(&silence["id"]), text(&silence["status"]["state"]))).collect()
    }
}

/// Whether everything around a change is over.
fn is_over(detail: &Value) -> bool {
    let silences = detail["silences"].as_array().expect("silences");
    silences.iter().all(|silence| !silence["stands"]["ended"].is_null())
}

#[tokio::test]
async fn silences_stand_while_a_change_is_applied_and_a_useless_one_is_reported() {
    let Some(alertmanager) = Alertmanager::start() else { return };
    let targets = targets(Some(&alertmanager.address));
    let changing = Changing::with(&targets, |_| {}).await;
    let alert = |service: &str| json!({"labels": {"alertname": "Errors", "service": service}});
    alertmanager.post("alerts", &json!([alert("checkout"), alert("search")])).await;
    let id = changing.drafted_with(maintained()).await;
    changing.approved(&id).await;
    assert_eq!(alertmanager.silences(&id).await, [], "nothing is silent before the change begins");
    changing.applied(&id, "done").await;
    let detail = changing.until_it(&id, is_over).await;
    let [of_checkout, of_nobody] = detail["silences"].as_array().expect("two").as_slice() else {
        panic!("{detail:#}")
    };
    assert_eq!(
        (&of_checkout["stands"]["matched"], &of_checkout["matched_nothing"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(
        (&of_nobody["stands"]["matched"], &of_nobody["matched_nothing"]),
        (&json!(0), &json!(true))
    );
    let states: Vec<String> =
        alertmanager.silences(&id).await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, ["expired", "expired"], "both ended with the change");
    changing.turned("maintenance").await;
    let page =
        crate::pages::page(&changing.world, &format!("/changes/{id}"), &changing.author).await;
    assert!(page.contains(" silence ended that matched no alert"), "{page}");
    assert!(page.contains(" notice is public") && page.contains(" notice is gone"), "{page}");
}

#[tokio::test]
async fn a_server_that_died_after_making_a_silence_does_not_make_another_one() {
    let Some(alertmanager) = Alertmanager::start() else { return };
    let targets = targets(Some(&alertmanager.address));
    let changing = Changing::with(&targets, |_| {}).await;
    let id = changing.drafted_with(maintained()).await;
    changing.approved(&id).await;
    // It had asked for the silence, and was gone before it wrote that down.
    let (from, until) = ("2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z");
    let matcher =
        json!({"name": "service", "value": "checkout", "isRegex": false, "isEqual": true});
    let before = json!({
        "matchers": [matcher], "startsAt": from, "endsAt": until, "createdBy": "council",
        "comment": format!("{id}/0: The switch restarts."),
    });
    alertmanager.post("silences", &before).await;
    let known = alertmanager.silences(&format!("{id}/0:")).await;
    changing.applied(&id, "done").await;
    let detail = changing.until_it(&id, is_over).await;
    assert_eq!(detail["silences"][0]["stands"]["id"], known[0].0.as_str());
    let after = alertmanager.silences(&format!("{id}/0:")).await;
    assert_eq!(after, [(known[0].0.clone(), "expired".to_owned())]);
}

#[tokio::test]
async fn a_change_does_not_wait_for_silences_that_nobody_makes_and_says_so_once() {
    let changing = Changing::with(&targets(None), |_| {}).await;
    let id = changing.drafted_with(maintained()).await;
    changing.approved(&id).await;
    changing.applied(&id, "done").await;
    changing.turned("maintenance").await;
    let detail = changing.detail(&id, &changing.author).await;
    let refused = detail["refused"].as_array().expect("refusals");
    assert_eq!(refused.len(), 1, "{detail:#}");
    assert!(refused[0].to_string().contains("names no `alertmanager`"), "{refused:?}");
}
