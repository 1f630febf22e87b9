//! The vocabulary: every kind that files may declare and every rule that must hold.
//!
//! Each seat's crate adds its own (`org::vocabulary(Vocabulary::new())`); the binary composes them.

use crate::kind::{DocumentKind, Foreign, Kind, KindInfo};
use crate::rule::Rule;

/// The `apiVersion` of our own kinds.
pub const API_VERSION: &str = "council/v1";

/// Kinds and rules, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    kinds: Vec<KindInfo>,
    rules: Vec<&'static Rule>,
}

impl Vocabulary {
    /// Makes an empty vocabulary.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind of our own.
    #[must_use]
    pub fn kind<K: Kind>(mut self) -> Self {
        self.kinds.push(KindInfo::native::<K>());
        self
    }

    /// Adds a foreign document that is read as it stands.
    #[must_use]
    pub fn foreign<F: Foreign>(mut self) -> Self {
        self.kinds.push(KindInfo::foreign::<F>());
        self
    }

    /// Adds a kind whose resources are Markdown files.
    #[must_use]
    pub fn document<D: DocumentKind>(mut self) -> Self {
        self.kinds.push(KindInfo::document::<D>());
        self
    }

    /// Adds rules.
    #[must_use]
    pub fn rules(mut self, rules: &[&'static Rule]) -> Self {
        self.rules.extend_from_slice(rules);
        self
    }

    /// All kinds.
    pub fn kinds(&self) -> &[KindInfo] {
        &self.kinds
    }

    /// All rules.
    pub fn all_rules(&self) -> &[&'static Rule] {
        &self.rules
    }

    /// Finds the kind of an envelope.
    pub fn find(&self, api_version: &str, name: &str) -> Option<&KindInfo> {
        self.kinds.iter().find(|kind| kind.api_version == api_version && kind.name == name)
    }
}
