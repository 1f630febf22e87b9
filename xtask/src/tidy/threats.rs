//! The threat model keeps its promises: every threat of `docs/security.md` names tests, and they exist.

use std::collections::BTreeSet;

use crate::tidy::tree::Tree;

/// The document with the threats.
const DOCUMENT: &str = "docs/security.md";

/// The chapter whose tables list threats.
const CHAPTER: &str = "## Threats";

/// Finds threats without a test and tests that are not there.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let Some(text) = tree.files.get(DOCUMENT) else {
        return vec![format!("{DOCUMENT}: the threat model is missing")];
    };
    let tests = tests(tree);
    let mut findings = Vec::new();
    for (threat, named) in threats(text) {
        if named.is_empty() {
            findings.push(format!("{DOCUMENT}: no test shows the defence against: {threat}"));
        }
        for name in named.iter().filter(|name| !tests.contains(name.as_str())) {
            findings.push(format!("{DOCUMENT}: there is no test `{name}` (against: {threat})"));
        }
    }
    findings
}

/// The rows of the chapter's tables: the threat, and what stands between backticks in the last column.
fn threats(text: &str) -> Vec<(&str, Vec<String>)> {
    let chapter = text.split(CHAPTER).nth(1).unwrap_or_default();
    let chapter = chapter.split("\n## ").next().unwrap_or_default();
    let rows = chapter.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.filter(|row| !row.starts_with("threat |"));
    rows.map(|row| {
        let threat = row.split(" | ").next().unwrap_or(row);
        let last = row.rsplit(" | ").next().unwrap_or_default();
        let named = last.split('`').skip(1).step_by(2).map(str::to_owned);
        (threat, named.collect())
    })
    .collect()
}

/// The names of all test functions.
fn tests(tree: &Tree) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for (_, text) in tree.below("", ".rs") {
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[") {
                marked |= ["#[test]", "#[tokio::test"].iter().any(|mark| line.starts_with(mark));
                continue;
            }
            let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            if let Some((name, _)) =
                function.and_then(|rest| rest.split_once('(')).filter(|_| marked)
            {
                found.insert(name);
            }
            marked = false;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTS: &str = "#[tokio::test]\nasync fn nobody_comes_in() {\n}\nfn helper() {\n}\n";

    #[track_caller]
    fn expect(row: &str, expected: &[&str]) {
        let text = format!(
            "# Model\n\n{CHAPTER}\n\n| threat | defence | proven by |\n|---|---|---|\n{row}\n\n## Rest\n\n| a | b |\n"
        );
        let tree = Tree::of(&[(DOCUMENT, &text), ("crates/server/tests/it/a.rs", TESTS)]);
        assert_eq!(check(&tree), expected);
    }

    #[test]
    fn a_threat_with_a_test_is_right() {
        expect("| strangers | a door | `nobody_comes_in` |", &[]);
    }

    #[test]
    fn a_threat_without_a_test_or_with_one_that_is_gone_is_named() {
        expect(
            "| strangers | a door | see above |",
            &["docs/security.md: no test shows the defence against: strangers"],
        );
        expect(
            "| strangers | a door | `helper` |",
            &["docs/security.md: there is no test `helper` (against: strangers)"],
        );
    }
}
