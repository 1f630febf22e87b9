//! What council measures itself: a probe of a shop that answers and then does not, its counts in the record, its budget, the alert
//! that pages, and what is said of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use server::Clock;
use tokio::sync::watch;

use crate::incidents::RELIABILITY;
use crate::pages::page;
use crate::support::{Key, Role, World};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long it waits for news before it looks again.
const BREATH: Duration = Duration::from_millis(20);

/// A shop that is there, until it is not, and counts who asks.
async fn shop() -> (Arc<AtomicBool>, watch::Receiver<u32>, String) {
    let is_down = Arc::new(AtomicBool::new(false));
    let (asked, news) = watch::channel(0);
    let shared = is_down.clone();
    let answer = move || {
        let is_down = shared.load(Ordering::Relaxed);
        asked.send_modify(|asked| *asked += 1);
        async move { if is_down { StatusCode::BAD_GATEWAY } else { StatusCode::OK } }
    };
    let routes = Router::new().route("/health", get(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (is_down, news, address)
}

fn playbook(shop: &str) -> String {
    format!(
        "{RELIABILITY}
---
apiVersion: council/v1
kind: AlertCategory
metadata: {{name: page, title: Page}}
spec: {{reaction: wake-somebody, meaning: Users are hurt.}}
---
apiVersion: council/v1
kind: Probe
metadata: {{name: front, title: Shop front}}
spec: {{service: shop, every: 10s, http: {{url: '{shop}/health'}}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: shop-answers, displayName: The shop answers}}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{{duration: 30d, isRolling: true}}]
  indicator:
    metadata: {{name: front}}
    spec: {{ratioMetric: {{rawType: success, raw: {{metricSource: {{type: Probe, spec: {{probe: front}}}}}}}}}}
  objectives: [{{target: 0.99}}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: shop-is-right, displayName: The shop is right}}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{{duration: 30d, isRolling: true}}]
  indicator:
    metadata: {{name: errors}}
    spec:
      ratioMetric:
        counter: true
        bad: {{metricSource: {{type: OTLP, spec: {{metric: http.requests, where: {{code: '5..'}}, resource: {{service.name: [shop]}}}}}}}}
        total: {{metricSource: {{type: OTLP, spec: {{metric: http.requests, resource: {{service.name: [shop]}}}}}}}}
  objectives: [{{target: 0.9}}]
"
    )
}

struct Counting {
    world: World,
    ana: Key,
    seconds: Arc<AtomicI64>,
    asked: watch::Receiver<u32>,
}

impl Counting {
    async fn start(shop: &str, asked: watch::Receiver<u32>) -> Self {
        let files = playbook(shop);
        let seconds = Arc::new(AtomicI64::new(0));
        let (shared, base) = (seconds.clone(), Timestamp::now());
        let world = World::governed_and(&[("reliability.yaml", &files)], |config| {
            config.clock = Clock::driven(move || {
                base + SignedDuration::from_secs(shared.load(Ordering::Relaxed))
            });
        })
        .await;
        let ana = world.session(Role::Holder).await;
        Self { world, ana, seconds, asked }
    }

    /// Asks until something stands in an answer, and lets a worker work.
    async fn until(&mut self, worker: &str, path: &str, found: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            self.world.running.state.board().nudge(worker);
            let last = self.world.read(path, &self.ana).await;
            if found(&last) {
                return last;
            }
            assert!(began.elapsed() < PATIENCE, "{path}: {last:#}");
            drop(tokio::time::timeout(BREATH, self.asked.changed()).await);
        }
    }

    /// Lets so many seconds go by so many times, and has the probe tried each time.
    async fn tries(&mut self, count: usize, seconds: i64) {
        for _ in 0..count {
            self.seconds.fetch_add(seconds, Ordering::Relaxed);
            self.asked.mark_unchanged();
            let began = Instant::now();
            while !self.asked.has_changed().expect("the shop stands") {
                self.world.running.state.board().nudge("probes");
                drop(tokio::time::timeout(BREATH, self.asked.clone().changed()).await);
                assert!(began.elapsed() < PATIENCE, "the shop is asked");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_spends_a_budget_and_pages_when_it_burns() {
    let (is_down, asked, address) = shop().await;
    let mut here = Counting::start(&address, asked).await;
    // Ten minutes, so that a step is over wherever in it the first one was.
    here.tries(60, 10).await;
    let probes = here.world.read("/api/v1/probes", &here.ana).await;
    assert_eq!(probes["items"][0]["last"]["ok"], json!(true), "{probes:#}");
    let path = "/api/v1/objectives/shop-answers";
    let well = here.until("objectives", path, |it| !it["history"][0].is_null()).await;
    assert_eq!(well["row"]["budget"]["left_at_best"], json!(1.0), "{well:#}");
    let none = here.world.read("/api/v2/alerts", &here.ana).await;
    assert_eq!(none, json!([]));

    is_down.store(true, Ordering::Relaxed);
    here.tries(60, 10).await;
    let page_of = |alerts: &Value| {
        let alerts = alerts.as_array().into_iter().flatten();
        alerts.map(|it| it["labels"].clone()).find(|it| it["severity"] == "page")
    };
    let alerts = here.until("probes", "/api/v2/alerts", |it| page_of(it).is_some()).await;
    let expected = json!({
        "alertname": "SloErrorBudgetBurn", "service": "shop", "severity": "page",
        "slo": "shop-answers", "slo_service": "shop",
    });
    assert_eq!(page_of(&alerts), Some(expected));
    let spent = here.until("objectives", path, |it| it["row"]["spent"] == true).await;
    assert_eq!(spent["row"]["simulated"], json!(false));
    let shown = page(&here.world, "/objectives", &here.ana).await;
    assert!(shown.contains("Shop front") && shown.contains("status 502"), "{shown}");
    let counted = here.world.read("/api/v1/ledger/entries?stream=measurement/own", &here.ana).await;
    let first = &counted["items"][0];
    assert_eq!(first["kind"], json!("measurement.counted"), "{counted:#}");

    // It is over when the short windows are: the longer of them is half an hour.
    is_down.store(false, Ordering::Relaxed);
    here.tries(40, 60).await;
    here.until("probes", "/api/v2/alerts", |it| page_of(it).is_none()).await;
}

/// Requests since a moment, as an SDK pushes them in JSON: those that were right, and those that were not.
fn requests(service: &str, (since, now): (Timestamp, Timestamp), right: u64, wrong: u64) -> Value {
    let point = |code: &str, count: u64| {
        json!({
            "attributes": [{"key": "code", "value": {"stringValue": code}}],
            "startTimeUnixNano": since.as_nanosecond().to_string(),
            "timeUnixNano": now.as_nanosecond().to_string(),
            "asInt": count.to_string(),
        })
    };
    let sum = json!({
        "aggregationTemporality": 2, "isMonotonic": true,
        "dataPoints": [point("200", right), point("503", wrong)],
    });
    let name = json!({"key": "service.name", "value": {"stringValue": service}});
    json!({"resourceMetrics": [{
        "resource": {"attributes": [name]},
        "scopeMetrics": [{"metrics": [{"name": "http.requests", "sum": sum}]}],
    }]})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_services_push_is_counted_once_and_by_those_alone_who_may() {
    let (_, asked, address) = shop().await;
    let mut here = Counting::start(&address, asked).await;
    let sender = here.world.token("ana", &["alert"]);
    let reader = here.world.token("ana", &["read"]);
    let began = here.world.running.state.clock().now();
    let later = |seconds| began + SignedDuration::from_secs(seconds);

    here.seconds.fetch_add(60, Ordering::Relaxed);
    let first = requests("shop", (began, later(60)), 90, 10);
    let others = requests("mail", (began, later(60)), 0, 1_000);
    for body in [&first, &first, &others] {
        let answer = here.world.post("/v1/metrics", &sender, body.clone()).await;
        let (status, text) = (answer.status(), answer.text().await.expect("text"));
        assert_eq!((status.as_u16(), text.as_str()), (200, "{}"));
    }
    for (key, body, expected) in [
        (&Key::Nothing, first.clone(), 401),
        (&reader, first.clone(), 403),
        (&sender, json!({"resourceMetrics": 1}), 400),
    ] {
        assert_eq!(here.world.post("/v1/metrics", key, body).await.status(), expected);
    }
    let early = requests("shop", (began, later(3_000)), 900, 10);
    let answer = here.world.post("/v1/metrics", &sender, early).await;
    let told: Value = answer.json().await.expect("JSON");
    assert_eq!(told["partialSuccess"]["rejectedDataPoints"], json!("2"), "{told:#}");

    // The step is over, and a minute more.
    here.seconds.fetch_add(400, Ordering::Relaxed);
    let state = here.world.running.state.clone();
    let counted = move || {
        let known = &state.record().state.reliability.measurements;
        known.get("slo/shop-is-right").map(|known| known.within((began, later(61))))
    };
    let path = "/api/v1/objectives/shop-is-right";
    let look = counted.clone();
    here.until("probes", "/api/v1/probes", |_| look().is_some()).await;
    let count = counted().expect("it was counted");
    assert_eq!((count.bad, count.total), (10, 100));
    let shown = here.until("objectives", path, |it| it["row"]["spent"] == true).await;
    assert_eq!(shown["row"]["budget"]["objective"], json!("90 %"), "{shown:#}");
}
