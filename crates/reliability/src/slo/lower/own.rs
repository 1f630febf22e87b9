//! Indicators that council counts itself.

use std::collections::BTreeMap;

use playbook::{Model, Spanned};
use serde_json::Value;

use super::Fault;
use super::ratio::Slicing;
use crate::kinds::Probe;
use crate::kinds::openslo::{RawType, Sli};
use crate::slo::query::{Role, Software, software, sources};
use crate::slo::{Bearer, Counted, Indicator, Matcher, Own, Selection, Wanted};

/// Lowers an indicator that is council's own; nothing where it is somebody else's.
pub(super) fn indicator(
    sli: &Sli,
    slicing: Slicing,
    model: &Model,
) -> Option<Result<Indicator, Fault>> {
    let sources = sources(sli);
    let of = |source| software(source, model);
    let first = sources.first().map(|(_, source)| of(source))?;
    let is_ours = matches!(first, Software::Probe | Software::Otlp);
    if !is_ours || sources.iter().any(|(_, source)| of(source) != first) {
        return None;
    }
    let span = sli.ratio_metric.as_ref().map(|ratio| ratio.span);
    if slicing != Slicing::Events {
        let reason = "council counts events itself, and no slices of time: use `Occurrences`";
        return Some(Err(Fault::new(span, reason)));
    }
    let own = match first {
        Software::Probe => probe(sli, model),
        _ => pushed(sli),
    };
    let own = own.map_err(|fault| Fault { span: fault.span.or(span), ..fault });
    Some(own.map(Indicator::Own))
}

type Fields = BTreeMap<String, Spanned<Value>>;

fn probe(sli: &Sli, model: &Model) -> Result<Own, Fault> {
    let raw = sli.ratio_metric.as_ref().filter(|it| it.raw_type == Some(RawType::Success));
    let raw = raw.and_then(|ratio| ratio.raw.as_ref());
    let Some(raw) = raw else {
        let reason = "a probe is `raw`, with `rawType: success`";
        return Err(Fault::new(None, reason));
    };
    let named = raw.metric_source.spec.as_ref().and_then(|spec| spec.get("probe"));
    let Some((name, span)) = named.and_then(|it| Some((it.value.as_str()?, it.span))) else {
        return Err(Fault::new(None, "its metric source names no `probe`"));
    };
    match model.get::<Probe>(name) {
        Some(probe) => Ok(Own::Probe(probe.name().to_owned())),
        None => Err(Fault::new(Some(span), format!("there is no probe `{name}`"))),
    }
}

fn pushed(sli: &Sli) -> Result<Own, Fault> {
    let sources = sources(sli);
    let of = |role: Role| sources.iter().find(|(of, _)| *of == role).map(|(_, source)| *source);
    let counted = of(Role::Good)
        .map(|good| (good, Counted::Good))
        .or_else(|| of(Role::Bad).map(|bad| (bad, Counted::Bad)));
    let (Some((counted, sort)), Some(total)) = (counted, of(Role::Total)) else {
        return Err(Fault::new(
            None,
            "what is pushed is counted as `good` or `bad` out of `total`",
        ));
    };
    Ok(Own::Pushed {
        counted: selection(counted.spec.as_ref())?,
        sort,
        total: selection(total.spec.as_ref())?,
    })
}

fn selection(fields: Option<&Fields>) -> Result<Selection, Fault> {
    const KNOWN: [&str; 4] = ["metric", "where", "resource", "at_most"];
    let nothing = Fields::new();
    let fields = fields.unwrap_or(&nothing);
    if let Some((name, field)) = fields.iter().find(|(name, _)| !KNOWN.contains(&name.as_str())) {
        let reason = format!("`{name}` is none of `metric`, `where`, `resource` and `at_most`");
        return Err(Fault::new(Some(field.span), reason));
    }
    let metric = fields.get("metric").and_then(|field| field.value.as_str());
    let metric = metric.filter(|name| !name.is_empty());
    let metric = metric.ok_or_else(|| Fault::new(None, "its metric source names no `metric`"))?;
    let at_most = match fields.get("at_most") {
        None => None,
        Some(field) => Some(field.value.as_f64().filter(|it| it.is_finite()).ok_or_else(|| {
            Fault::new(Some(field.span), "`at_most` is a number, in the unit of the metric")
        })?),
    };
    let mut all = Vec::new();
    for (name, of) in [("where", Bearer::Point), ("resource", Bearer::Resource)] {
        let Some(field) = fields.get(name) else { continue };
        let found = wanted(&field.value, of).map_err(|why| Fault::new(Some(field.span), why))?;
        all.extend(found);
    }
    Ok(Selection { metric: metric.to_owned(), wanted: all, at_most })
}

fn wanted(value: &Value, of: Bearer) -> Result<Vec<Wanted>, String> {
    let attributes = value.as_object().ok_or("it says what attributes must be, by their names")?;
    let matcher = |(name, value): (&String, &Value)| {
        let is = match value {
            Value::String(text) => Matcher::pattern(text)?,
            Value::Array(values) => Matcher::OneOf(values.iter().map(plain).collect()),
            Value::Number(_) | Value::Bool(_) => Matcher::OneOf(vec![plain(value)]),
            Value::Null | Value::Object(_) => {
                return Err(format!("`{name}` is a regular expression, or a list of values"));
            }
        };
        Ok(Wanted { of, attribute: name.clone(), is })
    };
    attributes.iter().map(matcher).collect()
}

/// A value as an attribute has it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::slo::{Bearer, Counted, Indicator, Matcher, Own, Selection, Wanted, lower};
    use crate::testing::table;

    fn playbook(ratio: &str) -> String {
        format!(
            "Service/shop: {{}}
             Probe/front: {{service: shop, http: {{url: 'https://shop'}}}}
             SLO@openslo/v1/shop: {{service: shop, indicatorRef: a, budgetingMethod: Occurrences, objectives: [{{target: 0.99}}]}}
             SLI@openslo/v1/a: {{ratioMetric: {ratio}}}"
        )
    }

    #[track_caller]
    fn check(ratio: &str, expected: Result<Own, &str>) {
        let workspace = table(&playbook(ratio));
        let lowered = lower(workspace.model());
        let own = lowered.slos.first().map(|slo| slo.indicator.clone());
        match expected {
            Ok(expected) => {
                assert_eq!(own, Some(Indicator::Own(expected)), "{:?}", lowered.skipped);
            }
            Err(why) => assert_eq!(lowered.skipped[0].reason, why),
        }
    }

    #[test]
    fn a_probe_is_counted_by_name() {
        let source = |spec: &str| {
            format!("{{rawType: success, raw: {{metricSource: {{type: Probe, spec: {spec}}}}}}}")
        };
        check(&source("{probe: front}"), Ok(Own::Probe("front".to_owned())));
        check(&source("{probe: back}"), Err("there is no probe `back`"));
        check(&source("{}"), Err("its metric source names no `probe`"));
        let failures = source("{probe: front}").replace("success", "failure");
        check(&failures, Err("a probe is `raw`, with `rawType: success`"));
    }

    #[test]
    fn what_is_pushed_is_selected_by_metric_and_attributes() {
        let pair = |bad: &str| {
            format!(
                "{{counter: true, bad: {{metricSource: {{type: OTLP, spec: {bad}}}}}, total: {{metricSource: {{type: otlp, spec: {{metric: http.server.request.duration}}}}}}}}"
            )
        };
        let of = |wanted, at_most| Selection {
            metric: "http.server.request.duration".to_owned(),
            wanted,
            at_most,
        };
        let code = |is| {
            let attribute = "http.response.status_code".to_owned();
            vec![Wanted { of: Bearer::Point, attribute, is }]
        };
        for (spec, wanted, at_most) in [
            (
                "{metric: http.server.request.duration, where: {http.response.status_code: '5..'}}",
                code(Matcher::Pattern("5..".to_owned())),
                None,
            ),
            (
                "{metric: http.server.request.duration, where: {http.response.status_code: [500, '503']}}",
                code(Matcher::OneOf(vec!["500".to_owned(), "503".to_owned()])),
                None,
            ),
            (
                "{metric: http.server.request.duration, resource: {service.name: [shop]}}",
                vec![Wanted {
                    of: Bearer::Resource,
                    attribute: "service.name".to_owned(),
                    is: Matcher::OneOf(vec!["shop".to_owned()]),
                }],
                None,
            ),
            ("{metric: http.server.request.duration, at_most: 0.5}", Vec::new(), Some(0.5)),
        ] {
            let expected = Own::Pushed {
                counted: of(wanted, at_most),
                sort: Counted::Bad,
                total: of(Vec::new(), None),
            };
            check(&pair(spec), Ok(expected));
        }
        check(&pair("{where: {}}"), Err("its metric source names no `metric`"));
        check(
            &pair("{metric: x, at_most: soon}"),
            Err("`at_most` is a number, in the unit of the metric"),
        );
        check(&pair("{metric: x, where: {code: '('}}"), Err("`(` is no regular expression"));
        check(
            &pair("{metric: x, query: y}"),
            Err("`query` is none of `metric`, `where`, `resource` and `at_most`"),
        );
    }
}
