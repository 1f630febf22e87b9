//! Groups and rules as Prometheus' rule files have them.

use crate::slo::Minutes;

/// Rules that are evaluated one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name, unique in a file.
    pub name: String,
    /// How often.
    pub interval: Minutes,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether it records or alerts.
    pub kind: RuleKind,
    /// The query.
    pub expression: String,
    /// Labels, in order.
    pub labels: Vec<(String, String)>,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// It records a series.
    Record(String),
    /// It alerts.
    Alert {
        /// The alert's name.
        name: String,
        /// How long the query must hold.
        hold: Option<Minutes>,
        /// Annotations, in order.
        annotations: Vec<(String, String)>,
    },
}
