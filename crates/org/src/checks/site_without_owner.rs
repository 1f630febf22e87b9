//! Every site has a seat that answers for it.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::on;
use crate::kinds::Site;

/// Every site has a seat that answers for it.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG032"),
        name: "site-without-owner",
        severity: Severity::Warning,
        summary: "Every site has a seat that answers for it.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Power, cooling, remote hands and the day on which the site is lost: somebody at the table must own the place itself.

Fails:

```yaml
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
```

Mended:

```yaml
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary, owner: principal-sre}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(site) = resource.typed::<Site>() else { return };
    if site.owner.is_none() {
        findings.push(
            on(&RULE, site, format!("no seat answers for the site {}", site.title()))
                .why("on the day it is lost, nobody is in charge")
                .hint("add `owner:` with a seat"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_site_without_a_seat_is_found() {
        TRIAL.finds(
            &RULE,
            "Site/eu-1: {role: burst}",
            &[("eu-1", "no seat answers for the site eu-1")],
        );
    }

    #[test]
    fn a_site_with_a_seat_is_right() {
        TRIAL.finds(&RULE, "Site/eu-1: {role: primary, owner: sre}", &[]);
    }
}
