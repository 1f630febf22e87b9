//! What one rule finds in a playbook, and where it points.

use diag::{Code, Diagnostic, Severity};
use playbook::{Rule, Workspace};

use crate::{Trial, excerpt, findings};

/// Stands for a Markdown file as a whole, or for so much of it that nobody would want to read it here.
const WHOLE_FILE: &str = "@";

impl Trial {
    /// Asserts what a rule finds in the lines: the text that each finding points at (`@` for a Markdown file as a
    /// whole), and its message; and that each says why and what to do.
    #[track_caller]
    pub fn finds(&self, rule: &Rule, lines: &str, expected: &[(&str, &str)]) {
        let workspace = self.read(lines);
        let all = findings(&workspace);
        assert_read(&all);
        let own: Vec<_> = all.iter().filter(|finding| finding.code == rule.info.code).collect();
        for finding in &own {
            assert!(finding.why.is_some() && finding.hint.is_some(), "{finding:#?}");
        }
        let found: Vec<_> = own
            .iter()
            .map(|finding| (shown(&workspace, finding), finding.message.as_str()))
            .collect();
        assert_eq!(found, expected, "all findings: {all:#?}");
    }
}

fn shown<'w>(workspace: &'w Workspace, finding: &Diagnostic) -> &'w str {
    let text = excerpt(workspace, finding);
    let whole = text.is_empty() || text.contains('\n');
    if finding.place.file.ends_with(".md") && whole { WHOLE_FILE } else { text }
}

/// Asserts that every document became a resource. Dangling references are another matter: most trials name people
/// that they do not introduce.
#[track_caller]
pub(crate) fn assert_read(all: &[Diagnostic]) {
    let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
    let unread = all.iter().filter(is_error).find(|finding| is_of_reading(finding.code));
    assert_eq!(unread, None, "the trial's own playbook cannot be read");
}

/// The reader's codes below PLB040 are about files, documents and fields; those above are about references.
fn is_of_reading(code: Code) -> bool {
    code.0.starts_with("MDK") || (code.0.starts_with("PLB") && code.0 < "PLB040")
}
