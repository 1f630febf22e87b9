//! Every service and workload has an owner.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::{Service, Workload};

/// Every service and workload has an owner.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG019"),
        name: "owner-missing",
        severity: Severity::Error,
        summary: "Every service and workload has an owner.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Whatever runs must belong to somebody: who is paged, who pays, who decides about its end. `owner` is a team or a seat.

Fails:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: checkout}
spec: {tier: critical}
```

Mended:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: checkout}
spec: {tier: critical, owner: team/payments}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let service = resource.typed::<Service>().is_some_and(|found| found.owner.is_none());
    let workload = resource.typed::<Workload>().is_some_and(|found| found.owner.is_none());
    if service || workload {
        let message = format!("the {} {} has no owner", resource.id.slug, resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("nobody is asked, paged or billed for it")
                .hint("add `owner:` with a team or a seat, such as `team/payments`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_belongs_to_nobody_is_found() {
        TRIAL.finds(
            &RULE,
            "Service/api: {}\nWorkload/training: {class: ml-training}",
            &[
                ("api", "the service api has no owner"),
                ("training", "the workload training has no owner"),
            ],
        );
    }

    #[test]
    fn what_belongs_to_somebody_is_right() {
        TRIAL.finds(
            &RULE,
            "Service/api: {owner: seat/net}\nWorkload/w: {class: batch, owner: team/x}",
            &[],
        );
    }
}
