//! A row of the RACI matrix.

use org::{Covers, Holder, Listener};
use playbook::{OneOf, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An area of responsibility: who does it, who answers for it, who is consulted, who is told.
///
/// Exactly one is accountable; several may be responsible. Everybody is named with their kind:
/// `seat/…`, `office/…` (a position outside the council), `team/…`, `person/…`, and, for those who are
/// only consulted or told, `audience/…` ("everyone", "all product teams").
///
/// ```yaml
/// apiVersion: council/v1
/// kind: RaciArea
/// metadata:
///   name: virtualization
///   title: Virtualization platform choices
/// spec:
///   responsible: [seat/platform]
///   accountable: [seat/principal-sre]
///   consulted: [seat/network-security]
///   informed: [audience/everyone]
///   topics: [virtualization, openstack]
///   covers:
///     paths: ["platform/**"]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaciArea {
    /// Its place in the matrix: rows are listed by it, then by name.
    #[serde(default)]
    pub order: Option<u32>,
    /// R: who does the work.
    #[serde(default)]
    pub responsible: Vec<OneOf<Holder>>,
    /// A: who answers for it; exactly one.
    #[serde(default)]
    pub accountable: Spanned<Vec<OneOf<Holder>>>,
    /// C: who is asked before.
    #[serde(default)]
    pub consulted: Vec<OneOf<Listener>>,
    /// I: who is told after.
    #[serde(default)]
    pub informed: Vec<OneOf<Listener>>,
    /// Words by which the area is found.
    #[serde(default)]
    pub topics: Vec<Spanned<String>>,
    /// Files, kinds and topics of the area.
    #[serde(default)]
    pub covers: Covers,
    /// Anything worth knowing.
    #[serde(default)]
    pub notes: Option<String>,
}

impl RaciArea {
    /// Everything the area is about: `covers` with `topics` among them.
    pub fn subjects(&self) -> Covers {
        let mut covers = self.covers.clone();
        covers.topics.extend(self.topics.iter().cloned());
        covers
    }
}

kind!(RaciArea, "raci-area");
