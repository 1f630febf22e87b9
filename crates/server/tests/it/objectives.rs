//! Error budgets from a Prometheus to the gate: measured, unknown while it is silent, and never taken for good.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::changing::Changing;

/// What the Prometheus of a test does.
#[derive(Clone, Copy, Debug)]
enum Mood {
    /// This share of all events is bad.
    Bad(f64),
    /// Everything was bad for so long up to now.
    Down { hours: i64 },
    /// It answers nonsense.
    Garbage,
    /// It is overloaded.
    Overloaded,
    /// It has no samples.
    Empty,
    /// It is not sure that it saw everything.
    Partial,
}

#[derive(Clone, Debug)]
struct Fake(Arc<Mutex<Mood>>);

impl Fake {
    async fn start(mood: Mood) -> (Self, String) {
        let fake = Self(Arc::new(Mutex::new(mood)));
        let routes = Router::new()
            .route("/api/v1/query_range", axum::routing::post(answer))
            .with_state(fake.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (fake, address)
    }

    fn becomes(&self, mood: Mood) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }
}

async fn answer(State(fake): State<Fake>, Form(asked): Form<BTreeMap<String, String>>) -> Response {
    let mood = *fake.0.lock().unwrap_or_else(PoisonError::into_inner);
    let asks_for_errors = asked["query"].contains("errors");
    let rate = match mood {
        Mood::Garbage => return "<html>a proxy's page</html>".into_response(),
        Mood::Overloaded => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Empty => None,
        Mood::Bad(share) if asks_for_errors => Some(10.0 * share),
        Mood::Bad(_) | Mood::Down { .. } | Mood::Partial => Some(10.0),
    };
    let moment = |name: &str| asked[name].parse::<Timestamp>().expect("a time").as_second();
    let step: usize = asked["step"].trim_end_matches('s').parse().expect("seconds");
    let times = (moment("start")..=moment("end")).step_by(step);
    let values: Vec<Value> = match rate {
        Some(rate) => times
            .map(|at| {
                let over = matches!(mood, Mood::Down { hours }
                    if asks_for_errors && at <= Timestamp::now().as_second() - hours * 3_600);
                json!([at, if over { 0.0 } else { rate }.to_string()])
            })
            .collect(),
        None => Vec::new(),
    };
    let series =
        if values.is_empty() { json!([]) } else { json!([{ "metric": {}, "values": values }]) };
    let mut said =
        json!({ "status": "success", "data": { "resultType": "matrix", "result": series } });
    if matches!(mood, Mood::Partial) {
        said["warnings"] = json!(["a store did not answer"]);
    }
    axum::Json(said).into_response()
}

/// A target that serves the checkout, and what is promised of it.
fn playbook(prometheus: &str) -> String {
    format!(
        r#"
apiVersion: council/v1
kind: Service
metadata: {{name: checkout, title: Checkout}}
spec: {{owner: team/payments}}
---
apiVersion: council/v1
kind: Target
metadata: {{name: switches, title: Switches}}
spec:
  via: {{directory: {{path: switches}}}}
  owner: network
  services: [checkout]
  artefacts:
  - {{name: test/vlans, to: vlans.yaml}}
---
apiVersion: openslo/v1
kind: DataSource
metadata: {{name: prometheus}}
spec: {{type: Prometheus, connectionDetails: {{url: "{prometheus}"}}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: checkout-answers, displayName: Checkout answers}}
spec:
  service: checkout
  indicator:
    metadata: {{name: i}}
    spec:
      ratioMetric:
        counter: true
        good: {{metricSource: {{spec: {{query: 'requests_total{{code!~"5.."}}'}}}}}}
        total: {{metricSource: {{spec: {{query: requests_total}}}}}}
  timeWindow: [{{duration: 7d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: 0.99}}]
"#
    )
}

async fn measured(changing: &Changing, path: &str) -> Value {
    changing.turned("objectives").await;
    changing.world.read(&format!("/api/v1/objectives{path}"), &changing.author).await
}

#[tokio::test]
async fn a_budget_that_is_spent_holds_changes_until_it_recovers() {
    let (fake, address) = Fake::start(Mood::Bad(0.02)).await;
    let changing = Changing::with(&playbook(&address), |_| {}).await;
    let row = &measured(&changing, "").await["items"][0];
    assert_eq!((&row["spent"], &row["budget"]["left"]), (&json!(true), &json!(-1.0)), "{row:#}");
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let verdict = changing.detail(&id, &changing.author).await["verdict"].clone();
    assert_eq!(verdict["outcome"], "wait", "{verdict:#}");
    assert!(
        verdict["reasons"].to_string().contains("`service/checkout` has spent its error budget")
    );

    // Half of a budget that burns evenly is left in the middle of the week, and held against 99.5 % nothing is.
    fake.becomes(Mood::Bad(0.005));
    let detail = measured(&changing, "/checkout-answers").await;
    let left = detail["row"]["budget"]["left"].as_f64().expect("it is known");
    assert!((left - 0.5).abs() < 1e-9, "{left}");
    let asked = measured(&changing, "/checkout-answers?objective=99.5").await;
    let left = asked["row"]["budget"]["left"].as_f64().expect("it is known");
    assert!(left.abs() < 1e-9, "{left}");
    assert_eq!(asked["what_if"], "99.5 %");
    assert!(detail["history"].as_array().expect("points").len() <= 242);
    assert_eq!(changing.detail(&id, &changing.author).await["verdict"]["outcome"], "allow");
}

#[tokio::test]
async fn what_nobody_could_measure_is_unknown_and_says_why() {
    let (fake, address) = Fake::start(Mood::Garbage).await;
    let changing = Changing::with(&playbook(&address), |_| {}).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    for (mood, why) in [
        (Mood::Garbage, "is not Prometheus'"),
        (Mood::Overloaded, "503"),
        (Mood::Partial, "a store did not answer"),
    ] {
        fake.becomes(mood);
        let row = measured(&changing, "").await["items"][0].clone();
        assert_eq!(row["budget"]["left_at_worst"], Value::Null, "{mood:?}: {row:#}");
        assert!(row["warnings"].to_string().contains(why), "{mood:?}: {row:#}");
        let verdict = changing.detail(&id, &changing.author).await["verdict"].clone();
        assert!(verdict["reasons"].to_string().contains(why), "{mood:?}: {verdict:#}");
    }
    fake.becomes(Mood::Empty);
    let row = measured(&changing, "").await["items"][0].clone();
    assert_eq!(row["budget"]["unknown"], "nothing was measured in this window", "{row:#}");
    let page =
        changing.world.get("/objectives", &changing.author).await.text().await.expect("text");
    assert!(page.contains("unknown") && page.contains("Checkout answers"), "{page}");
}

#[tokio::test]
async fn an_objective_that_is_not_there_and_a_promise_that_is_none() {
    let (_, address) = Fake::start(Mood::Bad(0.0)).await;
    let changing = Changing::with(&playbook(&address), |_| {}).await;
    changing.turned("objectives").await;
    let ask = async |path: &str| {
        let answer = changing.world.get(path, &changing.author).await;
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let (status, said) = ask("/api/v1/objectives/nothing").await;
    assert_eq!(status, 404, "{said}");
    let (status, said) = ask("/api/v1/objectives/checkout-answers?objective=100").await;
    assert!(status == 400 && said.contains("`100` is no objective"), "{status}: {said}");
}

#[tokio::test]
async fn what_people_exclude_does_not_count_and_what_they_reset_counts_anew() {
    let (_, address) = Fake::start(Mood::Down { hours: 3 }).await;
    let changing = Changing::with(&playbook(&address), |_| {}).await;
    let (author, seat) = (&changing.author, &changing.approver);
    let left = async || {
        let detail = measured(&changing, "/checkout-answers").await;
        detail["row"]["budget"]["left"].as_f64().expect("it is measured")
    };
    // Three of 168 hours are almost twice what may be bad.
    let spent = left().await;
    assert!((-0.9..-0.6).contains(&spent), "{spent}");

    let before = |hours| Timestamp::now() - jiff::SignedDuration::from_hours(hours);
    let asked = json!({ "from": before(4), "to": before(-1), "reason": "The move." });
    let exclusions = "/objectives/checkout-answers/exclusions";
    let denied = changing.post(exclusions, author, asked.clone()).await;
    assert_eq!(denied.status(), 403, "whoever wants to ship does not decide alone");
    changing.ok(exclusions.to_owned(), seat, asked).await;
    let excluded = left().await;
    assert!((excluded - 1.0).abs() < 1e-9, "{excluded}");
    let page = crate::pages::page(&changing.world, "/objectives/checkout-answers", seat).await;
    assert!(page.contains("The move.") && page.contains("Count anew from now on"), "{page}");

    let back = format!("/api/v1{exclusions}/1");
    let back = changing.world.request(reqwest::Method::DELETE, &back, seat).send().await;
    assert_eq!(back.expect("an answer").status(), 200);
    assert!(left().await < -0.6);

    let asked = json!({ "reason": "We have learnt it." });
    changing.ok("/objectives/checkout-answers/reset".to_owned(), seat, asked).await;
    let anew = measured(&changing, "/checkout-answers").await;
    assert_eq!(anew["amendments"][0]["reason"], "We have learnt it.", "{anew:#}");
    assert!(anew["amendments"][1]["included_by"]["name"].is_string(), "{anew:#}");
    assert_ne!(anew["row"]["spent"], json!(true), "{anew:#}");
}
