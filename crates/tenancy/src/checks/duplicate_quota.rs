//! A tenancy model limits each resource once.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::TenancyModel;

/// A tenancy model limits each resource once.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("TEN001"),
        name: "duplicate-quota",
        severity: Severity::Error,
        summary: "A tenancy model limits each resource once.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Two limits on one resource are no limit: each system would pick another of them.

Fails:

```yaml
apiVersion: council/v1
kind: TenancyModel
metadata: {name: projects}
spec: {project_for_each: [team], quotas: [{resource: cpu, unit: vCPU, amount: 64}, {resource: cpu, unit: vCPU, amount: 32}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: TenancyModel
metadata: {name: projects}
spec: {project_for_each: [team], quotas: [{resource: cpu, unit: vCPU, amount: 64}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(model) = resource.typed::<TenancyModel>() else { return };
    let mut seen = BTreeMap::new();
    for quota in &model.quotas {
        let Some(first) = seen.insert(quota.resource.value, quota.resource.span) else { continue };
        let message = format!("`{}` is limited twice", quota.resource.word());
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(quota.resource.span), message)
                .why("two limits on one resource are no limit")
                .hint("keep one of them")
                .related(resource.at(first), "first limited here")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_second_limit_is_found() {
        TRIAL.finds(&RULE, "
            TenancyModel/a: {project_for_each: [x], quotas: [{resource: gpu, unit: GPU}, {resource: gpu, unit: GPU}]}
        ", &[("gpu", "`gpu` is limited twice")]);
    }

    #[test]
    fn one_limit_for_each_is_right() {
        TRIAL.finds(&RULE, "
            TenancyModel/a: {project_for_each: [x], quotas: [{resource: gpu, unit: GPU}, {resource: cpu, unit: vCPU}]}
        ", &[]);
    }
}
