//! A counter is read as one: by a rate, before anything is summed up.

use diag::{Code, Diagnostic, RuleInfo, Severity, Span};
use playbook::{Check, Facts, Model, Resource, Rule};

use crate::promql::{self, Expression, Node};
use crate::slo::{Asked, Role, all_queries};

/// A counter is read as one: by a rate, before anything is summed up.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL025"),
        name: "sli-counter-misread",
        severity: Severity::Warning,
        summary: "A counter is read as one: by a rate, before anything is summed up.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A counter starts at zero whenever its process does. `rate` sees that in each series and allows for it; in a sum of series, the reset of one looks like a reset of all, and the rate of the sum jumps. A counter compared without a rate only says how long its process has run.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, bad: {metricSource: {type: Prometheus, spec: {query: 'rate(sum(failed_total)[5m:])'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(all_total[5m]))'}}}}}
```

Mended:

```yaml
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(failed_total[5m]))'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(all_total[5m]))'}}}}}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for (resource, queries) in all_queries(model) {
        for asked in queries {
            let Ok(query) = promql::parse(asked.text) else { continue };
            if let Some(span) = rate_of_a_sum(&query) {
                let message = "a rate is taken of a sum, which hides the resets of single counters";
                findings.push(finding(resource, &asked, span, message));
            }
            if asked.role == Role::Threshold
                && let Some(span) = bare_counter(&query)
            {
                let message =
                    "a counter is compared as it stands; it only says how long its process has run";
                findings.push(finding(resource, &asked, span, message));
            }
        }
    }
}

fn finding(resource: &Resource, asked: &Asked<'_>, span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(&RULE.info, resource.at(asked.place(span)), message)
        .why("a restart would look like traffic, or like none")
        .hint("write `sum(rate(counter[5m]))`: first the rate, then the sum")
        .subject(resource.id.to_string())
}

/// `rate(sum(x)[5m:])`.
fn rate_of_a_sum(query: &Expression) -> Option<Span> {
    let mut found = None;
    query.walk(&mut |part| {
        let Node::Call(call) = &part.node else { return };
        let is_rate = matches!(call.function, "rate" | "irate" | "increase");
        let over_sum = |argument: &Expression| match &argument.node {
            Node::Subquery(inner) => matches!(inner.bare().node, Node::Aggregate { .. }),
            Node::Number
            | Node::Text
            | Node::Selector(_)
            | Node::Call(_)
            | Node::Aggregate { .. }
            | Node::Binary(_)
            | Node::Wrapped(_) => false,
        };
        if is_rate && call.arguments.iter().any(over_sum) {
            found = found.or(Some(part.span));
        }
    });
    found
}

/// `x_total`, neither in a range nor counted.
fn bare_counter(query: &Expression) -> Option<Span> {
    let is_counter = |name: &str| name.ends_with("_total") || name.ends_with("_bucket");
    let mut selectors = query.selectors().into_iter();
    selectors
        .find(|(one, _)| one.range.is_none() && one.metric.as_deref().is_some_and(is_counter))
        .map(|(_, span)| span)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn resets_that_are_hidden_and_counters_that_are_compared_are_found() {
        TRIAL.finds(
            &RULE,
            "
            SLI@openslo/v1/a: {thresholdMetric: {metricSource: {spec: {query: 'max(restarts_total)'}}}}
            SLI@openslo/v1/b: {thresholdMetric: {metricSource: {spec: {query: '1 + increase(sum(x_total)[5m:])'}}}}
            ",
            &[
                (
                    "restarts_total",
                    "a counter is compared as it stands; it only says how long its process has run",
                ),
                (
                    "increase(sum(x_total)[5m:])",
                    "a rate is taken of a sum, which hides the resets of single counters",
                ),
                (
                    "x_total",
                    "a counter is compared as it stands; it only says how long its process has run",
                ),
            ],
        );
    }

    #[test]
    fn a_sum_of_rates_and_a_gauge_are_right() {
        TRIAL.finds(
            &RULE,
            "
            SLI@openslo/v1/a: {thresholdMetric: {metricSource: {spec: {query: 'sum(rate(x_total[5m]))'}}}}
            SLI@openslo/v1/b: {thresholdMetric: {metricSource: {spec: {query: 'max_over_time(queue_length[5m])'}}}}
            SLI@openslo/v1/c: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: ok_total}}}, total: {metricSource: {spec: {query: all_total}}}}}
            ",
            &[],
        );
    }
}
