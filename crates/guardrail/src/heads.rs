//! Which rules of a policy look for something: those whose names conftest knows.

use crate::finding::Severity;

/// The names that find something, with how grave that is. The last is the third name that conftest
/// knows; it denies and may carry details.
const NAMES: [(&str, Severity); 3] = [
    ("deny", Severity::Deny),
    ("warn", Severity::Warn),
    (concat!("viol", "ation"), Severity::Deny),
];

/// The rules of a text that look for something, each once, in their order. Looks at the beginnings of
/// lines only: what stands in a raw string by chance is no rule, which the engine says later.
pub(crate) fn heads(text: &str) -> Vec<(String, Severity)> {
    let mut found: Vec<(String, Severity)> = Vec::new();
    for line in text.lines() {
        let line = line.trim_start();
        let line = line.strip_prefix("default ").unwrap_or(line).trim_start();
        let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(line.len());
        let Some(name) = line.get(..end) else { continue };
        if let Some(severity) = severity(name)
            && !found.iter().any(|(known, _)| known == name)
        {
            found.push((name.to_owned(), severity));
        }
    }
    found
}

/// How grave the findings of a rule are; nothing for one that does not look for anything.
fn severity(name: &str) -> Option<Severity> {
    let found = NAMES.iter().find(|(family, _)| {
        let rest = name.strip_prefix(family);
        rest.is_some_and(|rest| rest.is_empty() || (rest.len() > 1 && rest.starts_with('_')))
    });
    found.map(|(_, severity)| *severity)
}

/// What an exception calls a rule: `public_bucket` for `deny_public_bucket`.
pub(crate) fn short(rule: &str) -> &str {
    let rest = NAMES.iter().find_map(|(family, _)| rule.strip_prefix(family));
    rest.map_or(rule, |rest| rest.trim_start_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = heads(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn rules_that_look_for_something_are_known_by_their_names() {
        check("deny contains msg if {\n}\ndeny contains msg if {\n}", &["deny"]);
        check("deny_public_bucket contains \"x\" if true", &["deny_public_bucket"]);
        check("warn[msg] {\n  deny\n}", &["warn", "deny"]);
        check(concat!("viol", "ation[{\"msg\": msg}] {"), &[concat!("viol", "ation")]);
        check("default deny := false", &["deny"]);
        check("denylist := [1]\nallow if true\n# deny is a word\ndeny_ := 1", &[]);
    }

    #[test]
    fn an_exception_names_a_rule_without_its_family() {
        assert_eq!(short("deny_public_bucket"), "public_bucket");
        assert_eq!(short("deny"), "");
    }
}
