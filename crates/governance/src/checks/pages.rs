//! The test of the rules' pages: the failing example fails by its rule, the mended one does not.

use super::RULES;
use crate::testing::{ORGANIZATION, findings, playbook};

/// The files of one example: `<!-- path -->` begins one; without any it is resources.
fn files(example: &str) -> Vec<(String, String)> {
    let mut files = vec![("council.yaml".to_owned(), ORGANIZATION.to_owned())];
    let mut parts = example.split("<!-- ");
    let resources = parts.next().unwrap_or_default();
    if !resources.trim().is_empty() {
        files.push(("resources.yaml".to_owned(), resources.to_owned()));
    }
    files.extend(parts.map(|part| {
        let (path, text) = part.split_once(" -->\n").expect("a file begins with its path");
        (path.to_owned(), text.to_owned())
    }));
    files
}

#[test]
fn every_page_shows_an_example_that_fails_and_one_that_is_mended() {
    for rule in RULES {
        let code = rule.info.code;
        let page = rule.info.page.replace("```yaml", "```markdown");
        let blocks = page.split("```markdown\n").skip(1);
        let examples: Vec<_> =
            blocks.map(|block| block.split("\n```").next().unwrap_or(block)).collect();
        assert_eq!(examples.len(), 2, "{code} shows a failing and a mended example");
        let fires = |text: &str| {
            let workspace = playbook(&files(text));
            let findings = findings(&workspace);
            let broken = findings.iter().find(|finding| finding.code.0.starts_with("PLB"));
            assert_eq!(broken, None, "{code}: {text}");
            findings.iter().any(|finding| finding.code == code)
        };
        assert!(fires(examples[0]), "{code}: the failing example does not fail");
        assert!(!fires(examples[1]), "{code}: the mended example still fails");
    }
}

#[test]
fn rules_are_listed_by_code_without_a_gap() {
    for (number, rule) in (1..).zip(RULES) {
        assert_eq!(rule.info.code.0, format!("GOV{number:03}"));
        assert!(rule.info.summary.ends_with('.'), "{}", rule.info.code);
    }
}
