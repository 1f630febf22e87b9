//! Service level objectives, whatever they were written in: one value from which rules are rendered and
//! budgets are computed.
//!
//! [`lower`] reads the whole playbook: OpenSLO documents with inline and named indicators, and Sloth
//! specs. What cannot be lowered is listed with its reason, never dropped in silence.
//!
//! Invariants: pure; targets, budgets and burn rates are decimal numbers, so 99.9 % leaves exactly 0.001
//! and not what binary fractions make of it; ids are unique.
//!
//! Absent on purpose: what is measured. Samples are asked for elsewhere and judged in `budget`.

mod alert;
pub mod budget;
mod burning;
mod indicator;
mod lower;
mod minutes;
mod numbers;
mod own;
mod query;
mod template;
mod window;

pub use alert::{AlertRule, Branch, Held, standard_alerts};
pub use burning::{Burning, burning};
pub use indicator::{Counted, Indicator, Member};
pub use lower::{Lowered, Skipped, Told, lower};
pub use minutes::Minutes;
pub use numbers::{BurnRate, ErrorBudget, Objective};
pub use own::{Bearer, Matcher, Own, Selection, Wanted};
pub(crate) use query::{Asked, Role, all_queries};
pub use template::{Per, Template};
pub use window::{Window, WindowFault};
pub(crate) use window::{civil, is_ambiguous};

use std::collections::BTreeMap;

/// One objective with its indicator, window and alerts.
#[derive(Clone, Debug, PartialEq)]
pub struct Slo {
    /// The value of the label `slo`, unique in the playbook.
    pub id: String,
    /// The service that it is about.
    pub service: String,
    /// The name that people read.
    pub title: String,
    /// What it promises.
    pub description: Option<String>,
    /// The reference of the document that it was written in, such as `slo/checkout`.
    pub source: String,
    /// How much must be good.
    pub objective: Objective,
    /// Over which time.
    pub window: Window,
    /// How it is measured.
    pub indicator: Indicator,
    /// When it alerts.
    pub alerts: Vec<AlertRule>,
    /// Alerts that are left out, with reasons.
    pub held: Vec<Held>,
    /// Labels of every series and alert.
    pub labels: BTreeMap<String, String>,
    /// The page that says what to do when it alerts.
    pub runbook: Option<String>,
    /// How many events a long window must have seen before it may alert.
    pub minimum_events: u32,
}

impl Slo {
    /// Under which name council keeps the counts of it; nothing where somebody else measures.
    #[must_use]
    pub fn counted_as(&self) -> Option<String> {
        match &self.indicator {
            Indicator::Own(own) => Some(own.key(&self.id)),
            _ => None,
        }
    }
}
