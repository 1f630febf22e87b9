//! A branch pattern is a name with placeholders that Git accepts.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::BranchPolicy;

/// A branch pattern is a name with placeholders that Git accepts.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT001"),
        name: "branch-pattern",
        severity: Severity::Error,
        summary: "A branch pattern is a name with placeholders that Git accepts.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Branch names are checked against the pattern. One with an unclosed placeholder matches nothing, one with a blank describes branches that Git refuses.

Fails:

```yaml
apiVersion: council/v1
kind: BranchPolicy
metadata: {name: work}
spec: {main: main, patterns: [{pattern: "feat/<area", purpose: Work.}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: BranchPolicy
metadata: {name: work}
spec: {main: main, patterns: [{pattern: "feat/<area>", purpose: Work.}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(policy) = resource.typed::<BranchPolicy>() else { return };
    for entry in &policy.patterns {
        let Some(problem) = problem(&entry.pattern) else { continue };
        let message = format!("`{}` is no branch pattern: {problem}", entry.pattern.value);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(entry.pattern.span), message)
                .why("no branch could ever match it")
                .hint("write literal text and `<placeholders>`, such as `feat/<area>-<shortdesc>`")
                .subject(resource.id.to_string()),
        );
    }
}

/// What is wrong with a pattern, if anything (`git check-ref-format` has the rules for names).
fn problem(pattern: &str) -> Option<&'static str> {
    let mut inside = false;
    let mut before = '/';
    for character in pattern.chars() {
        match character {
            '<' if inside => return Some("a placeholder begins inside of another"),
            '>' if !inside => return Some("a placeholder ends that did not begin"),
            '>' if before == '<' => return Some("a placeholder has no name"),
            '<' | '>' => inside = character == '<',
            _ if character.is_whitespace() || "~^:?*[\\".contains(character) => {
                return Some("Git refuses this character in a name");
            }
            '/' if before == '/' => return Some("a part between slashes is empty"),
            _ => {}
        }
        before = character;
    }
    match () {
        () if inside => Some("a placeholder does not end"),
        () if before == '/' => Some("it ends with a slash, or is empty"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn patterns_that_match_nothing_are_found() {
        TRIAL.finds(&RULE, r#"
            BranchPolicy/a: {main: main, patterns: [{pattern: "feat/<area", purpose: x}, {pattern: "a b", purpose: x}, {pattern: "x>", purpose: x}, {pattern: "<>", purpose: x}, {pattern: "<a<b>>", purpose: x}, {pattern: "a//b", purpose: x}, {pattern: "a/", purpose: x}]}
        "#, &[("\"feat/<area\"", "`feat/<area` is no branch pattern: a placeholder does not end"), ("\"a b\"", "`a b` is no branch pattern: Git refuses this character in a name"), ("\"x>\"", "`x>` is no branch pattern: a placeholder ends that did not begin"), ("\"<>\"", "`<>` is no branch pattern: a placeholder has no name"), ("\"<a<b>>\"", "`<a<b>>` is no branch pattern: a placeholder begins inside of another"), ("\"a//b\"", "`a//b` is no branch pattern: a part between slashes is empty"), ("\"a/\"", "`a/` is no branch pattern: it ends with a slash, or is empty")]);
    }

    #[test]
    fn placeholders_between_text_are_right() {
        TRIAL.finds(&RULE, "
            BranchPolicy/a: {main: main, patterns: [{pattern: fix/<incidentid>-<shortdesc>, purpose: x}, {pattern: release, purpose: x}]}
        ", &[]);
    }
}
