//! An SLI has one metric, and a ratio has what it is computed from.

use diag::{Code, Diagnostic, RuleInfo, Severity, Span};
use playbook::{Check, Resource, Rule};

use crate::kinds::openslo::{InlineIndicator, RatioMetric, Sli, Slo};

/// An SLI has one metric, and a ratio has what it is computed from.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL002"),
        name: "sli-shape",
        severity: Severity::Error,
        summary: "An SLI has one metric, and a ratio has what it is computed from.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"OpenSLO knows three shapes: a threshold metric; a ratio of good or bad events to all events; a ratio that is computed already (`raw` with `rawType`). With two of them at once, two tools read two different indicators.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {good: {metricSource: {spec: {query: g}}}, bad: {metricSource: {spec: {query: b}}}, total: {metricSource: {spec: {query: t}}}}}
```

Mended:

```yaml
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g}}}, total: {metricSource: {spec: {query: t}}}}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    if let Some(sli) = resource.typed::<Sli>() {
        check_indicator(resource, sli.spec, resource.place.span, findings);
    }
    let Some(slo) = resource.typed::<Slo>() else { return };
    if let Some(indicator) = &slo.indicator {
        check_indicator(resource, &indicator.spec, indicator.span, findings);
    }
    let own = slo.objectives.iter().filter_map(|objective| objective.indicator.as_ref());
    own.for_each(|indicator: &InlineIndicator| {
        check_indicator(resource, &indicator.spec, slo.objectives.span, findings);
    });
}

fn check_indicator(resource: &Resource, sli: &Sli, span: Span, findings: &mut Vec<Diagnostic>) {
    let (problem, at) = match (&sli.threshold_metric, &sli.ratio_metric) {
        (None, None) => (Some("an SLI without a metric measures nothing"), span),
        (Some(threshold), Some(_)) => {
            (Some("an SLI has a threshold metric or a ratio, not both"), threshold.span)
        }
        (Some(_), None) => (None, span),
        (None, Some(ratio)) => (ratio_problem(ratio), ratio.span),
    };
    let Some(problem) = problem else { return };
    findings.push(
        Diagnostic::new(&RULE.info, resource.at(at), problem)
            .why("each tool would read another indicator out of it")
            .hint("write `thresholdMetric`, or `ratioMetric` with `total` and one of `good` and `bad`, or with `raw` and `rawType`")
            .subject(resource.id.to_string()),
    );
}

fn ratio_problem(ratio: &RatioMetric) -> Option<&'static str> {
    let is_counted = ratio.good.is_some() || ratio.bad.is_some() || ratio.total.is_some();
    match (&ratio.raw, &ratio.raw_type) {
        (Some(_), _) if is_counted => {
            Some("a ratio is computed already (`raw`) or from events, not both")
        }
        (Some(_), None) => Some("`raw` does not say whether it counts successes or failures"),
        (None, Some(_)) => Some("`rawType` stands without `raw`"),
        (Some(_), Some(_)) => None,
        (None, None) => match (&ratio.good, &ratio.bad, &ratio.total) {
            (Some(_), Some(_), _) => Some("a ratio counts good events or bad ones, not both"),
            (None, None, _) => Some("a ratio counts neither good events nor bad ones"),
            (_, _, None) => Some("a ratio needs `total`, all events"),
            (Some(_), None, Some(_)) | (None, Some(_), Some(_)) => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn shapes_that_can_be_read_in_two_ways_are_found() {
        TRIAL.finds(
            &RULE,
            "
            SLI@openslo/v1/a: {}
            SLI@openslo/v1/b: {ratioMetric: {good: {metricSource: {}}}}
            SLI@openslo/v1/c: {ratioMetric: {raw: {metricSource: {}}}}
        ",
            &[
                ("a", "an SLI without a metric measures nothing"),
                ("{good: {metricSource: {}}}", "a ratio needs `total`, all events"),
                (
                    "{raw: {metricSource: {}}}",
                    "`raw` does not say whether it counts successes or failures",
                ),
            ],
        );
    }

    #[test]
    fn the_three_shapes_are_right() {
        TRIAL.finds(
            &RULE,
            "
            SLI@openslo/v1/a: {thresholdMetric: {metricSource: {}}}
            SLI@openslo/v1/b: {ratioMetric: {bad: {metricSource: {}}, total: {metricSource: {}}}}
            SLI@openslo/v1/c: {ratioMetric: {raw: {metricSource: {}}, rawType: failure}}
        ",
            &[],
        );
    }
}
