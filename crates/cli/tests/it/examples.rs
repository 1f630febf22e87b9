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

/// Files of other tools that stand in this repository are named in `.councilignore`, or they are errors here.
#[test]
fn our_own_playbook_has_no_errors() {
    let root = repository("");
    let root = root.to_str().expect("the repository's path is text");
    let answer = Scratch::empty().run(&["--playbook", root, "--format", "json", "check"]).json();
    let all = answer["diagnostics"].as_array().expect("findings are a list").iter();
    let errors: Vec<_> = all.filter(|finding| finding["severity"] == "error").collect();
    assert_eq!(errors, Vec::<&Value>::new());
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

/// The commands of the README whose answers follow from the files alone, and what it shows of them.
fn shown_in_the_readme() -> Vec<(String, Vec<String>)> {
    let readme = std::fs::read_to_string(repository("README.md")).expect("the README is readable");
    let blocks = readme.split("```console\n$ council ").skip(1);
    let shown = blocks.filter_map(|block| block.split_once("\n```")).map(|(block, _)| {
        let (command, answer) = block.split_once('\n').unwrap_or((block, ""));
        (command.to_owned(), answer.lines().map(str::to_owned).collect())
    });
    let offline = |command: &str| {
        ["check ", "who ", "whatif "].iter().any(|start| command.starts_with(start))
    };
    shown.filter(|(command, _)| offline(command)).collect()
}

#[test]
fn the_readme_shows_what_is_printed() {
    let shown = shown_in_the_readme();
    assert_eq!(shown.len(), 3, "{shown:?}");
    for (command, answer) in shown {
        let words: Vec<&str> = command.split(' ').collect();
        let scratch = Scratch::empty();
        let mut council = scratch.command();
        council.current_dir(repository("."));
        if !command.contains("examples/") {
            council.args(["--playbook", "examples/eustartup-staffed"]);
        }
        let output = council.args(words).output();
        let run = Run::of(&output.expect("the binary runs"), scratch.path());
        let printed: Vec<&str> = run.out.lines().chain(run.err.lines()).collect();
        let mut rest = printed.as_slice();
        // `…` stands for lines that the README leaves out.
        for line in answer.iter().filter(|line| *line != "…") {
            let found = rest.iter().position(|printed| printed == line);
            let found =
                found.unwrap_or_else(|| panic!("`{command}` does not say {line:?}: {run:?}"));
            rest = &rest[found + 1..];
        }
    }
}
