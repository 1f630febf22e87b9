//! Hardening: what baselines demand of a machine today, what audits found, and what that makes of a host, a role and a site.
//!
//! What is demanded stands in the playbook, with waivers that end; what was found stands in the [`record`]. A score is computed of
//! both whenever somebody looks, so that a waiver that ends today counts today, and nobody has to ask the host again.
//!
//! Invariant: what could not be seen is unknown. It is never held, and stands beside the score.
//! Absent on purpose: asking hosts, which `harden` does and the command line pays for.

mod demands;
pub mod record;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use demands::of_role;
pub use demands::{Demand, Demands, demands};
pub use view::{
    ControlRow, HardeningView, HostDetail, HostRow, Point, Share, Standing, WaiverRow, hardening,
    hardening_agenda, host,
};
