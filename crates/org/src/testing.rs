//! What the tests of this crate share: a playbook from a text, and its findings.

use std::sync::Arc;

use diag::Diagnostic;
use jiff::civil::{Date, date};
use playbook::{Facts, Vocabulary, Workspace};

/// The day on which tests check unless they say otherwise: a Monday.
pub(crate) const TODAY: Date = date(2026, 11, 23);

/// The organization that most tests need and do not care about.
pub(crate) const ORGANIZATION: &str = "
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec:
  purpose: Test.
  north_star: Green.
  currency: EUR
  time_zone: Europe/Berlin
  public_holidays: [DE]
  conditions: {hiring: false}
";

/// Reads one text as a whole playbook.
#[track_caller]
pub(crate) fn workspace(text: &str) -> Workspace {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("council.yaml"), text).expect("the folder is writable");
    Workspace::open(folder.path(), Arc::new(crate::vocabulary(Vocabulary::new())))
}

/// Reads resources in the short form `kind/name: {spec}`, one a line, beside [`ORGANIZATION`].
#[track_caller]
pub(crate) fn table(lines: &str) -> Workspace {
    let mut text = ORGANIZATION.to_owned();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (id, spec) = line.split_once(": ").expect("a line is `Kind/name: {spec}`");
        let (kind, name) = id.split_once('/').expect("an id is `Kind/name`");
        text += &format!(
            "---\napiVersion: council/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        );
    }
    workspace(&text)
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
