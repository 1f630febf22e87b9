//! Change rule: which decision type a change is, by what it touches.

use governance::kinds::{Agree, DecisionType};
use org::kinds::{Environment, Seat, Service, Site};
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Target;

/// A change rule: changes that touch this are decisions of that type.
///
/// A rule fits a change when every field of `touches` that is filled in meets something of the change:
/// one of its files, kinds, steps, environments and so on. All rules that fit count, and when none
/// does the `covers` of the decision types do.
///
/// Without `agree` the decision type's own rule holds: its primary seats agree as they do to a
/// decision. `agree: {at-least: 1}` is for everyday work: then the seats that are responsible or
/// accountable for what is touched (by RACI) may approve it as well, and so many of all of them are
/// enough. Of several rules for one type the strictest holds. `also` names seats whose approval is
/// needed besides.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: ChangeRule
/// metadata:
///   name: destroy-in-production
/// spec:
///   touches: { actions: [destroy, replace], environments: [production] }
///   decision_type: b
///   also: [observability-incidents]
///   because: What is gone in production is gone for customers.
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRule {
    /// What a change must touch.
    pub touches: Spanned<Touches>,
    /// The type of decision that it is then.
    pub decision_type: Ref<DecisionType>,
    /// How many must approve, when it is not the decision type's own rule.
    #[serde(default)]
    pub agree: Option<Agree>,
    /// Seats whose approval is needed besides.
    #[serde(default)]
    pub also: Vec<Ref<Seat>>,
    /// Why, for whoever waits.
    #[serde(default)]
    pub because: Option<String>,
}

/// What a change must touch; fields that are left out do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Touches {
    /// Files, as globs from the root of their repository.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Kinds of the playbook's resources, as in references: `vlan`.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// What a step does.
    #[serde(default)]
    pub actions: Vec<StepAction>,
    /// Environments.
    #[serde(default)]
    pub environments: Vec<Ref<Environment>>,
    /// Sites.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// Targets.
    #[serde(default)]
    pub targets: Vec<Ref<Target>>,
    /// Services.
    #[serde(default)]
    pub services: Vec<Ref<Service>>,
    /// More cost a month than this, in whole units of the organization's currency.
    #[serde(default)]
    pub monthly_cost_above: Option<u64>,
}

/// What a step of a plan does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum StepAction {
    /// Makes something new.
    Create,
    /// Changes it in place.
    Update,
    /// Makes it anew in place of the old one.
    Replace,
    /// Takes it away.
    Destroy,
    /// Runs something.
    Run,
}

impl StepAction {
    /// How people say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Destroy => "destroy",
            Self::Run => "run",
        }
    }
}

impl Touches {
    /// Says whether it names nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

playbook::kind!(ChangeRule, "change-rule");
