//! The window of an SLO can be computed: its zone and start exist, and its slices divide it.

use diag::{Code, Diagnostic, RuleInfo, Severity, Span};
use jiff::tz::TimeZone;
use playbook::{Check, Resource, Rule};

use crate::kinds::openslo::{Calendar, Slo, TimeWindow};
use crate::slo::{WindowFault, civil, is_ambiguous};

/// The window of an SLO can be computed: its zone and start exist, and its slices divide it.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL026"),
        name: "slo-window",
        severity: Severity::Error,
        summary: "The window of an SLO can be computed: its zone and start exist.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A calendar window begins at a local time. A zone that nobody knows, or a time that is no time, leaves it without a beginning. `America/New_York` is a zone; `EST5` and `New York` are not.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: a}
spec: {service: x, indicatorRef: s, timeWindow: [{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berln}}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: s}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g_total}}}, total: {metricSource: {spec: {query: t_total}}}}}
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
metadata: {name: a}
spec: {service: x, indicatorRef: s, timeWindow: [{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin}}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: s}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g_total}}}, total: {metricSource: {spec: {query: t_total}}}}}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: x}
spec: {}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(slo) = resource.typed::<Slo>() else { return };
    for window in &slo.time_window.value {
        let calendar = window.calendar.as_ref().filter(|_| !window.is_rolling);
        if let Some((message, span, hint)) = calendar.and_then(calendar_problem) {
            findings.push(finding(resource, span, message, hint, Severity::Error));
        }
        if let Some((message, span, hint)) = calendar.and_then(ambiguity) {
            findings.push(finding(resource, span, message, hint, Severity::Warning));
        }
        if let Some((message, span, hint)) = length_problem(window, slo.spec) {
            findings.push(finding(resource, span, message, hint, Severity::Warning));
        }
    }
}

fn finding(
    resource: &Resource,
    span: Span,
    message: String,
    hint: &str,
    severity: Severity,
) -> Diagnostic {
    let mut finding = Diagnostic::new(&RULE.info, resource.at(span), message)
        .why("a budget is counted over its window")
        .hint(hint)
        .subject(resource.id.to_string());
    finding.severity = severity;
    finding
}

type Problem = (String, Span, &'static str);

fn calendar_problem(calendar: &Calendar) -> Option<Problem> {
    if TimeZone::get(&calendar.time_zone).is_err() {
        let fault = WindowFault::UnknownZone(calendar.time_zone.value.clone());
        let hint = "write a zone of the IANA database, such as `Europe/Berlin` or `UTC`";
        return Some((fault.to_string(), calendar.time_zone.span, hint));
    }
    let fault = civil(&calendar.start_time).err()?;
    let hint = "write it as `2026-01-01 00:00:00`";
    Some((fault.to_string(), calendar.start_time.span, hint))
}

/// A local time that clocks skip or repeat when they change.
fn ambiguity(calendar: &Calendar) -> Option<Problem> {
    let zone = TimeZone::get(&calendar.time_zone).ok()?;
    let start = civil(&calendar.start_time).ok()?;
    is_ambiguous(start, &zone).then(|| {
        let zone = &calendar.time_zone.value;
        let message = format!(
            "in {zone} the clocks change at {start}: this time is skipped, or happens twice"
        );
        (message, calendar.start_time.span, "begin at another hour, such as midnight")
    })
}

/// Lengths that are not what they look like.
fn length_problem(window: &TimeWindow, slo: &Slo) -> Option<Problem> {
    let duration = window.duration.value;
    let span = window.duration.span;
    let Some(length) = duration.minutes() else {
        return window.is_rolling.then(|| {
            let message = format!("a rolling window of `{duration}` has no fixed length; a month is read as 30 days, a quarter as 90, a year as 365");
            (message, span, "write days or weeks, or begin the window by a calendar")
        });
    };
    let slices = slo.objectives.iter().filter_map(|one| one.time_slice_window?.0.minutes());
    let odd = slices.into_iter().find(|slice| !length.is_multiple_of(*slice))?;
    let message = format!("slices of {odd} minutes do not divide a window of `{duration}`");
    Some((
        message,
        span,
        "choose slices that divide it, such as 1m, 5m or 15m; the last one is counted in part",
    ))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    fn slo(name: &str, window: &str, slice: &str) -> String {
        format!(
            "SLO@openslo/v1/{name}: {{service: x, indicatorRef: s, timeWindow: [{window}], budgetingMethod: RatioTimeslices, objectives: [{{target: 0.9, timeSliceWindow: {slice}}}]}}\n"
        )
    }

    #[test]
    fn zones_times_and_slices_that_do_not_fit_are_found() {
        let lines = [
            slo(
                "a",
                "{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: New York}}",
                "1m",
            ),
            slo("b", "{duration: 1M, calendar: {startTime: 2026-13-01, timeZone: UTC}}", "1m"),
            slo(
                "c",
                "{duration: 1d, calendar: {startTime: 2026-03-29 02:30:00, timeZone: Europe/Berlin}}",
                "1m",
            ),
            slo("d", "{duration: 1M, isRolling: true}", "1m"),
            slo("e", "{duration: 1d, isRolling: true}", "7m"),
        ];
        TRIAL.finds(
            &RULE,
            &lines.concat(),
            &[
                ("New York", "there is no time zone `New York`"),
                ("2026-13-01", "`2026-13-01` is no date and time"),
                (
                    "2026-03-29 02:30:00",
                    "in Europe/Berlin the clocks change at 2026-03-29T02:30:00: this time is skipped, or happens twice",
                ),
                (
                    "1M",
                    "a rolling window of `1M` has no fixed length; a month is read as 30 days, a quarter as 90, a year as 365",
                ),
                ("1d", "slices of 7 minutes do not divide a window of `1d`"),
            ],
        );
    }

    #[test]
    fn windows_that_can_be_computed_are_right() {
        let lines = [
            slo(
                "a",
                "{duration: 1Q, calendar: {startTime: 2026-01-01 00:00:00, timeZone: America/New_York}}",
                "5m",
            ),
            slo("b", "{duration: 4w, isRolling: true}", "15m"),
        ];
        TRIAL.finds(&RULE, &lines.concat(), &[]);
    }
}
