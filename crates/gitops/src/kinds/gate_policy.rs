//! Gate policy: the times and thresholds by which every change is judged.

use governance::kinds::DecisionType;
use org::kinds::Seat;
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A gate policy: how long approvals last, how old an observation may be, and what holds changes.
///
/// A playbook has at most one. Without one, the values shown here hold.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: GatePolicy
/// metadata:
///   name: gate
/// spec:
///   approvals_last: 72h
///   observe_within: 1h
///   budget_spent_passes: [a]
///   holding_severities: [sev-1]
///   break_glass_review_within: 72h
///   guardrails: ["policies/**/*.rego"]
///   alertmanager: http://localhost:9093
///   time_limits:
///     planned: 14d
///     awaiting_approval: 72h
///     approved: 24h
///     applying: 2h
///     verifying: 30m
///   owner: automation-gitops
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GatePolicy {
    /// How long an approval counts.
    pub approvals_last: Period,
    /// How old an observation may be when a plan that rests on it is applied.
    pub observe_within: Period,
    /// The decision types that pass while a service has spent its error budget: reliability work.
    pub budget_spent_passes: Vec<Ref<DecisionType>>,
    /// Severities whose open incidents hold changes, by name.
    pub holding_severities: Vec<String>,
    /// How soon the use of break-glass is reviewed.
    pub break_glass_review_within: Period,
    /// Rego files with guardrails, as globs from the playbook's root; those built in always hold.
    pub guardrails: Vec<Spanned<String>>,
    /// The address of the Alertmanager in which changes silence alerts while they are applied.
    pub alertmanager: Option<String>,
    /// How long a change may stay in each stage before that is shown as too long.
    pub time_limits: TimeLimits,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// How long a change may stay in a stage; reaching a limit is shown, nothing happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TimeLimits {
    /// Written, without a plan.
    pub draft: Period,
    /// Planned, and nobody was asked to approve it.
    pub planned: Period,
    /// Waiting for approvals.
    pub awaiting_approval: Period,
    /// Approved, and nobody applies it.
    pub approved: Period,
    /// Being applied.
    pub applying: Period,
    /// Applied, and not seen to work.
    pub verifying: Period,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            // Whoever has not gone on for two weeks will not.
            draft: Period::days(14),
            planned: Period::days(14),
            // As long as a council's lazy consensus usually takes.
            awaiting_approval: Period::hours(72),
            // The world moves on: what waits a day is planned again.
            approved: Period::hours(24),
            applying: Period::hours(2),
            verifying: Period::seconds(1_800),
        }
    }
}

impl Default for GatePolicy {
    fn default() -> Self {
        Self {
            approvals_last: Period::hours(72),
            observe_within: Period::hours(1),
            budget_spent_passes: Vec::new(),
            holding_severities: vec!["sev-1".to_owned()],
            // A weekend may lie between, and people must still remember.
            break_glass_review_within: Period::hours(72),
            guardrails: Vec::new(),
            alertmanager: None,
            time_limits: TimeLimits::default(),
            owner: None,
        }
    }
}

playbook::kind!(GatePolicy, "gate-policy");
