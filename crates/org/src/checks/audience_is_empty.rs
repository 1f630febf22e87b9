//! An audience says who it is.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::on;
use crate::kinds::Audience;

/// An audience says who it is.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG031"),
        name: "audience-is-empty",
        severity: Severity::Error,
        summary: "An audience says who it is.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Whoever "is informed" must be somebody. An audience names profiles or teams, or everyone; naming everyone and some
besides contradicts itself.

Fails:

```yaml
apiVersion: council/v1
kind: Audience
metadata: {name: engineers}
spec: {}
```

Mended:

```yaml
apiVersion: council/v1
kind: Audience
metadata: {name: engineers}
spec: {profiles: [backend, data]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(audience) = resource.typed::<Audience>() else { return };
    let selects = !audience.profiles.is_empty() || !audience.teams.is_empty();
    let message = match (audience.everyone, selects) {
        (false, false) => format!("the audience {} is nobody", audience.title()),
        (true, true) => format!("the audience {} is everyone, and some besides", audience.title()),
        (true, false) | (false, true) => return,
    };
    findings.push(
        on(&RULE, audience, message)
            .why("responsibilities inform audiences")
            .hint("write `everyone: true`, or `profiles:` and `teams:`"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn nobody_and_more_than_everyone_are_found() {
        TRIAL.finds(
            &RULE,
            "Audience/a: {}\nAudience/b: {everyone: true, profiles: [data]}",
            &[
                ("a", "the audience a is nobody"),
                ("b", "the audience b is everyone, and some besides"),
            ],
        );
    }

    #[test]
    fn everyone_or_some_is_right() {
        TRIAL.finds(&RULE, "Audience/a: {everyone: true}\nAudience/b: {teams: [core]}", &[]);
    }
}
