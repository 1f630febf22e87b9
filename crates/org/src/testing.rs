//! What the tests of this crate share: a playbook from a text, and its findings.

use std::sync::Arc;

use diag::Diagnostic;
use jiff::civil::{Date, date};
use playbook::{Facts, Rule, Vocabulary, Workspace};

/// The day on which tests check unless they say otherwise: a Monday.
pub(crate) const TODAY: Date = date(2026, 11, 23);

/// What most tests' organization says.
const SPEC: &str = "purpose: Test., north_star: Green., currency: EUR, time_zone: Europe/Berlin, \
                    public_holidays: [DE], conditions: {hiring: false}";

/// Reads one text as a whole playbook.
pub(crate) fn workspace(text: &str) -> Workspace {
    Workspace::of_texts([("council.yaml", text)], Arc::new(crate::vocabulary(Vocabulary::new())))
}

/// Reads resources in the short form `Kind/name: {spec}`, one a line, beside an organization that
/// nothing is wrong with; one in the lines replaces it.
#[track_caller]
pub(crate) fn table(lines: &str) -> Workspace {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut lines: Vec<String> = lines.map(str::to_owned).collect();
    if !lines.iter().any(|line| line.starts_with("Organization/")) {
        lines.insert(0, format!("Organization/example: {{{SPEC}}}"));
    }
    let documents = lines.iter().map(|line| {
        let (id, spec) = line.split_once(": ").expect("a line is `Kind/name: {spec}`");
        let (kind, name) = id.split_once('/').expect("an id is `Kind/name`");
        format!("apiVersion: council/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n")
    });
    workspace(&documents.collect::<Vec<_>>().join("---\n"))
}

/// An organization's line for [`table`], with fields changed or added: `currency: EURO`.
pub(crate) fn organization(changes: &str) -> String {
    let key_of = |field: &str| field.split(':').next().map(|key| key.trim().to_owned());
    let changed = key_of(changes);
    let kept = SPEC.split(", ").filter(|field| key_of(field) != changed);
    let fields: Vec<_> = kept.chain([changes]).collect();
    format!("Organization/example: {{{}}}", fields.join(", "))
}

/// All findings on [`TODAY`].
pub(crate) fn findings(workspace: &Workspace) -> Vec<Diagnostic> {
    workspace.check(&Facts { today: TODAY })
}

/// The text that a diagnostic points at.
pub(crate) fn excerpt<'w>(workspace: &'w Workspace, finding: &Diagnostic) -> &'w str {
    use diag::Sources;
    let text = workspace.text(&finding.place.file).expect("findings stand in files");
    text.get(finding.place.span.start as usize..finding.place.span.end as usize)
        .expect("spans are inside of their file")
}

/// Checks what a rule finds in a [`table`]: where it points, and what it says.
#[track_caller]
pub(crate) fn finds(rule: &Rule, lines: &str, expected: &[(&str, &str)]) {
    let workspace = table(lines);
    let all = findings(&workspace);
    let found: Vec<_> = all
        .iter()
        .filter(|finding| finding.code == rule.info.code)
        .inspect(|finding| assert!(finding.why.is_some() && finding.hint.is_some(), "{finding:?}"))
        .map(|finding| (excerpt(&workspace, finding), finding.message.as_str()))
        .collect();
    assert_eq!(found, expected, "all findings: {all:#?}");
}
