//! A headroom target is less than all there is.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::CapacityCycle;

/// A headroom target is less than all there is.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FIN003"),
        name: "headroom-out-of-range",
        severity: Severity::Error,
        summary: "A headroom target is less than all there is.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A platform that must keep a hundred percent free can run nothing.

Fails:

```yaml
apiVersion: council/v1
kind: CapacityCycle
metadata: {name: capacity}
spec: {cadences: [monthly], steps: [{does: Look.}], headroom_target_percent: 100}
```

Mended:

```yaml
apiVersion: council/v1
kind: CapacityCycle
metadata: {name: capacity}
spec: {cadences: [monthly], steps: [{does: Look.}], headroom_target_percent: 25}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(cycle) = resource.typed::<CapacityCycle>() else { return };
    let Some(percent) = &cycle.headroom_target_percent else { return };
    if percent.value >= 100 {
        let message = format!("{} % of what is there cannot stay free", percent.value);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(percent.span), message)
                .why("nothing could run")
                .hint("write a number below 100; 20 to 30 is usual")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn everything_free_is_found() {
        TRIAL.finds(
            &RULE,
            "
            CapacityCycle/a: {cadences: [monthly], steps: [], headroom_target_percent: 100}
        ",
            &[("100", "100 % of what is there cannot stay free")],
        );
    }

    #[test]
    fn a_part_is_right() {
        TRIAL.finds(
            &RULE,
            "
            CapacityCycle/a: {cadences: [monthly], steps: [], headroom_target_percent: 99}
        ",
            &[],
        );
    }
}
