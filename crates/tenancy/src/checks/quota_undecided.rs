//! A quota has an amount, or names the question that is open about it.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::TenancyModel;

/// A quota has an amount, or names the question that is open about it.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("TEN002"),
        name: "quota-undecided",
        severity: Severity::Note,
        summary: "A quota has an amount, or names the question that is open about it.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A limit without a number limits nobody. While it is open, the question should be visible, with somebody who brings it to an answer.

Fails:

```yaml
apiVersion: council/v1
kind: TenancyModel
metadata: {name: projects}
spec: {project_for_each: [team], quotas: [{resource: gpu, unit: GPU}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: TenancyModel
metadata: {name: projects}
spec: {project_for_each: [team], quotas: [{resource: gpu, unit: GPU, amount: 2}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(model) = resource.typed::<TenancyModel>() else { return };
    let open = |quota: &&crate::kinds::Quota| quota.amount.is_none() && quota.settled_by.is_none();
    for quota in model.quotas.iter().filter(open) {
        let message = format!("nobody has decided the quota of `{}` yet", quota.resource.word());
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(quota.resource.span), message)
                .why("a limit without a number limits nobody")
                .hint("set `amount`, or name the open question as `settled_by`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_limit_without_number_is_found() {
        TRIAL.finds(
            &RULE,
            "
            TenancyModel/a: {project_for_each: [x], quotas: [{resource: cpu, unit: vCPU}]}
        ",
            &[("cpu", "nobody has decided the quota of `cpu` yet")],
        );
    }

    #[test]
    fn a_number_or_a_question_is_right() {
        TRIAL.finds(&RULE, "
            TenancyModel/a: {project_for_each: [x], quotas: [{resource: cpu, unit: vCPU, amount: 1}, {resource: gpu, unit: GPU, settled_by: question/gpu}]}
        ", &[]);
    }
}
