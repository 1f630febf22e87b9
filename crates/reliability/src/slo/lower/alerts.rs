//! The alerts of an OpenSLO document: its policies, or the standard ones where it has none.

use std::collections::BTreeMap;

use playbook::{Model, Typed};

use super::Fault;
use crate::kinds::openslo::{
    AlertCondition, AlertPolicy, ConditionEntry, Operator, PolicyEntry, Slo as Document,
};
use crate::slo::alert::{ALERT_NAME, never_fires};
use crate::slo::numbers::decimal;
use crate::slo::{AlertRule, Branch, BurnRate, Held, Minutes, Slo, standard_alerts};

/// Sets alerts and what is held back of them.
pub(super) fn set(
    slo: &mut Slo,
    document: Typed<'_, Document>,
    model: &Model,
) -> Result<(), Fault> {
    let policies = document.alert_policies.as_deref().unwrap_or_default();
    if policies.is_empty() {
        (slo.alerts, slo.held) = standard_alerts(slo.window.length(), slo.objective.budget());
        return Ok(());
    }
    for entry in policies {
        let span = Some(entry.span);
        let policy = policy(&entry.value, model)
            .ok_or_else(|| Fault::new(span, "no such alert policy was found"))?;
        for condition in &policy.conditions.value {
            let (name, condition) = self::condition(condition, model).ok_or_else(|| {
                Fault::new(span, "an alert condition of the policy was not found")
            })?;
            let rule = rule(&name, condition).map_err(|why| Fault::new(span, why))?;
            keep_or_hold(slo, rule);
        }
    }
    Ok(())
}

fn keep_or_hold(slo: &mut Slo, rule: AlertRule) {
    let budget = slo.objective.budget();
    match rule.branches.iter().find(|branch| !branch.can_fire(budget)) {
        Some(branch) => {
            let reason = never_fires(branch, budget);
            slo.held.push(Held { alert: format!("{}, {}", rule.severity, branch.long), reason });
        }
        None => slo.alerts.push(rule),
    }
}

/// The policy of an entry, wherever it stands.
pub(crate) fn policy<'m>(entry: &'m PolicyEntry, model: &'m Model) -> Option<&'m AlertPolicy> {
    let named = match entry {
        PolicyEntry::Named(name) => name,
        PolicyEntry::InPlace(policy) => match (&policy.alert_policy_ref, &policy.spec) {
            (_, Some(spec)) => return Some(spec),
            (Some(name), None) => name,
            (None, None) => return None,
        },
    };
    model.follow(named).map(|policy| policy.spec)
}

/// The condition of an entry with its name, wherever it stands.
pub(crate) fn condition<'m>(
    entry: &'m ConditionEntry,
    model: &'m Model,
) -> Option<(String, &'m AlertCondition)> {
    if let Some(spec) = &entry.spec {
        let name = entry.metadata.as_ref().map_or("burn", |metadata| &metadata.name);
        return Some((name.to_owned(), spec));
    }
    let found = model.follow(entry.condition_ref.as_ref()?)?;
    Some((found.name().to_owned(), found.spec))
}

/// One condition as a rule.
pub(crate) fn rule(name: &str, written: &AlertCondition) -> Result<AlertRule, String> {
    let condition = &written.condition;
    let burn = decimal(condition.threshold.value).and_then(BurnRate::new);
    let burn = burn
        .ok_or_else(|| format!("a burn rate of `{}` is no threshold", condition.threshold.value))?;
    let comparison = match condition.op {
        Some(Operator::Gt) => ">",
        Some(Operator::Gte) | None => ">=",
        Some(Operator::Lt | Operator::Lte) => {
            return Err(format!("the condition `{name}` alerts while the budget does not burn"));
        }
    };
    let minutes = |length: crate::kinds::openslo::SloDuration| {
        length.minutes().map(Minutes::of).ok_or_else(|| {
            format!("`{length}` has no fixed length; write it in minutes, hours, days or weeks")
        })
    };
    let long = minutes(condition.lookback_window)?;
    Ok(AlertRule {
        name: ALERT_NAME.to_owned(),
        severity: written.severity.clone(),
        branches: vec![Branch { burn, comparison, long, short: None }],
        hold: Some(minutes(condition.alert_after)?),
        labels: BTreeMap::from([("condition".to_owned(), name.to_owned())]),
        annotations: BTreeMap::new(),
    })
}
