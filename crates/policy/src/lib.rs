//! Authorization: who may do what, as Cedar policies.
//!
//! The built-in policies (`built_in.cedar`) say in one page what follows from seats, teams and ownership;
//! the organization adds its own as files of its playbook. Everything is denied unless a policy permits it, and
//! a policy that forbids always wins. A [`Decision`] carries its reasons: which policies decided, and
//! for a denial what would be needed.
//!
//! The schema that policies are checked against is generated from the table of [`ACTIONS`], so that an
//! action cannot exist in code and be unknown to policies, or the other way round.
//!
//! Invariants: no decision without reasons; a policy that fails to evaluate denies nothing and permits
//! nothing, and is named in the decision; the same request gets the same answer.
//!
//! Absent on purpose: any knowledge of the playbook's types, the clock, files, HTTP. A request is
//! plain data that the server fills in.

#![warn(missing_docs)]
#![warn(clippy::wildcard_enum_match_arm)]

mod action;
mod authorizer;
mod check;
mod decision;
mod literal;
mod request;
mod schema;

pub use action::{ACTIONS, Action, SCOPES, Scope, find};
pub use authorizer::{Authorizer, BUILT_IN, Named};
pub use check::{Code, Finding, check};
pub use decision::{Decision, Outcome};
pub use literal::{Literal, literals};
pub use request::{Principal, Request, Resource};
pub use schema::schema;
