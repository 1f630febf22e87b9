//! A site that promises a recovery time has a second site beside it.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule, Spanned};

use super::at;
use crate::kinds::{Site, SiteRole};

/// A site that promises a recovery time has a disaster-recovery site beside it.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG023"),
        name: "recovery-without-second-site",
        severity: Severity::Error,
        summary: "A site that promises a recovery time has a disaster-recovery site beside it.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"`rto` and `rpo` say how long services may be down, and how much data may be lost, *after the site is lost*. Without a
second site that takes over, the promise cannot be kept.

Fails:

```yaml
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary, rto: 4h}
```

Mended:

```yaml
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
    if model.all::<Site>().any(|site| site.role == SiteRole::DisasterRecovery) {
        return;
    }
    for site in model.all::<Site>() {
        let promises = [("rto", site.rto.as_ref()), ("rpo", site.rpo.as_ref())];
        let promises = promises.into_iter().filter_map(|(name, promise)| Some((name, promise?)));
        for (name, Spanned { value, span }) in promises {
            let message =
                format!("`{}` promises {name} {value}, and no site can take over", site.name());
            findings.push(
                at(&RULE, site, *span, message)
                    .why("the promise speaks of the loss of the whole site")
                    .hint(
                        "declare a site with `role: disaster-recovery`, or take the promise back",
                    ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_promise_without_a_second_site_is_found() {
        TRIAL.finds(
            &RULE,
            "Site/eu-1: {role: primary, rto: 4h, rpo: 15m}\nSite/cloud: {role: burst}",
            &[
                ("4h", "`eu-1` promises rto 4h, and no site can take over"),
                ("15m", "`eu-1` promises rpo 15m, and no site can take over"),
            ],
        );
    }

    #[test]
    fn a_second_site_or_no_promise_is_right() {
        TRIAL.finds(
            &RULE,
            "Site/eu-1: {role: primary, rto: 4h}\nSite/eu-2: {role: disaster-recovery}",
            &[],
        );
        TRIAL.finds(&RULE, "Site/eu-1: {role: primary}", &[]);
    }
}
