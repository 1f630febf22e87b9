//! Guide: a document that somebody reads to get something done.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A guide: a document that users read to get something done.
///
/// One guide is the entrance: the one address that everybody is told.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Guide
/// metadata:
///   name: how-to-use-the-platform
///   title: How to use the platform
/// spec:
///   purpose: Leads a new colleague from the first sign-in to the first deployment.
///   entrance: true
///   path: document/how-to-use-the-platform.md
///   owner: developer-experience
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// What the reader can do afterwards.
    pub purpose: String,
    /// Whether it is the single entrance to all documentation.
    #[serde(default)]
    pub entrance: bool,
    /// Where it stands in the playbook. Left out while it is not written.
    pub path: Option<String>,
    /// Where it stands elsewhere.
    pub url: Option<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(Guide, "guide");
