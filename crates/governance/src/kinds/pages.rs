//! The test of the manual pages: the examples of all kinds, taken together, are one sound playbook.

use schemars::generate::SchemaSettings;

use crate::testing::{ORGANIZATION, findings, playbook};

/// The example in the doc comment of every kind, in the vocabulary's order.
fn examples() -> Vec<(playbook::KindInfo, String)> {
    let vocabulary = crate::vocabulary(playbook::Vocabulary::new());
    let page = |kind: &playbook::KindInfo| {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        (kind.schema)(&mut generator);
        let schema = generator.definitions().get(kind.name).expect("a definition");
        let page = schema.get("description").and_then(|page| page.as_str()).expect("a page");
        let example = page.split_once("```yaml\n").and_then(|(_, rest)| rest.split_once("```"));
        example.unwrap_or_else(|| panic!("the page of {kind:?} has no example")).0.to_owned()
    };
    vocabulary.kinds().iter().map(|kind| (*kind, page(kind))).collect()
}

#[test]
fn every_kind_has_a_page_whose_example_is_sound() {
    let mut council = ORGANIZATION.to_owned();
    let mut files = Vec::new();
    for (kind, example) in examples() {
        if kind.is_document() {
            let path = format!("docs/decisions/0001-{}.md", kind.slug);
            let path = if kind.slug == "section" { "docs/section.md".to_owned() } else { path };
            let body = "# Title\n\n## Context and Problem Statement\n\nText.\n\n## Decision Outcome\n\nChosen option: \"A\".\n";
            files.push((path, format!("---\n{example}---\n\n{body}")));
        } else {
            council += &format!("---\n{example}");
        }
    }
    council += "
---
{apiVersion: council/v1, kind: Person, metadata: {name: ana}, spec: {}}
---
{apiVersion: council/v1, kind: Person, metadata: {name: ben}, spec: {}}
---
{apiVersion: council/v1, kind: Audience, metadata: {name: everyone}, spec: {everyone: true}}
";
    for seat in ["principal-sre", "platform", "network-security", "observability"] {
        council += &format!(
            "---\n{{apiVersion: council/v1, kind: Seat, metadata: {{name: {seat}}}, spec: {{owns: x, primary: ana, backup: ben}}}}\n"
        );
    }
    files.push(("council.yaml".to_owned(), council));
    let workspace = playbook(&files);
    // Rules of the organization have their own pages; notes are about what the examples leave out.
    let own = |finding: &diag::Diagnostic| {
        !finding.code.0.starts_with("ORG") && finding.severity != diag::Severity::Note
    };
    let problems: Vec<_> = findings(&workspace).into_iter().filter(own).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(workspace.model().find("decision", "0001-decision").is_some());
    assert!(workspace.model().find("section", "section").is_some());
}
