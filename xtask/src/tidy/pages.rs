//! Every kind has its page and a test that reads its example; every rule has its page, a positive and
//! a negative test, and a code of its own.

use std::collections::BTreeMap;

use crate::tidy::tree::Tree;

/// Finds kinds and rules without pages or tests, and codes that two rules share.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    let mut codes: BTreeMap<String, &str> = BTreeMap::new();
    for (path, text) in tree.below("crates/", ".rs") {
        if path.ends_with("/mod.rs") {
            continue;
        }
        if path.contains("/kinds/") && text.contains("kind!(") && !text.contains("/// ```yaml") {
            findings.push(format!(
                "{path}: the kind's doc comment shows no YAML example; it is the manual page"
            ));
        }
        if path.contains("/checks/") && text.contains("static RULE") {
            if text.matches("#[test]").count() < 2 {
                findings.push(format!("{path}: a rule needs a positive and a negative test"));
            }
            if !text.contains("page:") {
                findings.push(format!("{path}: a rule needs a page"));
            }
        }
        for code in codes_in(text) {
            if let Some(other) = codes.insert(code.clone(), path)
                && other != path
            {
                findings.push(format!("{path}: the code {code} is taken by {other}"));
            }
        }
    }
    findings
}

/// Codes that a file declares: `Code("ORG001")`, outside tests.
fn codes_in(text: &str) -> impl Iterator<Item = String> {
    let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or("");
    text.split("code: Code(\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_rules_with_one_code_are_named() {
        let rule = "pub static RULE: Rule = Rule { info: RuleInfo { code: Code(\"ORG001\"), page: \"\" } };\n#[test]\n#[test]\n";
        let tree =
            Tree::of(&[("crates/org/src/checks/a.rs", rule), ("crates/org/src/checks/b.rs", rule)]);
        assert_eq!(
            check(&tree),
            ["crates/org/src/checks/b.rs: the code ORG001 is taken by crates/org/src/checks/a.rs"]
        );
    }

    #[test]
    fn a_rule_without_tests_is_named() {
        let tree = Tree::of(&[("crates/org/src/checks/a.rs", "pub static RULE: Rule = page: ;")]);
        assert_eq!(check(&tree).len(), 1);
    }
}
