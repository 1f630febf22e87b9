//! What is shipped to watch council with: rules and dashboard read metrics that exist, and the real promtool takes them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use reliability::promql::parse;
use serde_json::Value;

use crate::support::{Key, World};
use crate::tools::any;

fn packaging(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging").join(name)
}

fn dashboard() -> Value {
    let text = std::fs::read_to_string(packaging("grafana/council.json")).expect("a dashboard");
    serde_json::from_str(&text).expect("JSON")
}

/// The queries of rules and dashboard.
fn queries() -> Vec<String> {
    let rules = std::fs::read_to_string(packaging("prometheus/council.rules.yaml")).expect("rules");
    let rules: Value = playbook::data(&rules).expect("YAML");
    let groups = rules["groups"].as_array().expect("groups").iter();
    let rules = groups.flat_map(|group| group["rules"].as_array().expect("rules"));
    let mut found: Vec<String> =
        rules.map(|rule| rule["expr"].as_str().expect("a query").to_owned()).collect();
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().expect("panels").iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().expect("targets").clone());
    found.extend(targets.map(|target| target["expr"].as_str().expect("a query").to_owned()));
    found
}

/// The metrics of ours that a query reads, without what recording rules make of them.
fn metrics_of(query: &str) -> BTreeSet<String> {
    let parts =
        query.split(|letter: char| !(letter.is_ascii_alphanumeric() || "_:".contains(letter)));
    let ours = parts.filter(|part| part.starts_with("council_"));
    ours.map(str::to_owned).collect()
}

#[tokio::test]
async fn rules_and_dashboard_read_metrics_that_the_server_has() {
    let world = World::start().await;
    // Requests are counted once one was made.
    assert_eq!(world.get("/api/v1/me", &Key::Nothing).await.status(), 401);
    let text = world.get("/metrics", &Key::Nothing).await.text().await.expect("metrics");
    let names: BTreeSet<&str> =
        text.lines().filter_map(|line| line.split(['{', ' ']).next()).collect();
    let wanted: BTreeSet<String> = queries().iter().flat_map(|query| metrics_of(query)).collect();
    assert!(wanted.len() > 5, "{wanted:?}");
    let missing: Vec<_> = wanted.iter().filter(|name| !names.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "the server has no {missing:?}");
}

#[test]
fn every_query_is_promql_and_every_panel_says_what_it_shows() {
    for query in queries() {
        let query = query.replace("${source}", "x");
        parse(&query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    }
    let dashboard = dashboard();
    for panel in dashboard["panels"].as_array().expect("panels") {
        assert!(!panel["description"].as_str().unwrap_or_default().is_empty(), "{panel}");
    }
}

#[test]
fn every_alert_leads_to_a_chapter_of_the_operations_guide() {
    let rules = std::fs::read_to_string(packaging("prometheus/council.rules.yaml")).expect("rules");
    let guide = std::fs::read_to_string(packaging("../docs/operations.md")).expect("a guide");
    let anchors: BTreeSet<String> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .map(|title| title.to_lowercase().replace(' ', "-"))
        .collect();
    let links = rules.lines().filter_map(|line| line.trim().strip_prefix("runbook: "));
    let mut count = 0;
    for link in links {
        let (_, anchor) = link.split_once('#').expect("an anchor");
        assert!(anchors.contains(anchor), "{link} leads nowhere: {anchors:?}");
        count += 1;
    }
    assert!(count > 5, "alerts have runbooks");
}

#[test]
fn promtool_takes_the_rules_and_passes_their_tests() {
    let Some(promtool) = any(&["promtool"], "rules about council judged by the real Prometheus")
    else {
        return;
    };
    let run = |arguments: &[&str]| {
        let directory = packaging("prometheus");
        Command::new(&promtool).args(arguments).current_dir(directory).output()
    };
    let checked = run(&["check", "rules", "council.rules.yaml"]).expect("promtool starts");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let tested = run(&["test", "rules", "council.rules.test.yaml"]).expect("promtool starts");
    let said = String::from_utf8_lossy(&tested.stdout);
    assert!(tested.status.success(), "{said}{}", String::from_utf8_lossy(&tested.stderr));
}
