//! A site that promises a recovery time has a provisioner of its own.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use org::kinds::Site;
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{Provisioner, Scope};

/// A site that promises a recovery time has a provisioner of its own.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT017"),
        name: "shared-provisioner",
        severity: Severity::Warning,
        summary: "A site that promises a recovery time has a provisioner of its own.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Who promises to be back in hours must be able to install machines when another site is lost. A provisioner that several sites share is lost with one of them. Sites without any provisioner are not judged: their machines are not managed here.

Fails:

```yaml
apiVersion: council/v1
kind: Provisioner
metadata: {name: one}
spec: {software: maas, purpose: Installs., scope: shared, sites: [eu-1, eu-2]}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary, rto: 4h}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-2}
spec: {role: disaster-recovery}
```

Mended:

```yaml
apiVersion: council/v1
kind: Provisioner
metadata: {name: one}
spec: {software: maas, purpose: Installs., scope: per-site, sites: [eu-1, eu-2]}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary, rto: 4h}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-2}
spec: {role: disaster-recovery}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for site in model.all::<Site>() {
        let Some(rto) = &site.spec.rto else { continue };
        let mut names = Vec::new();
        let mut is_independent = false;
        for provisioner in model.all::<Provisioner>() {
            if provisioner.spec.sites.iter().any(|named| named.name() == site.name()) {
                names.push(format!("`{}`", provisioner.name()));
                is_independent |= provisioner.spec.sites.len() == 1
                    || provisioner.spec.scope == Some(Scope::PerSite);
            }
        }
        if !names.is_empty() && !is_independent {
            let message = format!("it shares {} with other sites", names.join(" and "));
            findings.push(
                Diagnostic::new(&RULE.info, site.resource.at(rto.span), message)
                    .why("when the provisioner's own site is lost, nothing can be installed here")
                    .hint("give the site its own provisioner (`scope: per-site`)")
                    .subject(site.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_promise_on_a_shared_provisioner_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Site/s: {role: primary, rto: 4h}
            Site/t: {role: primary}
            Provisioner/p: {software: maas, purpose: x, scope: shared, sites: [s, t]}
        ",
            &[("4h", "it shares `p` with other sites")],
        );
    }

    #[test]
    fn an_own_one_and_none_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Site/s: {role: primary, rto: 4h}
            Site/t: {role: primary, rto: 4h}
            Site/u: {role: primary, rto: 4h}
            Provisioner/p: {software: maas, purpose: x, scope: per-site, sites: [s, t]}
        ",
            &[],
        );
    }
}
