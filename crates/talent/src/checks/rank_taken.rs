//! Each step of a ladder has one level.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Level;

/// Each step of a ladder has one level.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("TAL002"),
        name: "rank-taken",
        severity: Severity::Error,
        summary: "Each step of a ladder has one level.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Two levels with one rank: nobody can say which of them is a promotion.

Fails:

```yaml
apiVersion: council/v1
kind: Level
metadata: {name: sre-1}
spec: {ladder: SRE, rank: 1, responsibilities: [Runbooks.]}
---
apiVersion: council/v1
kind: Level
metadata: {name: sre-2}
spec: {ladder: SRE, rank: 1, responsibilities: [Changes.]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Level
metadata: {name: sre-1}
spec: {ladder: SRE, rank: 1, responsibilities: [Runbooks.]}
---
apiVersion: council/v1
kind: Level
metadata: {name: sre-2}
spec: {ladder: SRE, rank: 2, responsibilities: [Changes.]}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    for level in model.all::<Level>() {
        let step = (level.spec.ladder.as_str(), level.spec.rank.value);
        let Some(first) = seen.insert(step, level) else { continue };
        let message = format!("rank {} of {} belongs to {} already", step.1, step.0, first.title());
        findings.push(
            Diagnostic::new(&RULE.info, level.resource.at(level.spec.rank.span), message)
                .why("levels of one ladder follow each other")
                .hint("give one of them another rank")
                .related(first.resource.at(first.spec.rank.span), "first used here")
                .subject(level.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn one_rank_for_two_levels_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Level/a: {ladder: SRE, rank: 1}
            Level/b: {ladder: SRE, rank: 1}
        ",
            &[("1", "rank 1 of SRE belongs to a already")],
        );
    }

    #[test]
    fn one_rank_on_two_ladders_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Level/a: {ladder: SRE, rank: 1}
            Level/b: {ladder: Management, rank: 1}
        ",
            &[],
        );
    }
}
