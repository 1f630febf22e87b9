//! A simulated estate: provisioners that answer on loopback for the machines that a playbook declares, and a Prometheus
//! that answers for what it promises.
//!
//! It speaks as much of Ironic's and MAAS' interfaces as this product uses, so that a newcomer sees a living site, and a
//! drill has something to break. Some machines have faults from the beginning: a controller with a new certificate, a missing
//! memory module, an installer that never calls back.
//!
//! Invariants: the same machines and the same seed have the same faults; what happens is a function of what was asked and of
//! the time ([`World`] has no clock), and time runs faster here than outside. It listens on loopback only. Whatever shows
//! what it says has to mark it as simulated.
//!
//! Absent on purpose: authentication (nothing here is worth it), and every operation that nobody of ours asks for: it is
//! answered with 404, as an older server would.

mod boxes;
mod fault;
mod ironic;
mod maas;
mod metrics;
mod serve;
mod world;

pub use boxes::{Begins, Hardware, Software, Unit};
pub use fault::Fault;
pub use metrics::{Metrics, Promise};
pub use serve::{Estate, router, start, start_measured};
pub use world::{FOR_PEOPLE, Refusal, World};
