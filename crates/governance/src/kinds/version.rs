//! A named version of the playbook: a row of its changelog.

use jiff::civil::Date;
use playbook::{Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A named version of the playbook, as a row of its changelog.
///
/// The changelog of the living document lists these, newest first, with the revisions between them.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Version
/// metadata:
///   name: v0.1
/// spec:
///   version: v0.1
///   date: 2026-11-02
///   summary: The first council-based structure.
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The version as people write it: numbers with dots, a `v` in front if you like.
    pub version: Spanned<String>,
    /// The day of its release; left out while it is in the making.
    #[serde(default)]
    pub date: Option<Spanned<Date>>,
    /// What changed, in a sentence or two.
    pub summary: String,
}

impl Version {
    /// The numbers of a version, for ordering: `v0.10.1` is `[0, 10, 1]`; anything that is no number
    /// (the `x` of `v0.x`) ends the list.
    pub fn numbers(&self) -> Vec<u64> {
        let text = self.version.value.trim_start_matches(['v', 'V']);
        text.split('.').map_while(|part| part.parse().ok()).collect()
    }
}

kind!(Version, "version");
