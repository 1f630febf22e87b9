//! Pull requests of the playbook, from the first commit to the targets.
//!
//! A pull request that would change something at the targets is a change: `study` reads what merging it would give, `propose`
//! drafts, plans and submits the change as its author, `voices` takes what reviewers said on the forge for their word here,
//! `merged` applies what was approved once the playbook holds it, and `answer` writes one status and one comment.
//!
//! Invariants: whatever a webhook says is read back from the forge first. An approval on the forge counts for the commit
//! that it was given to, and for the plan of that commit. What is applied is the plan that was approved, and only if the
//! merged playbook wants exactly that. A turn does the same thing for the same state, so that it can be cut short
//! anywhere.
//!
//! Absent on purpose: merging, which people do; and targets that a pull request declares itself, which nobody asks before
//! they are merged, because their addresses and commands are not reviewed yet.

mod answer;
mod merged;
mod propose;
mod pulls;
mod study;
mod voices;

pub(crate) use pulls::Pulls;
