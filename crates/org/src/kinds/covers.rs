//! Which subjects something answers for.

use playbook::Spanned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which subjects a seat, a decision type or an area answers for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Covers {
    /// Files, as globs from the root of their repository: `network/**`, `**/*.rules`, `docs/slo-?.md`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<Spanned<String>>,
    /// Kinds of resources, as in references: `site`, `service`, `seat`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Spanned<String>>,
    /// Words that people use: `vlan`, `gpu quota`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Spanned<String>>,
}

impl Covers {
    /// Says whether it names nothing at all.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.kinds.is_empty() && self.topics.is_empty()
    }
}
