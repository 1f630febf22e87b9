//! Desired + observed → plan: pure, deterministic, and with a report of everything that it leaves alone.
//!
//! ```text
//! differ   every resource → draft step, or held (silent, too old, desired twice)
//! rename   pairs of make and destroy that are one thing → the destroy is held
//! hold     brake on mass destroys; what waits for something held, missing or in a circle; what is still needed
//! order    drafts → steps, numbered in an order in which they can be carried out
//! ```
//!
//! Each pass only ever takes drafts away, so a later pass cannot undo an earlier one's caution.

mod differ;
mod draft;
mod hold;
mod order;
#[cfg(test)]
mod properties;
mod rename;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use self::draft::Work;
use crate::held::Held;
use crate::observed::Observations;
use crate::plan::{Content, Plan, Purpose};
use crate::proposal::Proposal;
use crate::resource::{Desired, ResourceId};
use crate::secret::FingerprintKey;

/// The field under which a resource with a payload is compared: the digest of its bytes.
pub const PAYLOAD_FIELD: &str = "sha256";

/// What a plan is made under.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The revision of the playbook that the desired resources come from.
    pub revision: String,
    /// The time now.
    pub at: Timestamp,
    /// How old an observation may be to act on it.
    pub max_age: SignedDuration,
    /// When so many destroys are a mistake; none to trust every list.
    pub brake: Option<Brake>,
    /// Plan for these resources alone; none for all.
    pub only: Option<BTreeSet<ResourceId>>,
    /// Steps that outside tools have planned themselves.
    pub proposals: Vec<Proposal>,
    /// What is known beforehand to be left alone, such as everything of a tool that could not plan.
    pub held: Vec<Held>,
    /// The key under which secrets are shown.
    pub fingerprints: FingerprintKey,
    /// Whether the plan goes forward or back.
    pub purpose: Purpose,
}

impl Terms {
    /// The usual terms: observations of the last hour, the usual brake, everything.
    #[must_use]
    pub fn new(revision: impl Into<String>, at: Timestamp) -> Self {
        Self {
            revision: revision.into(),
            at,
            max_age: SignedDuration::from_hours(1),
            brake: Some(Brake::default()),
            only: None,
            proposals: Vec::new(),
            held: Vec::new(),
            fingerprints: FingerprintKey::default(),
            purpose: Purpose::Change,
        }
    }
}

/// Holds all destroys of a target when they are many *and* a large part of it: a generator that broke and an empty
/// directory look exactly like "destroy everything".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brake {
    /// Fewer than this are never held.
    pub at_least: usize,
    /// How much of what the target has, in percent.
    pub percent: usize,
}

impl Default for Brake {
    /// More than ten and more than half: taking down one rack of forty passes, taking down the site does not.
    fn default() -> Self {
        Self { at_least: 11, percent: 51 }
    }
}

/// Makes the plan that turns what is into what should be.
#[must_use]
pub fn plan(
    parent: Option<&Plan>,
    desired: &[Desired],
    observed: &Observations,
    terms: &Terms,
) -> Plan {
    plan_adjusted(parent, (desired, observed), terms, |_| {})
}

/// As [`plan`], with a last word on the drafts before they are held against each other.
pub(crate) fn plan_adjusted(
    parent: Option<&Plan>,
    (desired, observed): (&[Desired], &Observations),
    terms: &Terms,
    adjust: impl FnOnce(&mut Work<'_>),
) -> Plan {
    let mut work = differ::differ(desired, observed, terms);
    adjust(&mut work);
    rename::hold_renames(&mut work);
    hold::hold(&mut work, observed, terms);
    let (steps, cycles) = order::order(work.drafts, observed);
    let mut report: Vec<Held> = work.held;
    report.extend(cycles);
    report.extend(terms.held.iter().cloned());
    report.sort_by(|a, b| (&a.resource, a.reason).cmp(&(&b.resource, b.reason)));
    Plan::seal(Content {
        parent: parent.map(Plan::hash),
        generation: parent.map_or(1, |parent| parent.generation() + 1),
        revision: terms.revision.clone(),
        at: terms.at,
        purpose: terms.purpose.clone(),
        steps,
        report,
    })
}
