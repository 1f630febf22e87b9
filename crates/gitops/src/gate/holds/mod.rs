//! What holds a change besides missing approvals, one file a reason.
//!
//! Each is a function of the bench alone and answers with reasons, or with none. The order is the one
//! in which people mend things: the change itself first, then the world.

mod checks;
mod citations;
mod description;
mod drift;
mod error_budget;
mod freezes;
mod guardrails;
mod incidents;
mod observation;
mod plan;
mod windows;

pub(super) use plan::NO_PLAN;

use super::{Bench, Reason};

/// All of them.
pub(super) const ALL: [fn(&Bench<'_>) -> Vec<Reason>; 11] = [
    plan::hold,
    description::hold,
    citations::hold,
    checks::hold,
    guardrails::hold,
    drift::hold,
    observation::hold,
    freezes::hold,
    windows::hold,
    error_budget::hold,
    incidents::hold,
];
