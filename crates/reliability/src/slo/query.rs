//! Every Prometheus query of the playbook's indicators, with what it is for and where it stands.

use diag::Span;
use playbook::{Model, Resource};

use crate::kinds::openslo::{MetricSource, Sli, Slo};
use crate::kinds::{SlothSli, SlothSpec};

/// What a query is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Events that went well.
    Good,
    /// Events that did not.
    Bad,
    /// All events.
    Total,
    /// A ratio that is computed already.
    Raw,
    /// A number to compare.
    Threshold,
}

/// A query as it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'m> {
    /// What for.
    pub(crate) role: Role,
    /// Its text.
    pub(crate) text: &'m str,
    /// Where it stands, quotes and all.
    pub(crate) span: Span,
}

impl Asked<'_> {
    /// Where a part of the text stands in the file. Exact for text on one line; text in a block is
    /// pointed at as a whole, because its indentation is not part of it.
    pub(crate) fn place(&self, part: Span) -> Span {
        let written = (self.span.end - self.span.start) as usize;
        let quotes = match written.checked_sub(self.text.len()) {
            Some(0) => 0,
            Some(2) if !self.text.contains('\n') => 1,
            Some(_) | None => return self.span,
        };
        let start = self.span.start + quotes;
        // An empty part, such as the end of the query, is shown as the sign before it.
        let first = if part.start == part.end { part.start.saturating_sub(1) } else { part.start };
        Span::new(start + first, start + part.end)
    }
}

/// The metric sources of an indicator, with what each is for.
pub(crate) fn sources(sli: &Sli) -> Vec<(Role, &MetricSource)> {
    let mut sources: Vec<(Role, &MetricSource)> = Vec::new();
    if let Some(threshold) = &sli.threshold_metric {
        sources.push((Role::Threshold, &threshold.value.metric_source));
    }
    if let Some(ratio) = &sli.ratio_metric {
        let parts = [
            (Role::Good, &ratio.good),
            (Role::Bad, &ratio.bad),
            (Role::Total, &ratio.total),
            (Role::Raw, &ratio.raw),
        ];
        for (role, metric) in parts {
            sources.extend(metric.as_ref().map(|metric| (role, &metric.metric_source)));
        }
    }
    sources
}

/// Whether nothing of an indicator comes from other software.
pub(crate) fn is_measured_by_prometheus(sli: &Sli, model: &Model) -> bool {
    sources(sli).iter().all(|(_, source)| is_prometheus(source, model))
}

/// The queries of one indicator that are Prometheus'.
pub(crate) fn of_indicator<'m>(sli: &'m Sli, model: &Model) -> Vec<Asked<'m>> {
    let of_prometheus = sources(sli).into_iter().filter(|(_, source)| is_prometheus(source, model));
    of_prometheus
        .filter_map(|(role, source)| {
            let (text, span) = text(source)?;
            Some(Asked { role, text, span })
        })
        .collect()
}

/// What measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Software {
    /// Prometheus, or whatever speaks like it.
    Prometheus,
    /// Council's own probes.
    Probe,
    /// Council, from what services push to it.
    Otlp,
    /// Something else.
    Other,
}

/// What a source is; Prometheus where nobody says.
pub(crate) fn software(source: &MetricSource, model: &Model) -> Software {
    let name = match (&source.r#type, &source.metric_source_ref) {
        (Some(name), _) => name,
        // A source that is not declared may be anything, and its name is reported as dangling.
        (None, Some(name)) => match model.follow(name) {
            Some(declared) => &declared.spec.r#type,
            None => return Software::Other,
        },
        (None, None) => return Software::Prometheus,
    };
    let known = [
        ("prometheus", Software::Prometheus),
        ("probe", Software::Probe),
        ("otlp", Software::Otlp),
    ];
    let found = known.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
    found.map_or(Software::Other, |(_, software)| software)
}

fn is_prometheus(source: &MetricSource, model: &Model) -> bool {
    software(source, model) == Software::Prometheus
}

fn text(source: &MetricSource) -> Option<(&str, Span)> {
    let spec = source.spec.as_ref()?;
    let written = spec.get("query").or_else(|| spec.get("promql"))?;
    Some((written.value.as_str()?, written.span))
}

/// The queries of an indicator of Sloth's, which are all Prometheus'.
pub(crate) fn of_sloth(sli: &SlothSli) -> Vec<Asked<'_>> {
    let events = sli
        .events
        .iter()
        .flat_map(|events| [(Role::Bad, &events.error_query), (Role::Total, &events.total_query)]);
    let raw = sli.raw.iter().map(|raw| (Role::Raw, &raw.error_ratio_query));
    events
        .chain(raw)
        .map(|(role, query)| Asked { role, text: &query.value, span: query.span })
        .collect()
}

/// Every indicator of the playbook with the document that it stands in.
pub(crate) fn all_indicators(model: &Model) -> Vec<(&Resource, &Sli)> {
    let mut found: Vec<(&Resource, &Sli)> =
        model.all::<Sli>().map(|sli| (sli.resource, sli.spec)).collect();
    for slo in model.all::<Slo>() {
        let own = slo.spec.indicator.as_ref().map(|indicator| &indicator.value);
        let each = slo.spec.objectives.iter().filter_map(|objective| objective.indicator.as_ref());
        found.extend(own.into_iter().chain(each).map(|one| (slo.resource, &one.spec)));
    }
    found
}

/// Every Prometheus query of the playbook, indicator by indicator.
pub(crate) fn all_queries(model: &Model) -> Vec<(&Resource, Vec<Asked<'_>>)> {
    let openslo = all_indicators(model);
    let openslo = openslo.into_iter().map(|(resource, sli)| (resource, of_indicator(sli, model)));
    let sloth = model
        .all::<SlothSpec>()
        .flat_map(|spec| spec.spec.slos.iter().map(move |slo| (spec.resource, of_sloth(&slo.sli))));
    openslo.chain(sloth).collect()
}
