//! Alerts, from the sender to the page, over Alertmanager's interface and over our own; with the real `amtool` and the real
//! Prometheus where they are installed.

use std::process::Command;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::pages::{page, sent};
use crate::support::{Key, Role, World};

/// A team that is told, a service of it, categories, and what differs.
const ALERTING: &str = r#"
apiVersion: council/v1
kind: Service
metadata: {name: shop, title: Shop}
spec: {owner: seat/network, tier: critical}
---
apiVersion: council/v1
kind: Severity
metadata: {name: sev-1, title: SEV-1}
spec: {level: 1, meaning: Nobody can buy., proposed_when: {critical_services: 1}}
---
apiVersion: council/v1
kind: AlertCategory
metadata: {name: page, title: Page}
spec: {reaction: wake-somebody, meaning: Users are hurt.}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {name: network, title: Network}
spec: {default: true, steps: [{notify: [seat/network], wait: 5m}]}
---
apiVersion: council/v1
kind: AlertingStrategy
metadata: {name: alerting, title: Alerting}
spec:
  principles: [Whoever is told can do something about it.]
  routing:
    group_wait: 1s
    inhibit:
      - { source: ['alertname="SiteDown"'], target: ['alertname="Slow"'], equal: [site] }
"#;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

struct Watching {
    world: World,
    prometheus: Key,
    ana: Key,
}

impl Watching {
    async fn start() -> Self {
        let world = World::governed_and(&[("alerting.yaml", ALERTING)], |_| {}).await;
        let prometheus = world.token("ana", &["alert"]);
        let ana = world.session(Role::Holder).await;
        Self { world, prometheus, ana }
    }

    async fn send(&self, alerts: Value) {
        let answer = self.world.post("/api/v2/alerts", &self.prometheus, alerts).await;
        let (status, text) = (answer.status(), answer.text().await.expect("text"));
        assert_eq!(status, 200, "{text}");
    }

    /// How many entries there are about alerts; whom they page is another record's.
    fn entries(&self) -> u64 {
        let record = self.world.running.state.record();
        let streams = record.state.reliability.versions.iter();
        streams.filter(|(name, _)| name.starts_with("alert/")).map(|(_, version)| *version).sum()
    }

    /// Asks until something stands in an answer.
    async fn until(&self, path: &str, found: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            // Asking something gives the workers time to work.
            self.world.running.state.board().nudge("alerts");
            let last = self.world.read(path, &self.ana).await;
            if found(&last) {
                return last;
            }
            assert!(began.elapsed() < PATIENCE, "{path}: {last:#}");
        }
    }
}

fn slow(pod: &str) -> Value {
    json!({
        "labels": {"alertname": "Slow", "service": "shop", "severity": "page", "site": "ber", "pod": pod},
        "annotations": {"summary": "The shop is slow"},
        "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2099-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_that_are_sent_again_are_recorded_once() {
    let here = Watching::start().await;
    here.send(json!([slow("a"), slow("b")])).await;
    let list = here.until("/api/v1/alerts", |list| !list["groups"][0]["told"].is_null()).await;
    assert_eq!(
        (&list["groups"][0]["count"], &list["groups"][0]["service"]),
        (&json!(2), &json!("shop"))
    );
    let before = here.entries();
    here.send(json!([slow("a"), slow("b")])).await;
    assert_eq!(here.entries(), before);
    let mut over = slow("a");
    over["endsAt"] = json!("2026-01-02T00:00:00Z");
    here.send(json!([over])).await;
    assert_eq!(here.entries(), before + 1);
    let wrong = here
        .world
        .post("/api/v2/alerts", &here.prometheus, json!([{"labels": {}}, slow("c")]))
        .await;
    assert_eq!(wrong.status(), 400);
    let alerts = here.world.read("/api/v2/alerts", &here.ana).await;
    assert_eq!(alerts.as_array().map(Vec::len), Some(2), "the right one was taken: {alerts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_of_an_alertmanager_brings_alerts_and_a_token_for_alerts_can_do_nothing_else() {
    let here = Watching::start().await;
    let webhook = |version: &str| {
        json!({
            "version": version, "groupKey": "{}:{}", "truncatedAlerts": 0, "status": "firing", "receiver": "x",
            "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "",
            "alerts": [{"status": "firing", "labels": {"alertname": "Down"}, "annotations": {},
                "startsAt": "2026-01-01T00:00:00Z", "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": "x"}],
        })
    };
    let post = |version| here.world.post("/api/v2/webhook", &here.prometheus, webhook(version));
    assert_eq!(post("3").await.status(), 400);
    assert_eq!(post("4").await.status(), 200);
    assert_eq!(here.world.get("/api/v2/alerts", &here.prometheus).await.status(), 403);
    assert_eq!(here.world.get("/api/v2/alerts", &Key::Nothing).await.status(), 401);
    let eve = here.world.session(Role::Outsider).await;
    let silence = json!({"matchers": "a=b", "until": "2026-01-01T00:00:00Z", "reason": "x"});
    assert_eq!(here.world.post("/api/v1/silences", &eve, silence).await.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cause_keeps_its_effect_quiet_and_a_group_becomes_an_incident() {
    let here = Watching::start().await;
    here.send(json!([slow("a"), {"labels": {"alertname": "SiteDown", "site": "ber", "severity": "critical", "service": "shop"}}])).await;
    let of = |list: &Value, title: &str| {
        list["groups"]
            .as_array()
            .and_then(|all| all.iter().find(|group| group["title"] == title).cloned())
            .unwrap_or_default()
    };
    let list = here.until("/api/v1/alerts", |list| of(list, "Slow")["free"] == 0).await;
    assert_eq!(of(&list, "Slow")["alerts"][0]["quiet"], json!(["kept quiet by `SiteDown`"]));
    let key = of(&list, "SiteDown")["key"].as_str().expect("a key").to_owned();
    let path = format!("/api/v1/alerts/{key}/incident");
    let proposal = here.world.read(&path, &here.ana).await;
    assert_eq!(proposal["proposal"]["severity"], "sev-1");
    let answer = here.world.post(&path, &here.ana, Value::Null).await;
    assert_eq!(answer.status(), 201, "{}", answer.text().await.expect("text"));
    assert_eq!(here.world.post(&path, &here.ana, Value::Null).await.status(), 409);
    let list = here.world.read("/api/v1/alerts", &here.ana).await;
    let incident = of(&list, "SiteDown")["incident"].as_str().expect("an incident").to_owned();
    let detail = here.world.read(&format!("/api/v1/incidents/{incident}"), &here.ana).await;
    assert_eq!(detail["severity_name"], "sev-1");
    here.send(json!([slow("b")])).await;
    let story = format!("/api/v1/incidents/{incident}/timeline");
    let says = |story: &Value| story.to_string().contains("Slow fires (1 alert)");
    here.until(&story, says).await;
    let text = page(&here.world, "/alerts", &here.ana).await;
    assert!(text.contains("SiteDown") && text.contains(&incident), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_take_an_alert_and_silence_it() {
    let here = Watching::start().await;
    here.send(json!([slow("a")])).await;
    let list = here.world.read("/api/v1/alerts", &here.ana).await;
    let key = list["groups"][0]["key"].as_str().expect("a key").to_owned();
    sent(&here.world, &here.ana, "/alerts", &format!("/alerts/{key}/acknowledge"), &[]).await;
    let list = here.world.read("/api/v1/alerts", &here.ana).await;
    assert_eq!(list["groups"][0]["acknowledged"]["person"]["name"], "ana");
    let preview = page(&here.world, "/silences?matchers=service%3Dshop", &here.ana).await;
    assert!(preview.contains("<b>1 alert</b> would be quiet"), "{preview}");
    let until =
        (Timestamp::now() + SignedDuration::from_hours(3)).strftime("%Y-%m-%dT%H:%M").to_string();
    sent(
        &here.world,
        &here.ana,
        "/silences?matchers=service%3Dshop",
        "/silences",
        &[("matchers", "service=shop"), ("until", &until), ("reason", "Known.")],
    )
    .await;
    let list = here.until("/api/v1/alerts", |list| list["groups"][0]["free"] == 0).await;
    let why = list["groups"][0]["alerts"][0]["quiet"][0].as_str().expect("why");
    assert!(why.starts_with("silenced by `person/ana` until "), "{why}");
    let history = page(&here.world, "/alerts/history/Slow", &here.ana).await;
    assert!(history.contains("fires now"), "{history}");
}

/// What `amtool` prints; nothing when it is not installed.
#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
async fn amtool(here: &Watching, arguments: &[&str]) -> Option<String> {
    let Key::Token(token) = here.world.token("ana", &["read", "respond", "alert"]) else {
        return None;
    };
    let config = here.world.directory.path().join("http.yml");
    std::fs::write(&config, format!("authorization: {{type: Bearer, credentials: {token}}}\n"))
        .expect("a file");
    let mut command = Command::new("amtool");
    command
        .env("HOME", here.world.directory.path())
        .arg(format!("--alertmanager.url={}", here.world.url("")))
        .arg(format!("--http.config.file={}", config.display()))
        .args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it ran");
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            println!("amtool is not here, so it was not asked: {error}");
            return None;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(text)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_amtool_adds_and_queries_alerts_and_keeps_silences() {
    let here = Watching::start().await;
    if amtool(
        &here,
        &["alert", "add", "alertname=Disk", "service=shop", "--annotation=summary=Full"],
    )
    .await
    .is_none()
    {
        return;
    }
    let ask =
        async |arguments: &[&str]| amtool(&here, arguments).await.expect("it was there before");
    assert!(ask(&["alert", "query"]).await.contains("Disk"));
    assert!(!ask(&["alert", "query", "alertname=Other"]).await.contains("Disk"));
    let added = ask(&[
        "silence",
        "add",
        "alertname=Disk",
        "--duration=1h",
        "--comment=known",
        "--author=x",
    ])
    .await;
    let id = added.trim().to_owned();
    here.until("/api/v2/alerts", |all| all[0]["status"]["silencedBy"] == json!([id])).await;
    let listed = ask(&["silence", "query", "-q"]).await;
    assert_eq!(listed.trim(), id);
    assert!(ask(&["silence", "query", "alertname=Disk"]).await.contains("ana"));
    assert!(ask(&["alert", "query", "--silenced"]).await.contains("Disk"));
    let updated = ask(&["silence", "update", &id, "--duration=2h", "--comment=longer"]).await;
    assert!(updated.contains(&id), "{updated}");
    ask(&["silence", "expire", &id]).await;
    assert!(ask(&["silence", "query", "-q"]).await.trim().is_empty());
    here.until("/api/v2/alerts", |all| all[0]["status"]["state"] == "active").await;
    assert!(ask(&["config", "show"]).await.contains("receiver"));
    assert!(ask(&["config", "routes", "test", "service=shop"]).await.contains("network"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_of_the_real_prometheus_arrives() {
    let here = Watching::start().await;
    let Key::Token(token) = here.prometheus.clone() else { return };
    let directory = here.world.directory.path().join("prometheus");
    std::fs::create_dir(&directory).expect("a directory");
    let address = here.world.running.address;
    let config = format!(
        "global: {{evaluation_interval: 1s}}\nrule_files: [rules.yml]\nalerting:\n  alertmanagers:\n    - authorization: {{type: Bearer, credentials: {token}}}\n      static_configs: [{{targets: ['{address}']}}]\n"
    );
    let rules = "groups: [{name: g, rules: [{alert: Always, expr: vector(1), labels: {service: shop, severity: page}}]}]\n";
    std::fs::write(directory.join("prometheus.yml"), config).expect("a file");
    std::fs::write(directory.join("rules.yml"), rules).expect("a file");
    let started = Command::new("prometheus")
        .current_dir(&directory)
        .args([
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--web.listen-address=127.0.0.1:0",
            "--rules.alert.resend-delay=1s",
        ])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    let mut prometheus = match started {
        Ok(started) => started,
        Err(error) => return println!("prometheus is not here, so it did not send: {error}"),
    };
    let list = here.until("/api/v1/alerts", |list| list["groups"][0]["title"] == "Always").await;
    prometheus.kill().expect("it ran");
    prometheus.wait().expect("it ended");
    assert_eq!(list["groups"][0]["policy"], "network");
}

#[tokio::test]
async fn a_stranger_is_refused_before_the_alerts_are_read() {
    let watching = Watching::start().await;
    let address = watching.world.running.address;
    for path in ["/api/v2/alerts", "/api/v2/webhook", "/api/v2/silences"] {
        let mut line = TcpStream::connect(address).await.expect("it listens");
        // The body that is announced never comes: whoever waits for it does not answer.
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 15000000\r\n\r\n"
        );
        line.write_all(head.as_bytes()).await.expect("sent");
        let mut first = [0; 12];
        let answer = tokio::time::timeout(PATIENCE, line.read_exact(&mut first)).await;
        answer.expect("the server waits for a stranger's alerts").expect("an answer");
        assert_eq!(str::from_utf8(&first), Ok("HTTP/1.1 401"), "{path}");
    }
}

#[tokio::test]
async fn alerts_are_taken_in_from_an_address_that_asks_too_much_else() {
    let watching = Watching::start().await;
    let mut refused = false;
    for _ in 0..10_000 {
        refused = watching.world.get("/healthz", &watching.ana).await.status() == 429;
        if refused {
            break;
        }
    }
    assert!(refused, "whoever asks without end is told so");
    watching.send(json!([slow("web-1")])).await;
}
