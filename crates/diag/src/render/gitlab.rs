//! As GitLab's code quality report, which merge requests show beside the change.

use serde::Serialize;

use super::Sources;
use super::fingerprint::Fingerprints;
use super::located::Lines;
use crate::{Diagnostic, Severity};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Begin,
}

#[derive(Serialize)]
struct Begin {
    begin: u32,
}

/// Renders the report: an array with one issue a diagnostic.
pub fn gitlab(diagnostics: &[Diagnostic], sources: &dyn Sources) -> String {
    let mut lines = Lines::new(sources);
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Issue> = diagnostics
        .iter()
        .map(|one| Issue {
            description: match &one.hint {
                Some(hint) => format!("{}. {hint}", one.message),
                None => one.message.clone(),
            },
            check_name: one.code.0,
            fingerprint: fingerprints.of(one),
            severity: match one.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            location: Location {
                path: sources.shown(&one.place.file).into_owned(),
                lines: Begin { begin: lines.range(&one.place).0.line },
            },
        })
        .collect();
    super::pretty(&issues)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn issues_have_what_the_report_requires() {
        let text = gitlab(&sample::diagnostics(), &sample::files());
        let issues: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(issues[0]["check_name"], "PLB010");
        assert_eq!(issues[0]["severity"], "major");
        assert_eq!(issues[0]["location"]["lines"]["begin"], 3);
        assert_eq!(issues[0]["description"], "there is no `person/añna`. write `person/anna`");
        assert_ne!(issues[0]["fingerprint"], issues[1]["fingerprint"]);
    }
}
