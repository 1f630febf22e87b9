//! Operations: what the server does about incidents and what comes of them, beyond a single command.
//!
//! The procedures are `reliability`'s; here stand the next free id, who may see what is private, and what
//! views are computed from.
//!
//! Invariant: whoever may not see a private incident is answered as if there were none. The ledger shows that its
//! stream exists, as it must, and never its words.

mod deeds;
mod reading;
mod runs;

pub(crate) use deeds::no_incident;
pub(crate) use reading::{open_incidents, verified};
