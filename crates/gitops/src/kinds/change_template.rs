//! Change template: what the description of a change must say.

use playbook::Spanned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A change template: the parts that the description of a change has.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: ChangeTemplate
/// metadata:
///   name: infrastructure
/// spec:
///   sections:
///     - { title: Description, asks: What changes and why? }
///     - { title: Risk, asks: "What can go wrong, and who would notice?" }
///     - { title: Rollback, asks: How do we get back? }
///     - { title: Evidence, asks: What was tried?, required: false }
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTemplate {
    /// The parts, in order.
    pub sections: Vec<TemplateSection>,
}

/// One part of a description.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateSection {
    /// The heading.
    pub title: Spanned<String>,
    /// What the author answers there.
    pub asks: String,
    /// Whether a change without it waits.
    #[serde(default = "yes")]
    pub required: bool,
}

fn yes() -> bool {
    true
}

playbook::kind!(ChangeTemplate, "change-template");
