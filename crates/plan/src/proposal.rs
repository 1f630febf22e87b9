//! Steps that an outside tool has planned itself: Terraform's changes, the tasks that Ansible would change.
//!
//! They join the plan beside our own steps, under the same gate and in the same order. The tool carries all of them out
//! at once, so they name the step that does: the one that runs the saved plan.

use crate::artefacts::Artefacts;
use crate::digest::Digest;
use crate::resource::{Marks, ResourceId};
use crate::step::{Action, FieldChange};

/// A step that somebody else has planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What it changes.
    pub resource: ResourceId,
    /// How.
    pub action: Action,
    /// What will be different; secrets already redacted.
    pub fields: Vec<FieldChange>,
    /// The bytes that carry it out, such as a saved plan file.
    pub payload: Option<Digest>,
    /// How it can be taken back; none if it cannot.
    pub undo: Option<Action>,
    /// The proposal that carries this one out with it.
    pub carried_by: Option<ResourceId>,
    /// Labels, failure domain, dependencies, cost.
    pub marks: Marks,
}

/// What a tool proposes, and the bytes that carry it out.
#[derive(Debug, Clone, Default)]
pub struct Proposed {
    /// The steps; none when nothing would change.
    pub proposals: Vec<Proposal>,
    /// The bytes that they name.
    pub artefacts: Artefacts,
}

impl Proposal {
    /// A proposal without details.
    #[must_use]
    pub fn new(resource: ResourceId, action: Action) -> Self {
        Self {
            resource,
            action,
            fields: Vec::new(),
            payload: None,
            undo: None,
            carried_by: None,
            marks: Marks::default(),
        }
    }
}
