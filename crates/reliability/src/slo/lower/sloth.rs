//! Sloth specs, with the alerts that Sloth makes of them.

use diag::Span;
use playbook::{Model, Typed};

use super::{Fault, Lowered, Skipped, Told, labels};
use crate::kinds::{SlothAlert, SlothSlo, SlothSpec};
use crate::promql;
use crate::slo::query::{Asked, Role, of_sloth};
use crate::slo::template::Template;
use crate::slo::{Counted, Indicator, Objective, Slo, Window, standard_alerts};

pub(super) fn lower(model: &Model, lowered: &mut Lowered) {
    for document in model.all::<SlothSpec>() {
        for written in &document.spec.slos {
            match slo(document, written) {
                Ok(slo) => lowered.slos.push(slo),
                Err(fault) => lowered.skipped.push(Skipped {
                    source: format!("{}#{}", document.resource.id, written.name.value),
                    place: document.resource.at(fault.span.unwrap_or(written.name.span)),
                    reason: fault.reason,
                    told: fault.told,
                }),
            }
        }
    }
}

fn slo(document: Typed<'_, SlothSpec>, written: &SlothSlo) -> Result<Slo, Fault> {
    let objective = Objective::of_percent(written.objective.value).ok_or_else(|| {
        let reason = format!("an objective of `{}` leaves no budget", written.objective.value);
        Fault::new(Some(written.objective.span), reason)
    })?;
    let window = Window::DEFAULT;
    let (mut alerts, held) = standard_alerts(window.length(), objective.budget());
    let alerting = &written.alerting;
    let own = |severity: &str| -> &SlothAlert {
        if severity == "page" { &alerting.page_alert } else { &alerting.ticket_alert }
    };
    alerts.retain(|rule| !own(&rule.severity).disable);
    for rule in &mut alerts {
        let of_alert = own(&rule.severity);
        if let Some(name) = &alerting.name {
            rule.name.clone_from(name);
        }
        // Who writes a severity of their own routes by it.
        if let Some(severity) = of_alert.labels.get("severity").or(alerting.labels.get("severity"))
        {
            rule.severity.clone_from(severity);
        }
        rule.labels = labels(alerting.labels.iter().chain(&of_alert.labels));
        rule.annotations = alerting.annotations.clone();
        rule.annotations.extend(of_alert.annotations.clone());
    }
    let service = document.service.value.as_str();
    Ok(Slo {
        id: format!("{service}-{}", id_part(&written.name.value)),
        service: service.to_owned(),
        title: format!("{service}: {}", written.name.value),
        description: written.description.clone(),
        source: document.resource.id.to_string(),
        objective,
        window,
        indicator: indicator(written)?,
        alerts,
        held,
        labels: labels(document.labels.iter().chain(&written.labels)),
        runbook: None,
        // Sloth has no such thing, and its files shall alert as they did.
        minimum_events: 0,
    })
}

/// Names become file names and labels; what does not belong there becomes `-`.
fn id_part(name: &str) -> String {
    let fits = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.');
    name.chars().map(|one| if fits(one) { one } else { '-' }).collect()
}

fn indicator(written: &SlothSlo) -> Result<Indicator, Fault> {
    if let Some(plugin) = &written.sli.plugin {
        let reason = format!("its indicator is the plugin `{}`, which is a program", plugin.id);
        return Err(Fault::new(Some(plugin.span), reason));
    }
    let asked = of_sloth(&written.sli);
    let of = |role: Role| asked.iter().find(|one| one.role == role);
    match (of(Role::Bad), of(Role::Total), of(Role::Raw)) {
        (Some(bad), Some(total), None) => Ok(Indicator::Events {
            counted: events(bad)?,
            sort: Counted::Bad,
            total: events(total)?,
        }),
        (None, None, Some(raw)) => {
            parsed(raw)?;
            let ratio = Template::of_ratio(raw.text);
            Ok(ratio.map_or_else(|| Indicator::Samples(raw.text.to_owned()), Indicator::Ratio))
        }
        (_, _, _) => {
            let reason = "it has no indicator, or more than one: write `events` or `raw`";
            Err(Fault::new(None::<Span>, reason))
        }
    }
}

fn parsed(asked: &Asked<'_>) -> Result<promql::Expression, Fault> {
    promql::parse(asked.text).map_err(|error| {
        Fault::new(Some(asked.place(error.span)), format!("its query is not PromQL: {error}"))
            .told(Told::Elsewhere)
    })
}

fn events(asked: &Asked<'_>) -> Result<Template, Fault> {
    Ok(Template::of_events(asked.text, &parsed(asked)?, true))
}
