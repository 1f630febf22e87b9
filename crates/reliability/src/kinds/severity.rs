//! Severity: how bad an incident is, and what follows from that.

use org::kinds::Seat;
use playbook::{OneOf, Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AlertCategory, EscalationPolicy, Settlement};

/// An incident severity: how bad it is, how fast we answer, who is told.
///
/// A severity is only useful when two people who read it at three in the morning choose the same
/// one. So examples and response times are expected, and each that is missing shows as a gap.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Severity
/// metadata:
///   name: sev-1
///   title: SEV-1
/// spec:
///   level: 1
///   meaning: Users cannot use a critical service, or data is being lost.
///   examples: [Nobody can pay., A site is down.]
///   respond_within: 15m
///   update_every: 30m
///   category: page
///   postmortem: true
///   proposed_when: { burn_rate: 14, critical_services: 1 }
///   checklist:
///     - Name an Incident Commander.
///     - Tell customers within half an hour.
///   owner: observability-incidents
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Severity {
    /// 1 is the worst.
    pub level: Spanned<u32>,
    /// What it means. Left out while nobody has decided.
    pub meaning: Option<String>,
    /// What would be one.
    #[serde(default)]
    pub examples: Vec<String>,
    /// How soon somebody works on it.
    pub respond_within: Option<Spanned<Period>>,
    /// How often those concerned hear something.
    pub update_every: Option<Spanned<Period>>,
    /// What it asks of people.
    pub category: Option<Ref<AlertCategory>>,
    /// Whether there is a postmortem afterwards.
    pub postmortem: Option<bool>,
    /// Who is told, step by step, beside those that the service itself calls.
    pub escalation: Option<Ref<EscalationPolicy>>,
    /// What has to be done in such an incident, in order.
    #[serde(default)]
    pub checklist: Vec<String>,
    /// What makes an incident be proposed as one; left out, nobody proposes it.
    pub proposed_when: Option<ProposedWhen>,
    /// Where an open matter is or was settled.
    pub settled_by: Option<OneOf<Settlement>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// What makes an incident be proposed as one of a severity; each condition is enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposedWhen {
    /// The error budget burns at least so many times too fast.
    pub burn_rate: Option<u32>,
    /// So many critical services are hurt, counting those that depend on the broken one.
    pub critical_services: Option<u32>,
    /// So many services of any tier are hurt, counting those that depend on the broken one.
    pub services: Option<u32>,
}

playbook::kind!(Severity, "severity");
