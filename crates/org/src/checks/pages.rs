//! The test of the rules' pages: the failing example fails by its rule, the mended one does not.

use super::RULES;
use crate::testing::{findings, workspace};

/// The organization of examples that show none.
const ORGANIZATION: &str = "---
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, conditions: {hiring: false}}
";

fn examples(page: &str) -> Vec<String> {
    let blocks = page.split("```yaml\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap_or(block).to_owned());
    blocks
        .map(|text| if text.contains("kind: Organization") { text } else { text + ORGANIZATION })
        .collect()
}

#[test]
fn every_page_shows_an_example_that_fails_and_one_that_is_mended() {
    for rule in RULES {
        let code = rule.info.code;
        let fires = |text: &str| {
            let workspace = workspace(text);
            let findings = findings(&workspace);
            let unreadable = findings.iter().find(|finding| finding.code.0 == "PLB001");
            assert_eq!(unreadable, None, "{code}: {text}");
            findings.iter().any(|finding| finding.code == code)
        };
        let examples = examples(rule.info.page);
        assert_eq!(examples.len(), 2, "{code} shows a failing and a mended example");
        assert!(fires(&examples[0]), "{code}: the failing example does not fail");
        assert!(!fires(&examples[1]), "{code}: the mended example still fails");
    }
}

#[test]
fn rules_are_listed_by_code_without_a_gap() {
    for (number, rule) in (1..).zip(RULES) {
        assert_eq!(rule.info.code.0, format!("ORG{number:03}"));
        assert!(rule.info.summary.ends_with('.'), "{}", rule.info.code);
    }
}
