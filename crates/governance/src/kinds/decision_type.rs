//! A decision type: who must agree to a certain sort of decision, and by which rule.

use org::Covers;
use org::kinds::Seat;
use playbook::{Period, Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A type of decisions: what it is about, who must agree, who is consulted, and by which rule.
///
/// A decision names its type, and from the type follows the panel: each seat of `primaries` has one
/// vote. `rule.agree` says how many of them must agree: `all`, or `{at-least: 2}`. With
/// `lazy_consensus_after`, a seat that has said nothing by then counts as agreeing. Whatever the rule,
/// the author alone never carries a decision: somebody else must have agreed.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: DecisionType
/// metadata:
///   name: b
///   title: Architecture & Platform
/// spec:
///   letter: B
///   scope: What we build on, and how it fits together.
///   examples: [Which virtualization a new workload runs on]
///   primaries: [principal-sre, platform]
///   consulted: [network-security]
///   rule: {agree: all, lazy_consensus_after: 72h}
///   consult_within: 48h
///   covers:
///     paths: ["platform/**"]
///     kinds: [site]
///     topics: [openstack, proxmox]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionType {
    /// The letter that people say: "a type B decision".
    #[serde(default)]
    pub letter: Option<String>,
    /// What such decisions are about.
    pub scope: String,
    /// Decisions of this type, for orientation.
    #[serde(default)]
    pub examples: Vec<String>,
    /// The seats that must agree, each with one vote.
    #[serde(default)]
    pub primaries: Spanned<Vec<Ref<Seat>>>,
    /// The seats that are asked before.
    #[serde(default)]
    pub consulted: Vec<Ref<Seat>>,
    /// How many of the primaries must agree, and by when silence counts as agreement.
    #[serde(default)]
    pub rule: AgreementRule,
    /// How long those consulted have to answer, from the proposal on. Without it nobody is waited for.
    #[serde(default)]
    pub consult_within: Option<Spanned<Period>>,
    /// Which subjects need a decision of this type.
    #[serde(default)]
    pub covers: Covers,
}

/// By which rule a proposal is accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementRule {
    /// How many of the primary seats must agree.
    #[serde(default)]
    pub agree: Spanned<Agree>,
    /// After how long the silence of a primary seat counts as agreement. Without it, silence never does.
    #[serde(default)]
    pub lazy_consensus_after: Option<Spanned<Period>>,
}

/// How many of the primary seats must agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Agree {
    /// Every one that does not abstain.
    #[default]
    All,
    /// At least so many of them.
    AtLeast(u32),
}

impl DecisionType {
    /// Its name with the letter in front, as people say it: "Type B: Architecture & Platform".
    pub fn label(&self, title: &str) -> String {
        match &self.letter {
            Some(letter) => format!("Type {letter}: {title}"),
            None => title.to_owned(),
        }
    }
}

kind!(DecisionType, "decision-type");
