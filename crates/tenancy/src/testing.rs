//! What this crate's tests share: what one rule finds in a small playbook.

use diag::Sources;
use jiff::civil::date;
use playbook::{Facts, Vocabulary, Workspace};
use std::sync::Arc;

/// Reads resources in the short form `Kind/name: {spec}`, one a line (with `@version` behind the kind
/// for a foreign one), and lists what the rule with this code finds: the text that it points at, an
/// arrow, and the message.
#[track_caller]
pub(crate) fn found(code: &str, lines: &str) -> Vec<String> {
    let mut text = String::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (id, spec) = line.split_once(": ").expect("a line is `Kind/name: {spec}`");
        let (kind, name) = id.rsplit_once('/').expect("an id is `Kind/name`");
        let (kind, version) = kind.split_once('@').unwrap_or((kind, "council/v1"));
        text += &format!(
            "---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        );
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("council.yaml"), &text).expect("the folder is writable");
    let workspace = Workspace::open(
        folder.path(),
        Arc::new(crate::vocabulary(org::vocabulary(Vocabulary::new()))),
    );
    assert_eq!(workspace.model().len(), text.matches("---\n").count(), "every line is a resource");
    let findings = workspace.check(&Facts { today: date(2026, 11, 23) });
    let show = |finding: &diag::Diagnostic| {
        let span = finding.place.span;
        let file = workspace.text(&finding.place.file).expect("findings stand in files");
        let excerpt = file.get(span.start as usize..span.end as usize).expect("spans are inside");
        format!("{excerpt} -> {}", finding.message)
    };
    findings.iter().filter(|finding| finding.code.0 == code).map(show).collect()
}
