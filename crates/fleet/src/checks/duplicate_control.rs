//! The ids of a baseline are unique.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Baseline;

/// The ids of a baseline are unique.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT001"),
        name: "duplicate-control",
        severity: Severity::Error,
        summary: "The ids of a baseline are unique.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Reports and waivers cite a control by its id. Two controls with one id make every citation a guess.

Fails:

```yaml
apiVersion: council/v1
kind: Baseline
metadata: {name: server}
spec: {controls: [{id: ssh-01, area: ssh}, {id: ssh-01, area: accounts}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Baseline
metadata: {name: server}
spec: {controls: [{id: ssh-01, area: ssh}, {id: acc-01, area: accounts}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(baseline) = resource.typed::<Baseline>() else { return };
    let mut seen = BTreeMap::new();
    for control in &baseline.controls {
        let Some(first) = seen.insert(control.id.as_str(), control.id.span) else { continue };
        let message = format!("the control `{}` stands here twice", control.id.value);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(control.id.span), message)
                .why("reports and waivers cite a control by its id")
                .hint("give one of them another id")
                .related(resource.at(first), "first used here")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_id_that_is_used_twice_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Baseline/a: {controls: [{id: one, area: ssh}, {id: one, area: kernel}]}
        ",
            &[("one", "the control `one` stands here twice")],
        );
    }

    #[test]
    fn one_id_in_two_baselines_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Baseline/a: {controls: [{id: one, area: ssh}]}
            Baseline/b: {controls: [{id: one, area: ssh}]}
        ",
            &[],
        );
    }
}
