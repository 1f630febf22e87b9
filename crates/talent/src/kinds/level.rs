//! Level: a step of a career, and what is expected there.

use playbook::Spanned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A level: a step of a career, and what is expected of somebody who stands on it.
///
/// Levels of one ladder are ordered by rank. A level whose responsibilities nobody has written down
/// shows as a gap.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Level
/// metadata:
///   name: sre-2
///   title: SRE II
/// spec:
///   ladder: SRE
///   rank: 2
///   responsibilities:
///     - Runs a change of one domain alone, from description to rollback plan.
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The ladder that it is a step of.
    pub ladder: String,
    /// Its place on the ladder, from 1.
    pub rank: Spanned<u32>,
    /// Examples of what is expected.
    #[serde(default)]
    pub responsibilities: Vec<String>,
}

playbook::kind!(Level, "level");
