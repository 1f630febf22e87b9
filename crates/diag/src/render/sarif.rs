//! As SARIF 2.1.0 (OASIS), which code scanning and editors read.
//!
//! All rules are listed, also those without findings, so that a viewer can show every page.

use serde_json::{Value, json};

use super::Sources;
use super::fingerprint::Fingerprints;
use super::located::Lines;
use crate::{Diagnostic, Place, RuleInfo, Severity};

/// Who made the report.
#[derive(Clone, Copy, Debug)]
pub struct Tool<'t> {
    /// Version of the program.
    pub version: &'t str,
    /// Every rule that the program knows, in the order to list them in.
    pub rules: &'t [RuleInfo],
}

/// Renders a SARIF log with one run.
pub fn sarif(diagnostics: &[Diagnostic], sources: &dyn Sources, tool: Tool<'_>) -> String {
    let mut lines = Lines::new(sources);
    let mut fingerprints = Fingerprints::default();
    let rules: Vec<Value> = tool.rules.iter().map(rule).collect();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|one| {
            let mut result = json!({
                "ruleId": one.code.0,
                "level": level(one.severity),
                "message": { "text": message(one) },
                "locations": [location(&one.place, sources, &mut lines)],
                "partialFingerprints": { "councilFinding/v1": fingerprints.of(one) },
            });
            if let Some(index) = tool.rules.iter().position(|rule| rule.code == one.code) {
                result["ruleIndex"] = json!(index);
            }
            if !one.related.is_empty() {
                let related = one.related.iter().enumerate().map(|(id, other)| {
                    let mut related = location(&other.place, sources, &mut lines);
                    related["id"] = json!(id);
                    related["message"] = json!({ "text": other.message });
                    related
                });
                result["relatedLocations"] = related.collect();
            }
            result
        })
        .collect();
    super::pretty(&json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "council",
                "semanticVersion": tool.version,
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn message(diagnostic: &Diagnostic) -> String {
    let Diagnostic { message, why, hint, .. } = diagnostic;
    let parts = [Some(message.as_str()), why.as_deref(), hint.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn rule(info: &RuleInfo) -> Value {
    json!({
        "id": info.code.0,
        "name": info.name,
        "shortDescription": { "text": info.summary },
        "help": { "text": info.page, "markdown": info.page },
        "defaultConfiguration": { "level": level(info.severity) },
    })
}

fn location(place: &Place, sources: &dyn Sources, lines: &mut Lines<'_>) -> Value {
    let mut physical = json!({
        "artifactLocation": { "uri": uri(&sources.shown(&place.file)), "uriBaseId": "%SRCROOT%" },
    });
    if lines.file(&place.file).is_some() {
        let (start, end) = lines.range(place);
        physical["region"] = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        });
    }
    json!({ "physicalLocation": physical })
}

/// Percent-encodes a relative path (RFC 3986, section 3.3), keeping its slashes.
fn uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn log() -> Value {
        let tool = Tool { version: "0.1.0", rules: &[sample::RULE, sample::FATAL] };
        serde_json::from_str(&sarif(&sample::diagnostics(), &sample::files(), tool)).unwrap()
    }

    #[test]
    fn results_point_at_their_rule_and_place() {
        let log = log();
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["ruleId"], "PLB010");
        assert_eq!(result["ruleIndex"], 1);
        let physical = &result["locations"][0]["physicalLocation"];
        assert_eq!(physical["region"]["startColumn"], 12);
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "the only person");
        assert_eq!(result["partialFingerprints"]["councilFinding/v1"].as_str().unwrap().len(), 32);
    }

    #[test]
    fn a_file_without_text_has_no_region() {
        let log = log();
        let physical = &log["runs"][0]["results"][1]["locations"][0]["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "gone.yaml");
        assert!(physical.get("region").is_none());
    }

    #[test]
    fn every_rule_is_listed_with_its_page() {
        let rules = &log()["runs"][0]["tool"]["driver"]["rules"];
        assert_eq!(rules.as_array().unwrap().len(), 2);
        assert_eq!(rules[0]["defaultConfiguration"]["level"], "warning");
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/ü%.yaml"), "a%20b/%C3%BC%25.yaml");
    }
}
