//! Composite objectives: several, each with an indicator of its own, that are promised together.
//!
//! OpenSLO names weights and leaves the arithmetic open. Here error ratios and targets are both averaged
//! by weight, so that a composite's budget is spent exactly when every part has spent its own, and a part
//! of twice the weight counts twice.

use playbook::Typed;
use rust_decimal::Decimal;

use super::Fault;
use crate::kinds::openslo::{Objective as Written, Slo as Document};
use crate::slo::numbers::decimal;
use crate::slo::{Indicator, Member, Objective, Slo, Window};

/// Whether objectives have indicators of their own; without them they are thresholds of one indicator.
pub(super) fn is_composite(objectives: &[Written]) -> bool {
    let own = |one: &Written| one.indicator.is_some() || one.indicator_ref.is_some();
    objectives.len() > 1 && objectives.iter().any(own)
}

/// Adds the composite itself, which has the document's name, before its members.
pub(super) fn compose(
    document: Typed<'_, Document>,
    members: Vec<Slo>,
    window: &Window,
) -> Result<Vec<Slo>, Fault> {
    if let Some(own) = members.iter().find(|it| matches!(it.indicator, Indicator::Own(_))) {
        let reason =
            format!("council counts `{}` itself, which no rule of Prometheus can weigh", own.title);
        return Err(Fault::new(Some(document.objectives.span), reason));
    }
    let mut parts = Vec::new();
    for (member, written) in members.iter().zip(&document.objectives.value) {
        parts.push(Member { id: member.id.clone(), weight: weight(written)? });
    }
    let Some(first) = members.first() else { return Ok(members) };
    let sum: Decimal = parts.iter().map(|part| part.weight).sum();
    let weighted: Decimal =
        members.iter().zip(&parts).map(|(one, part)| one.objective.ratio() * part.weight).sum();
    let objective =
        weighted.checked_div(sum).map(|mean| mean.round_dp(18)).and_then(Objective::new);
    let span = Some(document.objectives.span);
    let objective = objective.ok_or_else(|| Fault::new(span, "the weights leave no target"))?;
    let composite = Slo {
        id: document.name().to_owned(),
        title: document.title().to_owned(),
        objective,
        window: window.clone(),
        indicator: Indicator::Composite(parts),
        ..first.clone()
    };
    Ok([vec![composite], members].concat())
}

/// The weight of an objective, 1 where none is written.
pub(crate) fn weight(objective: &Written) -> Result<Decimal, Fault> {
    let Some(written) = &objective.composite_weight else { return Ok(Decimal::ONE) };
    decimal(written.value)
        .filter(|weight| *weight > Decimal::ZERO && *weight < Decimal::from(1_000_000))
        .ok_or_else(|| Fault::new(Some(written.span), format!("`{}` is no weight", written.value)))
}
