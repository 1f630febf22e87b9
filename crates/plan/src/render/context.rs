//! What the screen shows and the plan does not know: freezes, budgets, approvers, redundancy. Plain data from the caller.

use serde::{Deserialize, Serialize};

/// What stands around a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Who must agree, and where that stands.
    pub needs: Vec<Need>,
    /// Freezes that hold it, in sentences; empty when there are none.
    pub freezes: Vec<String>,
    /// Error budgets of the services that it touches.
    pub budgets: Vec<Budget>,
    /// What is known about the blast beyond the plan: `lab loses redundancy while rack 12 restarts`.
    pub blast: Vec<String>,
    /// What the gate says, in a sentence.
    pub verdict: Option<String>,
    /// How to see what the screen cuts, such as `council change show CHG-2026-0007 --steps`; empty to say nothing.
    pub drill_down: String,
    /// The currency of costs, such as `EUR`.
    pub currency: String,
}

/// Somebody who must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Who: `seat/network`.
    pub who: String,
    /// Where that stands: `approved by ana`, `waiting since Monday`.
    pub state: String,
    /// Whether that is settled.
    pub met: bool,
}

/// The error budget of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The service.
    pub service: String,
    /// What is left, as a person would say it: `62 %`, `unknown since Friday`.
    pub left: String,
    /// Whether that holds the plan.
    pub exhausted: bool,
}
