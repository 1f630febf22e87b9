//! The test of the manual pages: the examples of all kinds, taken together, are one sound playbook.

use crate::vocabulary::{TRIAL, vocabulary};

/// Whom the examples name, in the short form.
const BESIDE: &str = "
    Person/ana: {}
    Person/ben: {}
    Audience/everyone: {everyone: true}
    Seat/principal-sre: {owns: x, primary: ana, backup: ben}
    Seat/platform: {owns: x, primary: ana, backup: ben}
    Seat/network-security: {owns: x, primary: ana, backup: ben}
    Seat/observability: {owns: x, primary: ana, backup: ben}
";

const BODY: &str = "# Title\n\n## Context and Problem Statement\n\nText.\n\n## Decision Outcome\n\nChosen option: \"A\".\n";

#[test]
fn every_kind_has_a_page_whose_example_is_sound() {
    let mut files = trial::short::files(BESIDE);
    for (kind, example) in trial::examples(vocabulary) {
        let slug = kind.slug;
        files.push(match (kind.is_document(), slug) {
            (false, _) => (format!("{slug}.yaml"), example),
            (true, "section") => {
                ("docs/section.md".to_owned(), format!("---\n{example}---\n\n{BODY}"))
            }
            (true, _) => {
                (format!("docs/decisions/0001-{slug}.md"), format!("---\n{example}---\n\n{BODY}"))
            }
        });
    }
    let workspace = TRIAL.read_files(&files);
    // Rules of the organization have their own pages; notes are about what the examples leave out.
    let own = |finding: &diag::Diagnostic| {
        !finding.code.0.starts_with("ORG") && finding.severity != diag::Severity::Note
    };
    let problems: Vec<_> = trial::findings(&workspace).into_iter().filter(own).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(workspace.model().find("decision", "0001-decision").is_some());
    assert!(workspace.model().find("section", "section").is_some());
}
