//! The playbooks under `examples/`: sound, complete, and honest about what is open.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Run, Scratch};

/// A directory of this repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Runs `council` on an example.
fn council(example: &str, arguments: &[&str]) -> Run {
    let playbook = repository(&format!("examples/{example}"));
    let playbook = playbook.to_str().expect("the repository's path is text");
    Scratch::empty().run(&[&["--playbook", playbook, "--format", "json"], arguments].concat())
}

/// The findings of an example as `code subject`, those of one severity.
fn findings(example: &str, severity: &str) -> Vec<String> {
    let answer = council(example, &["check"]).json();
    let all = answer["diagnostics"].as_array().expect("findings are a list").iter();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    all.filter(|finding| finding["severity"] == severity)
        .map(|finding| format!("{} {}", text(finding, "code"), text(finding, "subject")))
        .collect()
}

/// The resources of an example: where each is declared.
fn resources(example: &str) -> BTreeMap<String, String> {
    let list = council(example, &["list"]).json();
    let text =
        |entry: &Value, key: &str| entry[key].as_str().expect("an entry has texts").to_owned();
    let entries = list.as_array().expect("resources are a list").iter();
    entries.map(|entry| (text(entry, "id"), text(entry, "file"))).collect()
}

#[test]
fn the_founding_playbook_has_gaps_and_no_errors() {
    assert_eq!(findings("eustartup", "error"), Vec::<String>::new());
    let warnings = findings("eustartup", "warning");
    // Seven seats without primary and backup; the eighth is only at the table when hiring.
    assert_eq!(warnings.len(), 14, "{warnings:#?}");
    assert!(warnings.iter().all(|warning| warning.contains(" seat/")), "{warnings:#?}");
}

#[test]
fn the_staffed_playbook_has_five_warnings_on_purpose_and_no_errors() {
    assert_eq!(findings("eustartup-staffed", "error"), Vec::<String>::new());
    assert_eq!(
        findings("eustartup-staffed", "warning"),
        [
            // Nobody stands in for FinOps, so nobody else can carry what Pieter proposes.
            "GOV008 decision-type/d",
            "GOV027 section/08-observability",
            "ORG005 seat/finops-capacity",
            "ORG005 seat/talent-culture",
            "ORG028 service/storefront",
        ]
    );
}

#[test]
fn every_fact_of_the_founding_document_stands_where_the_table_says() {
    let declared = resources("eustartup");
    let table = std::fs::read_to_string(repository("docs/seed-coverage.md")).unwrap();
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = table
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'))
        .map(cells)
        .collect();
    assert!(rows.len() > 100, "the table has {} rows", rows.len());
    for row in &rows {
        let [fact, file, resource] = row.as_slice() else { panic!("three cells: {row:?}") };
        let found = declared.get(resource.trim_matches('`'));
        assert_eq!(found.map(String::as_str), Some(file.trim_matches('`')), "{fact}");
    }
    // Nothing is declared that the table does not know, but what the facts need to stand on.
    let known: Vec<&str> = rows.iter().map(|row| row[2].trim_matches('`')).collect();
    let support = [
        "section/",
        "audience/",
        "environment/",
        "firewall-zone/",
        "routing-boundary/",
        "change-rule/",
        "gate-policy/",
        "target/",
    ];
    let unknown = declared.keys().filter(|id| !known.contains(&id.as_str()));
    let unknown: Vec<&String> =
        unknown.filter(|id| !support.iter().any(|kind| id.starts_with(kind))).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
