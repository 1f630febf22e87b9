//! Postmortem template: what we write down after an incident.

use org::kinds::Seat;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A postmortem template: the parts of what we write down after an incident.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: PostmortemTemplate
/// metadata:
///   name: postmortem
/// spec:
///   blameless: true
///   due_business_days: 5
///   sections:
///     - { title: What happened, asks: "In three sentences, for somebody who was asleep." }
///     - { title: Follow-up actions, asks: What will be different?, each_has: [owner, due date] }
///   owner: observability-incidents
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostmortemTemplate {
    /// Whether it asks what happened and never whose fault it was.
    pub blameless: bool,
    /// Within how many business days it is written. Left out while nobody has decided.
    pub due_business_days: Option<Spanned<u32>>,
    /// The parts, in order.
    pub sections: Vec<PostmortemSection>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// One part of a postmortem.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostmortemSection {
    /// The heading.
    pub title: String,
    /// What it answers.
    pub asks: Option<String>,
    /// What each line in it must have.
    #[serde(default)]
    pub each_has: Vec<String>,
}

playbook::kind!(PostmortemTemplate, "postmortem-template");
