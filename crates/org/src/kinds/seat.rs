//! A seat at the council's table.

use playbook::{Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Covers, Person};

/// A clearly defined responsibility at the council's table.
///
/// One person may hold several seats, and a seat may be empty: it is a responsibility all the same,
/// and the gap is shown with what it puts at risk. The backup decides while the primary is away or
/// after they left. A seat with `active_when` sits at the table only while that condition of the
/// organization holds.
///
/// `topics` and `covers` are how `council who` finds the seat: words, files and kinds of resources.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Seat
/// metadata:
///   name: principal-sre
///   title: Principal SRE
/// spec:
///   short: Principal SRE
///   order: 1
///   owns: End-to-end architecture and reliability.
///   focus: [Provisioning, Image lifecycle, Failure modes of several sites]
///   topics: [bare metal, provisioning, disaster recovery]
///   covers:
///     paths: ["machines/**"]
///     kinds: [site]
///   primary: ana
///   backup: ben
///   notes: Ben takes over while Ana travels.
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// A short name for tables, such as `Network/Sec`.
    #[serde(default)]
    pub short: Option<String>,
    /// Its place at the table: seats are listed by it, then by name.
    #[serde(default)]
    pub order: Option<u32>,
    /// What it owns, in a sentence.
    pub owns: String,
    /// What it looks at most.
    #[serde(default)]
    pub focus: Vec<String>,
    /// Words by which it is found.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Files, kinds and topics that it answers for.
    #[serde(default)]
    pub covers: Covers,
    /// Who holds it.
    #[serde(default)]
    pub primary: Option<Ref<Person>>,
    /// Who stands in.
    #[serde(default)]
    pub backup: Option<Ref<Person>>,
    /// The condition of the organization under which it sits at the table.
    #[serde(default)]
    pub active_when: Option<Spanned<String>>,
    /// Anything worth knowing.
    #[serde(default)]
    pub notes: Option<String>,
}

kind!(Seat, "seat");
