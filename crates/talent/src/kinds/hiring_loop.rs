//! Hiring loop: the conversations that every candidate has.

use org::kinds::Seat;
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Level;

/// A hiring loop: the conversations that every candidate for a role has, in order.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: HiringLoop
/// metadata:
///   name: standard
/// spec:
///   stages:
///     - { title: Introduction, takes: 30m }
///     - { title: Technical screen, style: "Practical, from a real situation.", takes: 60m, led_by: principal-sre }
///   levels: [sre-2]
///   owner: talent-culture
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HiringLoop {
    /// The conversations, in order.
    pub stages: Vec<Stage>,
    /// The levels that it hires for; none means all.
    #[serde(default)]
    pub levels: Vec<Ref<Level>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// One conversation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// What it is called.
    pub title: Spanned<String>,
    /// How it is held.
    pub style: Option<String>,
    /// What is to be found out.
    #[serde(default)]
    pub looks_for: Vec<String>,
    /// How long it takes.
    pub takes: Option<Period>,
    /// Who leads it.
    pub led_by: Option<Ref<Seat>>,
}

playbook::kind!(HiringLoop, "hiring-loop");
