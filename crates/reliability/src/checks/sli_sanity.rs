//! What an indicator counts as good or bad is part of what it counts as all.

use std::collections::BTreeSet;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Resource, Rule};

use crate::promql::{self, Expression, Grouping, Matcher, Node};
use crate::slo::{Asked, Role, all_queries};

/// What an indicator counts as good or bad is part of what it counts as all.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL024"),
        name: "sli-sanity",
        severity: Severity::Warning,
        summary: "What an indicator counts as good or bad is part of what it counts as all.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A ratio means something when its parts count the same things: the counted events are the total's own series with one more condition, grouped by the same labels, over the same kind of rate. Otherwise there are more good events than events, or sides that never match, and the budget is a number without a meaning.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: 'requests_total{code="200"}'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'requests_total{job="api"}'}}}}}
```

Mended:

```yaml
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: 'requests_total{job="api", code="200"}'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'requests_total{job="api"}'}}}}}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for (resource, queries) in all_queries(model) {
        let of = |role: Role| queries.iter().find(|asked| asked.role == role);
        let counted = of(Role::Good).or_else(|| of(Role::Bad));
        let (Some(counted), Some(total)) = (counted, of(Role::Total)) else { continue };
        let read = |asked: &Asked<'_>| promql::parse(asked.text).ok();
        let (Some(part), Some(whole)) = (read(counted), read(total)) else { continue };
        let problems = [wider(&part, &whole), labels(&part, &whole), rates(&part, &whole)];
        for (message, hint) in problems.into_iter().flatten() {
            findings.push(finding(resource, counted, message, hint));
        }
    }
}

fn finding(resource: &Resource, asked: &Asked<'_>, message: String, hint: &str) -> Diagnostic {
    Diagnostic::new(&RULE.info, resource.at(asked.span), message)
        .why("the ratio may exceed 1 or never match, and then no alert about it means anything")
        .hint(hint)
        .subject(resource.id.to_string())
}

type Problem = Option<(String, &'static str)>;

/// Conditions of the total that the counted events need not meet: they may be more than all.
fn wider(part: &Expression, whole: &Expression) -> Problem {
    let (part, whole) = (part.selectors(), whole.selectors());
    let ([(part, _)], [(whole, _)]) = (part.as_slice(), whole.as_slice()) else { return None };
    if part.metric.is_none() || part.metric != whole.metric {
        return None;
    }
    let conditions: BTreeSet<&Matcher> = part.matchers.iter().collect();
    let missing = whole.matchers.iter().find(|one| !conditions.contains(one))?;
    // A condition of its own on the same label may well be narrower.
    if part.matchers.iter().any(|one| one.label == missing.label) {
        return None;
    }
    let Matcher { label, operator, value } = missing;
    let message = format!(
        "the counted events are not asked for `{label}{operator}\"{value}\"`, which the total is"
    );
    Some((message, "write the same conditions in both, and one more in the counted events"))
}

/// Groups that do not match.
fn labels(part: &Expression, whole: &Expression) -> Problem {
    let (part, whole) = (grouping(part)?, grouping(whole)?);
    if part == whole {
        return None;
    }
    let shown = |grouping: &Option<Grouping>| match grouping {
        None => "by nothing".to_owned(),
        Some(one) if one.is_without => format!("without {}", one.labels.join(", ")),
        Some(one) if one.labels.is_empty() => "by nothing".to_owned(),
        Some(one) => format!("by {}", one.labels.join(", ")),
    };
    if shown(&part) == shown(&whole) {
        return None;
    }
    let message =
        format!("the counted events are grouped {}, and the total {}", shown(&part), shown(&whole));
    Some((message, "group both by the same labels"))
}

/// The grouping of an aggregation; `None` where the query is no single aggregation.
fn grouping(query: &Expression) -> Option<Option<Grouping>> {
    match &query.bare().node {
        Node::Aggregate { grouping, .. } => Some(grouping.clone()),
        Node::Number
        | Node::Text
        | Node::Selector(_)
        | Node::Subquery(_)
        | Node::Call(_)
        | Node::Binary(_)
        | Node::Wrapped(_) => None,
    }
}

/// One counts per second and the other per window.
fn rates(part: &Expression, whole: &Expression) -> Problem {
    let (part, whole) = (counting(part)?, counting(whole)?);
    (part != whole).then(|| {
        let message =
            format!("the counted events are counted by `{part}`, and the total by `{whole}`");
        (message, "count both by the same function")
    })
}

fn counting(query: &Expression) -> Option<&'static str> {
    let mut found = None;
    query.walk(&mut |part| {
        if let Node::Call(call) = &part.node
            && matches!(call.function, "rate" | "irate" | "increase" | "delta" | "idelta")
        {
            found = Some(call.function);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    fn sli(name: &str, good: &str, total: &str) -> String {
        format!(
            "SLI@openslo/v1/{name}: {{ratioMetric: {{counter: true, good: {{metricSource: {{type: Prometheus, spec: {{query: '{good}'}}}}}}, total: {{metricSource: {{type: Prometheus, spec: {{query: '{total}'}}}}}}}}}}\n"
        )
    }

    #[test]
    fn parts_that_count_other_things_than_the_whole_are_found() {
        let wider = r#"x_total{code="200"}"#;
        let grouped = "sum by (job) (rate(x_total[5m]))";
        let other = "sum(increase(x_total[5m]))";
        let lines = [
            sli("a", wider, r#"x_total{job="api"}"#),
            sli("b", grouped, "sum by (instance) (rate(x_total[5m]))"),
            sli("c", other, "sum(rate(x_total[5m]))"),
        ];
        let quoted = |text: &str| format!("'{text}'");
        TRIAL.finds(
            &RULE,
            &lines.concat(),
            &[
                (
                    &quoted(wider),
                    "the counted events are not asked for `job=\"api\"`, which the total is",
                ),
                (
                    &quoted(grouped),
                    "the counted events are grouped by job, and the total by instance",
                ),
                (
                    &quoted(other),
                    "the counted events are counted by `increase`, and the total by `rate`",
                ),
            ],
        );
    }

    #[test]
    fn a_part_with_one_more_condition_is_right() {
        let lines = [
            sli("a", r#"x_total{job="api",code="200"}"#, r#"x_total{job="api"}"#),
            sli("b", r#"x_total{code=~"2.."}"#, r#"x_total{code!=""}"#),
            sli("c", "sum by (job) (rate(ok_total[5m]))", "sum by (job) (rate(all_total[5m]))"),
            sli("d", "sum(rate(le_bucket[5m]))", "sum by () (rate(le_count[5m]))"),
        ];
        TRIAL.finds(&RULE, &lines.concat(), &[]);
    }
}
