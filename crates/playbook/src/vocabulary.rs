//! The vocabulary: every kind that files may declare and every rule that must hold.
//!
//! Each seat's crate adds its own (`org::vocabulary(Vocabulary::new())`); the binary composes them.

use std::sync::OnceLock;

use diag::RuleInfo;

use crate::codes::codes;
use crate::kind::{Bare, DocumentKind, Foreign, Kind, KindInfo};
use crate::rule::Rule;

/// The `apiVersion` of our own kinds.
pub(crate) const API_VERSION: &str = "council/v1";

/// Kinds and rules, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    kinds: Vec<KindInfo>,
    rules: Vec<&'static Rule>,
    /// Pages of codes that other checks than the playbook's report.
    pages: Vec<&'static RuleInfo>,
    /// Schemas of the kinds in their order, made when the first broken document is met.
    pub(crate) made_schemas: OnceLock<Vec<serde_json::Value>>,
}

impl Vocabulary {
    /// Makes an empty vocabulary.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind of our own.
    #[must_use]
    pub fn kind<K: Kind>(self) -> Self {
        self.add(KindInfo::native::<K>())
    }

    /// Adds a foreign document that is read as it stands.
    #[must_use]
    pub fn foreign<F: Foreign>(self) -> Self {
        self.add(KindInfo::foreign::<F>())
    }

    /// Adds a kind whose resources are Markdown files.
    #[must_use]
    pub fn document<D: DocumentKind>(self) -> Self {
        self.add(KindInfo::document::<D>())
    }

    fn add(mut self, kind: KindInfo) -> Self {
        self.kinds.push(kind);
        self.made_schemas = OnceLock::new();
        self
    }

    /// Adds rules.
    #[must_use]
    pub fn rules(mut self, rules: &[&'static Rule]) -> Self {
        self.rules.extend_from_slice(rules);
        self
    }

    /// Adds pages of codes that are reported by other checks, such as that of a pull request, so that they are
    /// explained like all others.
    #[must_use]
    pub fn pages(mut self, pages: &[&'static RuleInfo]) -> Self {
        self.pages.extend_from_slice(pages);
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

    /// Every code that a check may report, with its page: the reader's own, the rules' and other checks', by code.
    pub fn rules_info(&self) -> Vec<RuleInfo> {
        let rules = self.rules.iter().map(|rule| rule.info);
        let pages = codes().iter().chain(&self.pages).map(|info| **info);
        let mut all: Vec<RuleInfo> = pages.chain(rules).collect();
        all.sort_by_key(|info| info.code);
        all
    }

    /// Finds the kind of a document without an envelope, by what `text_at` reads below a key.
    pub(crate) fn find_bare<'t>(
        &self,
        text_at: impl Fn(&str) -> Option<&'t str>,
    ) -> Option<(&KindInfo, Bare)> {
        self.kinds.iter().find_map(|kind| {
            let bare = kind.bare.filter(|bare| text_at(bare.key) == Some(bare.value))?;
            Some((kind, bare))
        })
    }

    /// Finds the kind of an envelope.
    pub fn find(&self, api_version: &str, name: &str) -> Option<&KindInfo> {
        self.kinds.iter().find(|kind| kind.api_version == api_version && kind.name == name)
    }
}
