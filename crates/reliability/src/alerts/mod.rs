//! Alerts: what they are, whom they are for, and what keeps them quiet.
//!
//! ```text
//! posted ─ Intake ─▶ what changed ─ record::alert ─▶ fired · resolved
//!                                        │ settle: Routing, Silences, inhibition, times
//!                                        ▼
//!                                   held back, or told: a group of alerts, once
//! ```
//!
//! An alert is its labels; a [`Fingerprint`] is computed from them as Prometheus does. [`Matcher`]s are Alertmanager's, so
//! that whoever knows one knows ours. [`Routing`] follows from the ownership graph: the label `service` names a service, its
//! owner has an escalation policy, the label `severity` names a category; the playbook only says what differs from that.
//!
//! Invariants: pure, no clock; an alert that nobody is responsible for is still somebody's; an alert sent again changes
//! nothing. Absent on purpose: who is told in the end and by which channel, which is the escalation policy's.

mod glance;
mod hold;
mod index;
mod intake;
mod labels;
mod limits;
mod matcher;
mod parse;
mod routing;
mod times;

pub use glance::{Glance, glance};
pub use hold::{Held, Holding};
pub use index::{Compiled, Silences};
pub use intake::{Intake, Posted, Sifted};
pub use labels::{BadLabels, Fingerprint, Labels};
pub use limits::*;
pub use matcher::{Matcher, Operator};
pub use parse::{BadMatcher, parse_matchers};
pub use routing::{Route, Routing};
