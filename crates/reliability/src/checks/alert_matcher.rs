//! Matchers of alert routing can be read.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::alerts::parse_matchers;
use crate::kinds::AlertingStrategy;

/// Matchers of alert routing can be read.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL028"),
        name: "alert-matcher",
        severity: Severity::Error,
        summary: "Matchers of alert routing can be read.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A route, an inhibition or a watchdog whose matchers cannot be read matches nothing: alerts go elsewhere, and nobody learns why. Matchers are Alertmanager's: a label, one of `=`, `!=`, `=~`, `!~`, and a value.

Fails:

```yaml
apiVersion: council/v1
kind: AlertingStrategy
metadata: {name: alerting}
spec: {principles: [], routing: {watchdogs: [{name: prometheus, match: ['alertname']}]}}
```

Mended:

```yaml
apiVersion: council/v1
kind: AlertingStrategy
metadata: {name: alerting}
spec: {principles: [], routing: {watchdogs: [{name: prometheus, match: ['alertname="Watchdog"']}]}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(strategy) = resource.typed::<AlertingStrategy>() else { return };
    let Some(routing) = &strategy.routing else { return };
    let routes = routing.routes.iter().flat_map(|route| &route.matching);
    let sources = routing.inhibit.iter().flat_map(|one| one.source.iter().chain(&one.target));
    let watchdogs = routing.watchdogs.iter().flat_map(|one| &one.matching);
    for text in routes.chain(sources).chain(watchdogs) {
        let problem = match parse_matchers(&text.value) {
            Ok(matchers) if !matchers.is_empty() => continue,
            Ok(_) => "there is no matcher in it".to_owned(),
            Err(bad) => bad.to_string(),
        };
        let message = format!("`{}` cannot be read as matchers: {problem}", text.value);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(text.span), message)
                .why("what it is for would match nothing")
                .hint("write a label, one of `=`, `!=`, `=~`, `!~`, and a value in quotes")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn matchers_that_cannot_be_read_are_found() {
        TRIAL.finds(
            &RULE,
            "AlertingStrategy/a: {principles: [], routing: {routes: [{match: ['a=~(']}], watchdogs: [{name: w, match: ['alertname']}]}}",
            &[
                ("'a=~('", "`a=~(` cannot be read as matchers: at character 4: `(` is no regular expression: unclosed group"),
                ("'alertname'", "`alertname` cannot be read as matchers: at character 10: one of `=`, `!=`, `=~`, `!~` has to follow the label"),
            ],
        );
    }

    #[test]
    fn matchers_that_can_be_read_are_right() {
        TRIAL.finds(
            &RULE,
            "AlertingStrategy/a: {principles: [], routing: {inhibit: [{source: ['a=b'], target: ['{c=~\"d|e\"}']}]}}",
            &[],
        );
    }
}
