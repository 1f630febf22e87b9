//! Guardrails: policy code in Rego that looks at a plan and says what it must not do.
//!
//! The conventions are conftest's, so that teams bring the policies they have: `input` is the plan as
//! JSON, rules called `deny`, `warn` and their longer names (`deny_public_bucket`) in any package find
//! something, `exception` lets a rule pass. What council knows besides stands in `data.council`. A few
//! guardrails are built in and always hold ([`BUILT_IN`]).
//!
//! Invariants: findings come in a stable order; a policy that fails, or takes too long, denies and says
//! so, because a guardrail that is silent is none; evaluating one plan leaves nothing behind for the next.
//!
//! Absent on purpose: files (texts are arguments), the network (Rego's `http.send` does not exist here),
//! and the playbook. Nothing of the engine leaks out of this crate.

#![warn(missing_docs)]

mod built_in;
mod fault;
mod finding;
mod guardrails;
mod heads;
mod limits;
mod shares;
#[cfg(test)]
mod tests;

pub use built_in::BUILT_IN;
pub use fault::Fault;
pub use finding::{Finding, Severity};
pub use guardrails::Guardrails;
