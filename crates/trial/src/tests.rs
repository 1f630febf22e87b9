//! The short form, and that a trial notices a playbook that nobody could read.

use playbook::{Check, Rule};

use crate::short::{files, organization};
use crate::{Trial, excerpt, findings};

const EMPTY: Trial = Trial::of(&[]);

static NEVER: Rule = Rule {
    info: diag::RuleInfo {
        code: diag::Code("TRY001"),
        name: "never",
        severity: diag::Severity::Error,
        summary: "It never fires.",
        page: "Fails:\n\n```yaml\nkind: Organization\n```\n\nMended:\n\n```yaml\nkind: Organization\n```\n",
    },
    check: Check::Each(|_, _| {}),
};

#[test]
fn a_line_becomes_a_resource_or_a_file() {
    let lines = r"
        SLO@openslo/v1/shop: {service: shop}
        docs/a.md: {status: accepted, covers: {paths: [a, b]}, date: 2026-01-01} | # A\n\nText.
    ";
    let files = files(lines);
    let texts: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (council, organization) = (texts[1].0, texts[1].1.contains("kind: Organization"));
    assert_eq!((council, organization), ("council.yaml", true));
    assert!(texts[1].1.ends_with(
        "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {name: shop}\nspec: {service: shop}\n"
    ));
    assert_eq!(
        texts[0],
        (
            "docs/a.md",
            "---\nstatus: accepted\ncovers: {paths: [a, b]}\ndate: 2026-01-01\n---\n# A\n\nText.\n"
        )
    );
}

#[test]
fn a_field_of_the_organization_is_changed_and_not_written_twice() {
    let line = organization("currency: EURO");
    assert_eq!(line.matches("currency:").count(), 1, "{line}");
    assert_eq!(files(&line).len(), 1);
}

#[test]
fn a_finding_shows_the_text_it_points_at() {
    let workspace = EMPTY.read("Vlan/a: {}");
    let found = findings(&workspace);
    assert_eq!(excerpt(&workspace, &found[0]), "Organization");
    assert_eq!(found[0].code.0, "PLB022");
}

#[test]
#[should_panic(expected = "the trial's own playbook cannot be read")]
fn a_playbook_that_cannot_be_read_fails_the_trial() {
    EMPTY.finds(&NEVER, "Vlan/a: {}", &[]);
}

#[test]
#[should_panic(expected = "the trial's own playbook cannot be read")]
fn a_page_that_cannot_be_read_fails_the_trial() {
    EMPTY.tries_pages("TRY", &[&NEVER]);
}

#[test]
#[should_panic(expected = "rules stand by their codes")]
fn a_gap_between_codes_fails_the_trial() {
    EMPTY.tries_pages("TRY", &[&NEVER, &NEVER]);
}
