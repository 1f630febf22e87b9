//! `council slo`: objectives, rules as files, and budgets.

use crate::support::Scratch;

const SLOS: &str = "\
apiVersion: openslo/v1
kind: SLO
metadata: { name: checkout, displayName: Checkout answers }
spec:
  service: api
  indicator:
    metadata: { name: requests }
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: Prometheus, spec: { query: 'requests_total{code!~\"5..\"}' } } }
        total: { metricSource: { type: Prometheus, spec: { query: requests_total } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.9 }]
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: lag }
spec:
  service: api
  indicator:
    metadata: { name: lag }
    spec: { thresholdMetric: { metricSource: { type: Datadog, spec: { query: 'avg:lag{*}' } } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.9, op: lt, value: 10 }]
";

fn scratch() -> Scratch {
    let scratch = Scratch::staffed();
    scratch.write("slo.yaml", SLOS);
    scratch
}

#[test]
fn the_list_says_what_is_watched_and_what_is_not() {
    let run = scratch().council("slo list");
    let held = "left out: checkout (page, 1h and 5m): it can never fire: 14.4× of a budget of 10 %";
    assert!(run.code == 0 && run.out.contains(held), "{run:?}");
    let elsewhere = "elsewhere: slo/lag: it is measured by other software than Prometheus";
    assert!(run.out.contains(elsewhere), "{run:?}");
    let json = scratch().council("slo list --format json").json();
    assert_eq!(json["slos"][0]["held"][0]["alert"], "page, 1h and 5m");
    assert_eq!(json["skipped"][0]["is_measured_elsewhere"], true);
}

#[test]
fn rules_tests_and_dashboards_become_files() {
    let scratch = scratch();
    let run = scratch.council("slo render --out out");
    assert!(run.code == 0 && run.err.contains("wrote 5 files"), "{run:?}");
    // What was rendered is no part of the playbook that it was rendered from.
    let check = scratch.council("check");
    assert!(!check.out.contains("out/rules") && !check.err.contains("out/rules"), "{check:?}");
    let file = |name: &str| std::fs::read_to_string(scratch.path().join("out").join(name)).unwrap();
    assert!(file("rules/checkout.yaml").contains("alert: \"SloErrorBudgetBurn\""));
    assert!(file("tests/checkout.yaml").contains("rule_files: [\"../rules/checkout.yaml\"]"));
    let dashboard: serde_json::Value =
        serde_json::from_str(&file("dashboards/checkout.json")).unwrap();
    assert_eq!(dashboard["uid"], "slo-checkout");
    let stdout = scratch.council("slo render checkout").shown();
    assert!(stdout.contains("slo:sli_error:ratio_rate3d"), "{stdout}");
}

#[test]
fn a_mistyped_objective_is_guessed() {
    let run = scratch().council("slo render chekout");
    assert!(run.code == 2 && run.err.contains("did you mean `checkout`?"), "{run:?}");
}

#[test]
fn a_budget_without_prometheus_is_unknown_and_never_full_or_spent() {
    let scratch = scratch();
    let run = scratch.council("slo budget checkout");
    assert!(run.code == 2 && run.err.contains("nobody says where Prometheus is"), "{run:?}");
    // Nothing listens on the port that is reserved for nothing.
    let answer =
        scratch.council("slo budget checkout --prometheus http://127.0.0.1:1 --format json");
    let json = answer.json();
    assert_eq!(json[0]["left"], serde_json::Value::Null);
    assert_eq!(json[0]["unknown"], "nothing was measured in this window");
    assert_eq!(json[0]["exhausted"], "unknown");
}

/// A real Prometheus on blocks that hold two hours of recorded rates, until noon in Berlin.
struct Prometheus {
    process: std::process::Child,
    address: String,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn start(folder: &std::path::Path) -> Option<Prometheus> {
    use std::fmt::Write as _;
    use std::io::BufRead as _;
    let noon: jiff::Timestamp = "2026-11-22T11:00:00Z".parse().unwrap();
    let mut text = String::new();
    for (metric, value) in [("slo:sli_errors:rate5m", "0.05"), ("slo:sli_events:rate5m", "1")] {
        writeln!(text, "# TYPE {metric} gauge").unwrap();
        // The hour before noon lacks twenty minutes of everything.
        for minute in (0..=120).rev().filter(|minute| !(31..=50).contains(minute)) {
            let at = noon.as_second() - minute * 60;
            writeln!(text, "{metric}{{slo=\"checkout\"}} {value} {at}").unwrap();
        }
    }
    std::fs::write(folder.join("metrics"), text + "# EOF\n").unwrap();
    std::fs::write(folder.join("prometheus.yml"), "global: {}\n").unwrap();
    let made = std::process::Command::new("promtool")
        .current_dir(folder)
        .args(["tsdb", "create-blocks-from", "openmetrics", "metrics", "data"])
        .output();
    let Ok(made) = made else {
        println!(
            "LEFT OUT: no `promtool` here (Debian package `prometheus`): no budget came from a real one"
        );
        return None;
    };
    assert!(made.status.success(), "{made:?}");
    let mut process = std::process::Command::new("prometheus")
        .current_dir(folder)
        .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"])
        .args(["--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:0"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(process.stderr.take().unwrap()).lines();
    let mut address = String::new();
    for line in lines.by_ref().map_while(Result::ok) {
        if let Some((_, found)) =
            line.split_once("address=").filter(|_| line.contains("Listening on"))
        {
            found.trim().clone_into(&mut address);
        }
        if line.contains("Server is ready") {
            break;
        }
    }
    std::thread::spawn(move || lines.for_each(drop));
    Some(Prometheus { process, address })
}

#[test]
fn a_budget_comes_from_a_real_prometheus_with_its_gap() {
    let scratch = scratch();
    let folder = tempfile::tempdir().unwrap();
    let Some(prometheus) = start(folder.path()) else { return };
    let command = format!("slo budget checkout --prometheus http://{}", prometheus.address);
    let json = scratch.council(&format!("{command} --format json")).json();
    // One in twenty is bad, one in ten is allowed: half is left, give or take what was not seen.
    assert_eq!(json[0]["left"], serde_json::Value::Null);
    let number = |name: &str| json[0][name].as_f64().unwrap();
    assert!(number("left_at_best") > 0.5 && number("left_at_worst") < 0.5, "{json}");
    assert_eq!(json[0]["burn"][0]["over"], "1h");
    assert!((json[0]["burn"][0]["rate"].as_f64().unwrap() - 0.5).abs() < 1e-9, "{json}");
    assert_eq!(json[0]["gaps"].as_array().unwrap().len(), 1, "{json}");
    // What if 95 % were asked for? Then all of it is gone.
    let strict = scratch.council(&format!("{command} --objective 95 --format json")).json();
    assert!(strict[0]["left_at_worst"].as_f64().unwrap() < 0.0, "{strict}");
}
