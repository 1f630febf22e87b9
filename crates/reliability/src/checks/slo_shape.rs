//! An SLO has one indicator, one window, and what its budgeting method needs.

use diag::{Code, Diagnostic, RuleInfo, Severity, Span};
use playbook::{Check, Resource, Rule};

use crate::kinds::openslo::{BudgetingMethod, Slo};

/// An SLO has one indicator, one window, and what its budgeting method needs.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL003"),
        name: "slo-shape",
        severity: Severity::Error,
        summary: "An SLO has one indicator, one window, and what its budgeting method needs.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"An SLO without an indicator measures nothing, one with two windows has two budgets, and a window that does not roll needs a day on which it begins.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec: {service: x, timeWindow: [], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: x}
spec: {}
```

Mended:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g}}}, total: {metricSource: {spec: {query: t}}}}}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: x}
spec: {}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(slo) = resource.typed::<Slo>() else { return };
    let problems =
        [indicator_problem(slo.spec), window_problem(slo.spec), objectives_problem(slo.spec)];
    for (message, span, hint) in problems.into_iter().flatten() {
        let place = span.map_or_else(|| resource.place.clone(), |span| resource.at(span));
        findings.push(
            Diagnostic::new(&RULE.info, place, message)
                .why("OpenSLO v1 asks for it, and a budget cannot be computed without it")
                .hint(hint)
                .subject(resource.id.to_string()),
        );
    }
}

/// What is wrong, where (the name, when nothing stands there), and what to do.
type Problem = (&'static str, Option<Span>, &'static str);

fn indicator_problem(slo: &Slo) -> Option<Problem> {
    let everywhere = slo
        .objectives
        .iter()
        .all(|objective| objective.indicator.is_some() || objective.indicator_ref.is_some());
    match (&slo.indicator, &slo.indicator_ref) {
        (Some(indicator), Some(_)) => Some((
            "the indicator stands here, and another one is named",
            Some(indicator.span),
            "keep `indicator` or `indicatorRef`",
        )),
        (None, None) if !everywhere || slo.objectives.is_empty() => Some((
            "the SLO has no indicator",
            None,
            "name an SLI as `indicatorRef`, or write it as `indicator`",
        )),
        (None | Some(_), None) | (None, Some(_)) => None,
    }
}

fn window_problem(slo: &Slo) -> Option<Problem> {
    let at = Some(slo.time_window.span).filter(|span| span.end > 0);
    match slo.time_window.as_slice() {
        [] => Some((
            "the SLO has no window",
            at,
            "write `timeWindow: [{duration: 30d, isRolling: true}]`",
        )),
        [window] if !window.is_rolling && window.calendar.is_none() => Some((
            "the window does not roll, and does not say when it begins",
            Some(window.duration.span),
            "write `isRolling: true`, or `calendar` with `startTime` and `timeZone`",
        )),
        [_] => None,
        [_, ..] => Some((
            "the SLO has more than one window",
            at,
            "keep one, and make another SLO for the other",
        )),
    }
}

fn objectives_problem(slo: &Slo) -> Option<Problem> {
    let at = Some(slo.objectives.span);
    let has_target = |objective: &crate::kinds::openslo::Objective| {
        objective.target.is_some() != objective.target_percent.is_some()
    };
    if slo.objectives.is_empty() || !slo.objectives.iter().all(has_target) {
        let message = "every objective has exactly one target, and there is at least one";
        return Some((message, at, "write `target: 0.999`, or `targetPercent: 99.9`"));
    }
    let needs = match slo.budgeting_method {
        BudgetingMethod::Occurrences => return None,
        BudgetingMethod::Timeslices => slo.objectives.iter().all(|objective| {
            objective.time_slice_window.is_some() && objective.time_slice_target.is_some()
        }),
        BudgetingMethod::RatioTimeslices => {
            slo.objectives.iter().all(|objective| objective.time_slice_window.is_some())
        }
    };
    (!needs).then_some((
        "a budget of time slices does not say what a slice is",
        at,
        "write `timeSliceWindow: 1m`, and for `Timeslices` also `timeSliceTarget`",
    ))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_is_missing_and_what_is_twice_are_found() {
        TRIAL.finds(&RULE, "
            SLO@openslo/v1/a: {service: x, budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
            SLO@openslo/v1/b: {service: x, indicatorRef: a, timeWindow: [{duration: 1w}], budgetingMethod: Timeslices, objectives: [{target: 0.9}]}
            SLO@openslo/v1/c: {service: x, indicatorRef: a, timeWindow: [{duration: 1w, isRolling: true}], budgetingMethod: Occurrences, objectives: []}
        ", &[("a", "the SLO has no indicator"), ("a", "the SLO has no window"), ("1w", "the window does not roll, and does not say when it begins"), ("[{target: 0.9}]", "a budget of time slices does not say what a slice is"), ("[]", "every objective has exactly one target, and there is at least one")]);
    }

    #[test]
    fn a_whole_slo_is_right() {
        TRIAL.finds(&RULE, "
            SLO@openslo/v1/a: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
            SLO@openslo/v1/b: {service: x, timeWindow: [{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin}}], budgetingMethod: RatioTimeslices, objectives: [{targetPercent: 99, timeSliceWindow: 5, indicatorRef: a}]}
        ", &[]);
    }
}
