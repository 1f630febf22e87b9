//! The queries that rules are made of.

use crate::slo::{Counted, Indicator, Minutes, Per, Slo, Template};

/// Bad events a second, over five minutes.
pub(crate) const ERRORS: &str = "slo:sli_errors:rate5m";
/// All events a second, over five minutes.
pub(crate) const EVENTS: &str = "slo:sli_events:rate5m";
/// The ratio of errors now.
pub(crate) const SAMPLE: &str = "slo:sli_error:sample";
/// The ratio of errors over a window, whose length follows.
pub(crate) const RATIO: &str = "slo:sli_error:ratio_rate";

/// How often short windows are measured. A minute is Prometheus' own default; the fastest alert looks at
/// five of them.
pub(super) const OFTEN: Minutes = Minutes::of(1);

/// The series of one objective: `metric{slo="id"}`.
pub(crate) fn of(metric: &str, id: &str) -> String {
    format!("{metric}{{slo={}}}", super::yaml::Quoted(id))
}

/// The ratio over one window.
pub(crate) fn ratio(id: &str, window: Minutes) -> String {
    of(&format!("{RATIO}{window}"), id)
}

/// All events a second: what counts by the window is divided by it.
pub(super) fn events(total: &Template) -> String {
    per_second(total)
}

/// Bad events a second. A series that never counted stands for none.
pub(super) fn errors(counted: &Template, sort: Counted, total: &Template) -> String {
    let (counted, total) = (per_second(counted), per_second(total));
    match sort {
        Counted::Bad => format!("{counted}\nor\n{total} * 0"),
        Counted::Good => format!("{total}\n-\n({counted} or {total} * 0)"),
    }
}

fn per_second(template: &Template) -> String {
    let text = template.over(Minutes::FIVE);
    match template.per {
        Per::Second | Per::Look => text,
        Per::Window => format!("({text} / {})", Minutes::FIVE.count() * 60),
    }
}

/// The ratio of errors over a window, from what is recorded every minute.
pub(super) fn error_ratio(slo: &Slo, window: Minutes) -> String {
    let id = slo.id.as_str();
    match &slo.indicator {
        Indicator::Events { .. } if window == Minutes::FIVE => {
            format!("{}\n/\n({} > 0)", of(ERRORS, id), of(EVENTS, id))
        }
        Indicator::Events { .. } => {
            let (errors, events) = (of(ERRORS, id), of(EVENTS, id));
            format!("sum_over_time({errors}[{window}])\n/\n(sum_over_time({events}[{window}]) > 0)")
        }
        Indicator::Ratio(template) if window < slo.window.length() => template.over(window),
        Indicator::Ratio(_) => {
            format!("avg_over_time({}[{window}])", ratio(id, Minutes::FIVE))
        }
        Indicator::Samples(_) => format!("avg_over_time({}[{window}])", of(SAMPLE, id)),
        // Nothing is rendered for it: Prometheus has no series of it.
        Indicator::Own(_) => of(SAMPLE, id),
        Indicator::Composite(members) => {
            let weighted: Vec<String> = members
                .iter()
                .map(|member| format!("{} * avg({})", member.weight, ratio(&member.id, window)))
                .collect();
            let sum: rust_decimal::Decimal = members.iter().map(|member| member.weight).sum();
            format!("(\n  {}\n) / {}", weighted.join("\n  + "), sum.normalize())
        }
    }
}

/// Events in a window, when events are counted: each sample of the rate stands for the time until the next
/// one. A mean over the window would take a series that is ten minutes old for one of a whole day.
pub(super) fn events_in(slo: &Slo, window: Minutes) -> Option<String> {
    let Indicator::Events { total, .. } = &slo.indicator else { return None };
    if total.per == Per::Look {
        return None;
    }
    let seconds = OFTEN.count() * 60;
    Some(format!("sum_over_time({}[{window}]) * {seconds}", of(EVENTS, &slo.id)))
}
