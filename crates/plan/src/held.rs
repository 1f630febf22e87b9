//! What a plan leaves undone, and why: the report.
//!
//! A difference that does not become a step is named here with its reason. Nothing is held back silently.

use serde::{Deserialize, Serialize};

use crate::resource::ResourceId;
use crate::step::Action;

/// One resource that differs, or may, and is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What is left alone.
    pub resource: ResourceId,
    /// What would be done to it; none if that cannot be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would: Option<Action>,
    /// Why, for machines.
    pub reason: Reason,
    /// Why and what now, in a sentence for a person.
    pub text: String,
}

/// Why a resource is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Its system did not say what it is.
    Silent,
    /// What its system said is too long ago.
    TooOld,
    /// The same thing stands under a new name, or will: it is taken away by a later plan, when that one is there.
    RenameWouldDestroy,
    /// So much of a target would be destroyed at once that it is more likely a mistake.
    TooManyDestroys,
    /// Something that stays depends on it.
    StillNeeded,
    /// Something that it depends on is held back.
    DependencyHeld,
    /// It depends on something that is neither desired nor there.
    DependencyMissing,
    /// It depends on itself by way of others.
    DependencyCycle,
    /// It is desired twice, differently.
    DesiredTwice,
    /// It cannot be taken back, and this plan takes back.
    Irreversible,
    /// What it would be done to is not fit for it: something is missing there that a person has to mend.
    Unfit,
}

impl Reason {
    /// All reasons, in the order in which a report groups them.
    pub const ALL: [Self; 11] = [
        Self::TooManyDestroys,
        Self::RenameWouldDestroy,
        Self::StillNeeded,
        Self::Irreversible,
        Self::Unfit,
        Self::Silent,
        Self::TooOld,
        Self::DesiredTwice,
        Self::DependencyCycle,
        Self::DependencyMissing,
        Self::DependencyHeld,
    ];

    /// What to say of a group of them.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Silent => "their system is silent",
            Self::TooOld => "observed too long ago",
            Self::RenameWouldDestroy => "renamed: the old one goes in a later plan",
            Self::TooManyDestroys => "too many destroys at once",
            Self::StillNeeded => "something that stays depends on them",
            Self::DependencyHeld => "what they depend on is held back",
            Self::DependencyMissing => "what they depend on does not exist",
            Self::DependencyCycle => "they depend on each other",
            Self::DesiredTwice => "desired twice, differently",
            Self::Irreversible => "cannot be taken back",
            Self::Unfit => "they are not fit for it",
        }
    }
}
