//! Escalation policy: who is told, and who next when nobody answers.

use org::kinds::Seat;
use playbook::{OneOf, Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

playbook::family!(
    /// Who can be told that something is wrong.
    pub Responder = "schedule" | "seat" | "team" | "person"
);

playbook::family!(
    /// For what an escalation policy can be meant.
    pub Escalated = "service" | "team" | "seat"
);

/// An escalation policy: who is told first, and who next when nobody has acknowledged in time.
///
/// A schedule means whoever is on call; a seat means who acts for it today, and `backups_of` its
/// backup; a team means everybody in it. When the last step has waited in vain, the steps begin
/// again, `repeat` times. A service is served by the policy that names it, else by the one that names
/// its owner, else by the one that is the `default`.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: EscalationPolicy
/// metadata:
///   name: platform
/// spec:
///   default: true
///   steps:
///     - { notify: [schedule/platform-primary], wait: 5m }
///     - { backups_of: [observability-incidents], wait: 10m }
///     - { notify: [team/platform], wait: 15m }
///   repeat: 2
///   owner: observability-incidents
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationPolicy {
    /// The services, teams and seats that it serves.
    #[serde(default, rename = "for")]
    pub serves: Vec<OneOf<Escalated>>,
    /// Whether it serves whatever no other policy does.
    #[serde(default)]
    pub default: bool,
    /// The steps, in order.
    pub steps: Spanned<Vec<EscalationStep>>,
    /// How often the steps begin again.
    #[serde(default)]
    pub repeat: u32,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// One step of an escalation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationStep {
    /// Who is told.
    #[serde(default)]
    pub notify: Vec<OneOf<Responder>>,
    /// The seats whose backups are told.
    #[serde(default)]
    pub backups_of: Vec<Ref<Seat>>,
    /// How long to wait for somebody to acknowledge, before the next step.
    pub wait: Spanned<Period>,
}

playbook::kind!(EscalationPolicy, "escalation-policy");
