//! OpenSLO: one document is one objective, several, or a composite of several.

use playbook::{Model, Resource, Spanned, Typed};
use rayon::prelude::*;

use super::ratio::Slicing;
use super::{Fault, Lowered, Skipped, Told, alerts, composite, labels, ratio, slug};
use crate::kinds::SloStandard;
use crate::kinds::openslo::{Objective as Written, Sli, Slo as Document};
use crate::slo::{Indicator, Objective, Slo, Window};

/// Marks of the playbook's own on a foreign document.
const RUNBOOK: &str = "council/runbook";
const MINIMUM_EVENTS: &str = "council/minimum-events";

/// Events that a long window must have seen before anybody is woken: below ten, one failure is a tenth
/// of everything, and no objective of three digits can tell bad luck from trouble.
const DEFAULT_MINIMUM_EVENTS: u32 = 10;

pub(super) fn lower(model: &Model, lowered: &mut Lowered) {
    let standard = model.all::<SloStandard>().next();
    let minimum = standard.and_then(|standard| standard.spec.minimum_events);
    let documents: Vec<Typed<'_, Document>> = model.all::<Document>().collect();
    let of = |&document: &Typed<'_, Document>| slos(document, model, least(document, minimum));
    // In parallel, because each query is parsed; collected in order, so that nobody can tell.
    let all: Vec<Result<Vec<Slo>, Fault>> = documents.par_iter().map(of).collect();
    for (document, found) in documents.into_iter().zip(all) {
        match found {
            Ok(slos) => lowered.slos.extend(slos),
            Err(fault) => lowered.skipped.push(skipped(document, fault)),
        }
    }
}

/// The fewest events: what the document says, the organization's standard, or ours.
fn least(document: Typed<'_, Document>, standard: Option<u32>) -> u32 {
    let annotations = &document.resource.meta.annotations;
    let own = annotations.get(MINIMUM_EVENTS).and_then(|written| written.parse().ok());
    own.or(standard).unwrap_or(DEFAULT_MINIMUM_EVENTS)
}

fn skipped(document: Typed<'_, Document>, fault: Fault) -> Skipped {
    let here = || document.resource.at(fault.span.unwrap_or(document.resource.place.span));
    let place = fault.place.clone().unwrap_or_else(here);
    Skipped {
        source: document.resource.id.to_string(),
        place,
        reason: fault.reason,
        told: fault.told,
    }
}

fn slos(document: Typed<'_, Document>, model: &Model, minimum: u32) -> Result<Vec<Slo>, Fault> {
    let window = match document.time_window.as_slice() {
        [] => Window::DEFAULT,
        [window, ..] => Window::of_openslo(window).map_err(|fault| {
            Fault::new(Some(window.duration.span), fault.to_string()).told(Told::Elsewhere)
        })?,
    };
    let written = document.objectives.value.as_slice();
    let mut slos = Vec::new();
    for (number, objective) in written.iter().enumerate() {
        let span = Some(document.objectives.span);
        let sli = sli(document.spec, objective, model).ok_or_else(|| {
            Fault::new(span, "no indicator was found for this objective").told(Told::Elsewhere)
        })?;
        let target = target(objective)?;
        let slicing = Slicing::of(document.spec, objective)
            .map_err(|why| Fault::new(span, why).told(Told::Elsewhere))?;
        let indicator = ratio::indicator(sli.1, objective, slicing, model);
        let indicator = indicator.map_err(|fault| match sli.0 {
            Some(owner) => fault.inside(owner),
            None => fault,
        })?;
        let part = match (written.len(), &objective.display_name) {
            (1, _) => None,
            (_, Some(name)) if !slug(name).is_empty() => Some(slug(name)),
            (_, _) => Some((number + 1).to_string()),
        };
        slos.push(slo(document, part, (target, window.clone(), indicator), minimum));
    }
    if composite::is_composite(written) {
        slos = composite::compose(document, slos, &window)?;
    }
    if slos.is_empty() {
        return Err(Fault::new(Some(document.objectives.span), "there is no objective")
            .told(Told::Elsewhere));
    }
    let is_member = |slo: &Slo| slos_is_member(slo, document);
    for slo in slos.iter_mut().filter(|slo| !composite::is_composite(written) || !is_member(slo)) {
        alerts::set(slo, document, model)?;
    }
    Ok(slos)
}

/// A member of a composite has another id than the document; only the composite alerts.
fn slos_is_member(slo: &Slo, document: Typed<'_, Document>) -> bool {
    slo.id != document.name()
}

fn slo(
    document: Typed<'_, Document>,
    part: Option<String>,
    (objective, window, indicator): (Objective, Window, Indicator),
    minimum: u32,
) -> Slo {
    let meta = &document.resource.meta;
    let name = document.name();
    let title = document.title();
    Slo {
        id: part.as_ref().map_or_else(|| name.to_owned(), |part| format!("{name}-{part}")),
        service: document.service.value.clone(),
        title: part.map_or_else(|| title.to_owned(), |part| format!("{title} ({part})")),
        description: document.description.clone(),
        source: document.resource.id.to_string(),
        objective,
        window,
        indicator,
        alerts: Vec::new(),
        held: Vec::new(),
        labels: labels(&meta.labels),
        runbook: meta.annotations.get(RUNBOOK).cloned(),
        minimum_events: minimum,
    }
}

/// The indicator of an objective: its own, or the document's; in place, or by name with its document.
fn sli<'m>(
    document: &'m Document,
    objective: &'m Written,
    model: &'m Model,
) -> Option<(Option<&'m Resource>, &'m Sli)> {
    if let Some(own) = &objective.indicator {
        return Some((None, &own.spec));
    }
    let name = match (&objective.indicator_ref, &document.indicator, &document.indicator_ref) {
        (Some(name), _, _) | (None, None, Some(name)) => name,
        (None, Some(indicator), _) => return Some((None, &indicator.value.spec)),
        (None, None, None) => return None,
    };
    model.follow(name).map(|sli| (Some(sli.resource), sli.spec))
}

/// The target, as a ratio or in percent.
fn target(objective: &Written) -> Result<Objective, Fault> {
    let (read, written): (Option<Objective>, &Spanned<f64>) =
        match (&objective.target, &objective.target_percent) {
            (Some(target), _) => (Objective::of_ratio(target.value), target),
            (None, Some(target)) => (Objective::of_percent(target.value), target),
            (None, None) => {
                return Err(Fault::new(None, "an objective has no target").told(Told::Elsewhere));
            }
        };
    let reason = || format!("a target of `{}` leaves no budget or is no target", written.value);
    read.ok_or_else(|| Fault::new(Some(written.span), reason()).told(Told::Elsewhere))
}
