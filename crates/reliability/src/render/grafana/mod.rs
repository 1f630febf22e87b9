//! Dashboards for Grafana, ready for provisioning: an overview of all objectives, and one for each.
//!
//! They ask only for what the rendered rules record, through a data source that people choose in Grafana.
//! The `uid` is made of the objective's id, so that provisioning replaces a dashboard and links stay.
//!
//! Absent on purpose: anything that needs a plugin; every panel is one that Grafana ships.

mod panels;

use serde_json::{Value, json};

use crate::render::prometheus::{EVENTS, RATIO, of};
use crate::slo::{Indicator, Minutes, Slo, Window};
use panels::{Place, Unit, series, stat, table, text};

/// The version of the dashboard format: Grafana 11's, which later ones migrate by themselves.
const SCHEMA_VERSION: u32 = 39;

/// Grafana's limit for a `uid`.
const MAX_UID: usize = 40;

/// The dashboard of all objectives, the emptiest budget first.
#[must_use]
pub fn overview() -> Value {
    let remaining = "sort(slo:period_error_budget_remaining:ratio)";
    let burn = "sort_desc(slo:current_burn_rate:ratio)";
    let panels = vec![
        table("Error budget remaining", remaining, Place { x: 0, y: 0, w: 12, h: 20 }),
        table("Burn rate now", burn, Place { x: 12, y: 0, w: 12, h: 20 }),
    ];
    dashboard("slo-overview", "Service level objectives", panels)
}

/// The dashboard of one objective.
#[must_use]
pub fn of_slo(slo: &Slo) -> Value {
    let id = slo.id.as_str();
    let mut panels = vec![
        text("The promise", &promise(slo), Place { x: 0, y: 0, w: 12, h: 6 }),
        stat(
            ("Burn rate now", Unit::Plain),
            &of("slo:current_burn_rate:ratio", id),
            Place { x: 12, y: 0, w: 6, h: 6 },
        ),
    ];
    if matches!(slo.window, Window::Rolling(_)) {
        let remaining = of("slo:period_error_budget_remaining:ratio", id);
        panels.push(stat(
            ("Error budget remaining", Unit::Ratio),
            &remaining,
            Place { x: 18, y: 0, w: 6, h: 6 },
        ));
        panels.push(series(
            ("Error budget over time", Unit::Ratio),
            &[("remaining".to_owned(), remaining)],
            Place { x: 0, y: 14, w: 24, h: 8 },
        ));
    }
    panels.push(series(
        ("Error ratio, and where alerts begin", Unit::Ratio),
        &ratios(slo),
        Place { x: 0, y: 6, w: 24, h: 8 },
    ));
    if matches!(slo.indicator, Indicator::Events { .. }) {
        panels.push(series(
            ("Events a second", Unit::Plain),
            &[("all".to_owned(), of(EVENTS, id))],
            Place { x: 0, y: 22, w: 24, h: 8 },
        ));
    }
    dashboard(&uid(id), &format!("SLO: {}", slo.title), panels)
}

/// What is promised, for those who were just woken up.
fn promise(slo: &Slo) -> String {
    let mut words = format!(
        "**{}** must be good over **{}**, of service `{}`.\n",
        slo.objective, slo.window, slo.service
    );
    if let Some(description) = &slo.description {
        words += &format!("\n{}\n", description.trim());
    }
    if let Some(runbook) = &slo.runbook {
        words += &format!("\n[What to do]({runbook})\n");
    }
    for rule in &slo.alerts {
        for branch in &rule.branches {
            words += &format!("\n- {}: {}", rule.severity, branch.explanation(slo.window.length()));
        }
    }
    for held in &slo.held {
        words += &format!("\n- no alert ({}): {}", held.alert, held.reason);
    }
    words
}

/// The ratio over each window that an alert looks at, and the thresholds of the alerts.
fn ratios(slo: &Slo) -> Vec<(String, String)> {
    let ratio = |window: Minutes| of(&format!("{RATIO}{window}"), &slo.id);
    let mut lines = vec![("5m".to_owned(), ratio(Minutes::FIVE))];
    for branch in slo.alerts.iter().flat_map(|rule| &rule.branches) {
        let threshold = slo.objective.budget().threshold(branch.burn);
        lines.push((branch.long.to_string(), ratio(branch.long)));
        lines.push((format!("alert at {}", branch.burn), format!("vector({threshold})")));
    }
    lines.dedup_by(|second, first| second.0 == first.0);
    lines
}

fn dashboard(uid: &str, title: &str, mut panels: Vec<Value>) -> Value {
    for (number, panel) in panels.iter_mut().enumerate() {
        panel["id"] = json!(number + 1);
    }
    json!({
        "uid": uid,
        "title": title,
        "tags": ["slo", "generated"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": false,
        "refresh": "1m",
        "time": { "from": "now-7d", "to": "now" },
        "timezone": "browser",
        "templating": { "list": [{
            "name": "datasource",
            "label": "Data source",
            "type": "datasource",
            "query": "prometheus",
            "refresh": 1,
        }] },
        "annotations": { "list": [] },
        "links": [],
        "panels": panels,
    })
}

/// A `uid` of an id: as it is, or its head and a checksum of all of it.
fn uid(id: &str) -> String {
    let name = format!("slo-{id}");
    if name.len() <= MAX_UID {
        return name;
    }
    // FNV-1a: no secret depends on it, only that two long names do not meet.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let head: String = name.chars().take_while(char::is_ascii).take(MAX_UID - 17).collect();
    format!("{head}-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::promql;
    use crate::slo::lower;
    use crate::vocabulary::TRIAL;

    const EVERYTHING: &str = include_str!("../../../tests/data/everything.yaml");

    fn dashboards() -> Vec<Value> {
        let lowered = lower(TRIAL.read_text(EVERYTHING).model());
        lowered.slos.iter().map(of_slo).chain([overview()]).collect()
    }

    #[test]
    fn every_query_is_promql_and_every_panel_has_a_number_of_its_own() {
        for dashboard in dashboards() {
            let panels = dashboard["panels"].as_array().unwrap();
            let numbers: BTreeSet<u64> =
                panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
            assert_eq!(numbers.len(), panels.len());
            for target in panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten() {
                let query = target["expr"].as_str().unwrap();
                assert!(promql::parse(query).is_ok(), "{query}");
            }
        }
    }

    #[test]
    fn no_panel_lies_upon_another() {
        for dashboard in dashboards() {
            let mut taken = BTreeSet::new();
            for panel in dashboard["panels"].as_array().unwrap() {
                let side = |name: &str| panel["gridPos"][name].as_u64().unwrap();
                for x in side("x")..side("x") + side("w") {
                    for y in side("y")..side("y") + side("h") {
                        assert!(
                            x < 24 && taken.insert((x, y)),
                            "{}: {}",
                            dashboard["uid"],
                            panel["title"]
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn ids_fit_into_grafana_and_differ() {
        let long = "a".repeat(60);
        let ids: BTreeSet<String> =
            ["x", &long, &format!("{long}b"), "é"].into_iter().map(uid).collect();
        assert_eq!(ids.len(), 4);
        assert!(ids.iter().all(|id| id.len() <= MAX_UID), "{ids:?}");
    }
}
