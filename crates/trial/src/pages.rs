//! The pages of rules, tried: what they call failing fails, and what they call mended does not.

use diag::Diagnostic;
use playbook::Rule;

use crate::finds::assert_read;
use crate::{Trial, findings, short};

impl Trial {
    /// Asserts that the page of every rule shows two examples, of which the first fails by the rule and the second does
    /// not, and that the rules are listed by code without a gap (`NET001`, `NET002`, …): codes are for good.
    #[track_caller]
    pub fn tries_pages(&self, prefix: &str, rules: &[&Rule]) {
        for (number, rule) in (1..).zip(rules) {
            let code = format!("{prefix}{number:03}");
            assert_eq!(rule.info.code.0, code, "rules stand by their codes");
        }
        for rule in rules {
            let code = rule.info.code;
            assert!(rule.info.summary.ends_with('.'), "{code}: a summary is a sentence");
            let examples = examples(rule.info.page);
            assert_eq!(examples.len(), 2, "{code} shows a failing and a mended example");
            let fires = |example: &str| self.of_example(example).iter().any(|it| it.code == code);
            assert!(fires(examples[0]), "{code}: the failing example does not fail");
            assert!(!fires(examples[1]), "{code}: the mended example still fails");
        }
    }

    #[track_caller]
    fn of_example(&self, example: &str) -> Vec<Diagnostic> {
        let found = findings(&self.read_files(&files(example)));
        assert_read(&found);
        found
    }
}

/// The fenced blocks of a page, in YAML or Markdown.
fn examples(page: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = page;
    while let Some((_, opened)) = rest.split_once("```") {
        let Some((info, text)) = opened.split_once('\n') else { break };
        let Some((block, behind)) = text.split_once("\n```") else { break };
        if matches!(info, "yaml" | "markdown") {
            blocks.push(block);
        }
        rest = behind;
    }
    blocks
}

/// The files of one example: `<!-- path -->` begins one; without any it is resources. An organization stands
/// beside an example that shows none.
fn files(example: &str) -> Vec<(String, String)> {
    let beside = if example.contains("kind: Organization") { vec![] } else { short::files("") };
    let mut parts = example.split("<!-- ");
    let resources = parts.next().unwrap_or_default().trim();
    let resources = Some(resources).filter(|text| !text.is_empty());
    let resources = resources.map(|text| ("resources.yaml".to_owned(), text.to_owned()));
    let markdown = parts.map(|part| {
        let (path, text) = part.split_once(" -->\n").expect("BUG: a file begins with its path");
        (path.to_owned(), text.to_owned())
    });
    beside.into_iter().chain(resources).chain(markdown).collect()
}
