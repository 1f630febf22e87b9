//! From OpenSLO's three metrics and three ways to budget to one ratio of errors.
//!
//! Events are summed up over any window, so that busy hours weigh more, as `Occurrences` wants. All other
//! ways count time: a sample a minute, which is an error ratio or, for a slice that is good or bad as a
//! whole, 0 or 1. Slices end now rather than at full minutes of the clock; over a window the difference
//! is one slice.

use rust_decimal::Decimal;

use super::{Fault, Told};
use crate::kinds::openslo::{
    BudgetingMethod, Objective as Written, Operator, RatioMetric, RawType, Sli, Slo as Document,
};
use crate::promql::{self, Expression, Type};
use crate::slo::numbers::decimal;
use crate::slo::query::{Asked, Role, is_measured_by_prometheus, of_indicator};
use crate::slo::template::{Template, closing};
use crate::slo::{Counted, Indicator, Minutes};
use playbook::Model;

/// The slice in which a threshold metric is looked at often enough to be a share of the slice: samples
/// come every 15 to 60 seconds everywhere, and finer steps find nothing more.
const STEP: &str = "15s";

/// How time is cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Slicing {
    /// Not at all: events count.
    Events,
    /// Slices are good or bad: from which share of errors on they are bad.
    Slices {
        /// The length.
        length: Minutes,
        /// The share of errors that a good slice may have.
        allowed: Decimal,
    },
    /// Slices count with their ratio.
    Ratios {
        /// The length.
        length: Minutes,
    },
}

impl Slicing {
    pub(crate) fn of(document: &Document, objective: &Written) -> Result<Self, String> {
        let length = || {
            let window = objective.time_slice_window.ok_or("there is no `timeSliceWindow`")?;
            let minutes = window.0.minutes().ok_or("a time slice of months has no fixed length")?;
            Ok::<_, &str>(Minutes::of(minutes))
        };
        Ok(match document.budgeting_method {
            BudgetingMethod::Occurrences => Self::Events,
            BudgetingMethod::RatioTimeslices => Self::Ratios { length: length()? },
            BudgetingMethod::Timeslices => {
                let target =
                    objective.time_slice_target.as_ref().and_then(|one| decimal(one.value));
                let target = target.ok_or("there is no `timeSliceTarget`")?;
                Self::Slices { length: length()?, allowed: (Decimal::ONE - target).normalize() }
            }
        })
    }
}

/// A query that parsed.
struct Read<'m> {
    asked: Asked<'m>,
    query: Expression,
}

pub(super) fn indicator(
    sli: &Sli,
    objective: &Written,
    slicing: Slicing,
    model: &Model,
) -> Result<Indicator, Fault> {
    if let Some(own) = super::own::indicator(sli, slicing, model) {
        return own;
    }
    if !is_measured_by_prometheus(sli, model) {
        let reason = "it is measured by other software than Prometheus";
        return Err(Fault::new(None, reason).told(Told::OtherSoftware));
    }
    let read = read(of_indicator(sli, model))?;
    let of = |role: Role| read.iter().find(|one| one.asked.role == role);
    if let (Some(_), Some(threshold)) = (&sli.threshold_metric, of(Role::Threshold)) {
        return threshold_indicator(threshold, objective, slicing);
    }
    let Some(ratio) = &sli.ratio_metric else {
        return Err(Fault::new(None, "its metric source has no `query`"));
    };
    if let Some(raw) = of(Role::Raw) {
        return Ok(raw_indicator(raw, ratio.raw_type == Some(RawType::Success), slicing));
    }
    let counted = of(Role::Good)
        .map(|good| (good, Counted::Good))
        .or_else(|| of(Role::Bad).map(|bad| (bad, Counted::Bad)));
    let (Some((counted, sort)), Some(total)) = (counted, of(Role::Total)) else {
        let reason = "its metric source has no `query`";
        return Err(Fault::new(Some(ratio.span), reason));
    };
    let events = Indicator::Events {
        counted: events(counted, &ratio.value)?,
        sort,
        total: events(total, &ratio.value)?,
    };
    Ok(sliced(events, slicing))
}

fn read(asked: Vec<Asked<'_>>) -> Result<Vec<Read<'_>>, Fault> {
    let parse = |asked: Asked<'_>| promql::parse(asked.text);
    asked
        .into_iter()
        .map(|asked| match parse(asked) {
            Ok(query) => Ok(Read { asked, query }),
            Err(error) => {
                let reason = format!("its query is not PromQL: {error}");
                Err(Fault::new(Some(asked.place(error.span)), reason).told(Told::Elsewhere))
            }
        })
        .collect()
}

fn events(read: &Read<'_>, ratio: &RatioMetric) -> Result<Template, Fault> {
    if read.query.yields != Type::Instant {
        let reason = format!("its query yields {}, not series of events", read.query.yields);
        return Err(Fault::new(Some(read.asked.span), reason));
    }
    let is_counter = ratio.counter.unwrap_or_else(|| looks_like_counters(&read.query));
    Ok(Template::of_events(read.asked.text, &read.query, is_counter))
}

/// By the naming rules of Prometheus, where the document does not say.
pub(crate) fn looks_like_counters(query: &Expression) -> bool {
    let ends = |name: &str| {
        ["_total", "_count", "_sum", "_bucket"].iter().any(|ending| name.ends_with(ending))
    };
    let selectors = query.selectors();
    !selectors.is_empty()
        && selectors.iter().all(|(one, _)| one.metric.as_deref().is_some_and(ends))
}

fn raw_indicator(raw: &Read<'_>, counts_success: bool, slicing: Slicing) -> Indicator {
    let text = raw.asked.text;
    let text = match (counts_success, raw.query.yields) {
        (true, _) => format!("1 - ({text}{}", closing(text)),
        (false, _) => text.to_owned(),
    };
    let text = as_series(&text, raw.query.yields);
    match Template::of_ratio(&text) {
        Some(template) => sliced(Indicator::Ratio(template), slicing),
        None => sampled(&text, slicing),
    }
}

/// A number becomes a series, because rules record series.
fn as_series(text: &str, yields: Type) -> String {
    if yields == Type::Scalar { format!("vector({text}{}", closing(text)) } else { text.to_owned() }
}

fn threshold_indicator(
    read: &Read<'_>,
    objective: &Written,
    slicing: Slicing,
) -> Result<Indicator, Fault> {
    let (Some(operator), Some(value)) = (objective.op, objective.value.and_then(decimal)) else {
        let reason = "a threshold metric needs `op` and `value` in its objective";
        return Err(Fault::new(Some(read.asked.span), reason));
    };
    // What is bad is the opposite of what is asked for.
    let opposite = match operator {
        Operator::Lte => ">",
        Operator::Lt => ">=",
        Operator::Gte => "<",
        Operator::Gt => "<=",
    };
    let text = as_series(read.asked.text, read.query.yields);
    let bad = format!("({text}{} {opposite} bool {value}", closing(&text));
    Ok(sampled(&bad, slicing))
}

/// What is known for now: over a slice it is looked at every few seconds.
fn sampled(bad: &str, slicing: Slicing) -> Indicator {
    let mean = |length: Minutes| format!("avg_over_time(({bad}{}[{length}:{STEP}])", closing(bad));
    Indicator::Samples(match slicing {
        Slicing::Events => bad.to_owned(),
        Slicing::Ratios { length } => mean(length),
        Slicing::Slices { length, allowed } => format!("{} > bool {allowed}", mean(length)),
    })
}

/// What can be known for any window: over one slice it is a ratio, or good or bad.
fn sliced(indicator: Indicator, slicing: Slicing) -> Indicator {
    let (length, allowed) = match slicing {
        Slicing::Events => return indicator,
        Slicing::Ratios { length } => (length, None),
        Slicing::Slices { length, allowed } => (length, Some(allowed)),
    };
    let ratio = match &indicator {
        Indicator::Events { counted, sort, total } => error_ratio(counted, *sort, total, length),
        Indicator::Ratio(template) => template.over(length),
        Indicator::Samples(bad) => bad.clone(),
        Indicator::Own(_) | Indicator::Composite(_) => return indicator,
    };
    Indicator::Samples(match allowed {
        None => ratio,
        Some(allowed) => format!("({ratio}) > bool {allowed}"),
    })
}

/// Bad events out of all over one window. Without traffic there is no ratio at all, rather than 0/0; and
/// where no event was ever counted, the series is missing and stands for none.
fn error_ratio(counted: &Template, sort: Counted, total: &Template, window: Minutes) -> String {
    let (counted, total) = (counted.over(window), total.over(window));
    let ratio = format!("({counted} or {total} * 0) / ({total} > 0)");
    match sort {
        Counted::Bad => ratio,
        Counted::Good => format!("1 - {ratio}"),
    }
}
