//! A step before it has a number, and the planner's work in progress.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::held::{Held, Reason};
use crate::resource::{Micros, ResourceId};
use crate::step::{Action, FieldChange, Reverts};

/// What the passes hand on.
#[derive(Debug, Default)]
pub(crate) struct Work<'a> {
    /// Steps to be, by resource. A draft is large and changes hands often, hence the box.
    pub(super) drafts: BTreeMap<ResourceId, Box<Draft<'a>>>,
    /// What is left alone.
    pub(crate) held: Vec<Held>,
    /// What is desired and needs no step, or is held: it stands, or will be dealt with later.
    pub(super) desired: BTreeMap<&'a ResourceId, &'a BTreeSet<ResourceId>>,
    /// How many resources each target is known to have.
    pub(super) known: BTreeMap<&'a str, usize>,
}

impl Work<'_> {
    /// Takes a draft away and says why.
    pub(crate) fn hold(&mut self, resource: &ResourceId, reason: Reason, text: String) {
        if let Some(draft) = self.drafts.remove(resource) {
            let resource = resource.clone();
            self.held.push(Held { resource, would: Some(draft.action), reason, text });
        }
    }
}

/// A step without a number.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) action: Action,
    pub(super) fields: Vec<FieldChange>,
    pub(super) payload: Option<Digest>,
    pub(super) undo: Option<Action>,
    pub(super) disruptive: bool,
    pub(super) failure_domain: Option<String>,
    pub(super) waits_for: Cow<'a, BTreeSet<ResourceId>>,
    pub(super) carried_by: Option<ResourceId>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) cost_delta: Option<Micros>,
    pub(super) quota_delta: BTreeMap<String, i64>,
    pub(super) reverts: Option<Reverts>,
    pub(super) likeness: Likeness,
}

impl Work<'_> {
    /// Whether something would be done to a resource.
    pub(crate) fn is_drafted(&self, resource: &ResourceId) -> bool {
        self.drafts.contains_key(resource)
    }

    /// Notes that what is done to a resource takes an earlier step back.
    pub(crate) fn revert(&mut self, resource: &ResourceId, reverts: Reverts) {
        if let Some(draft) = self.drafts.get_mut(resource) {
            draft.reverts = Some(reverts);
        }
    }
}

impl Draft<'_> {
    /// Whether this plan takes something away. What a tool takes away was judged by the tool, and comes or stays with
    /// the step that carries it.
    pub(super) fn is_destroy(&self) -> bool {
        self.action == Action::Destroy && self.carried_by.is_none()
    }
}

/// What a rename is recognized by: kept for makes and destroys only.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Likeness {
    /// The name before, as the playbook says.
    pub(super) renamed_from: Option<ResourceId>,
    /// The names of fields that say who it is.
    pub(super) identity: BTreeSet<String>,
    /// Every field as text: what a destroy takes away, what a make brings.
    pub(super) content: BTreeMap<String, String>,
}
