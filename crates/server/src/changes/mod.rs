//! Changes: what the server does about them beside answering.
//!
//! `planning` looks at the targets and makes plans, with what `tools` propose themselves; [`store`](PlanStore) keeps them by hash; `facts` gathers what the gate
//! is told, [`situation`](Situation) what services and incidents say; `around` begins and ends its silences,
//! `machines` makes targets of provisioners, `applying` carries a plan out under a lease, with the ledger as its journal; `sight` is what was seen of the
//! targets last. What may happen when is the procedure's to say (`gitops::record`), what comes next the planner's and the
//! executor's (`plan`).
//!
//! Invariants: nothing is applied that the gate did not allow at that moment; whoever applies holds a lease, and the ledger
//! refuses everybody else; what is lost by a crash is the wait until the lease ends.

mod applying;
mod around;
mod clock;
mod deeds;
mod facts;
mod journal;
mod machines;
mod planning;
mod sealing;
mod sight;
mod situation;
mod store;
mod targets;
mod tools;

pub(crate) use applying::{apply, under_way};
pub(crate) use around::tended;
pub(crate) use facts::{Judged, finding};
pub(crate) use planning::{Made, Wish, observe};
pub(crate) use sight::{Look, Sight};
pub use situation::Situation;
pub(crate) use store::PlanStore;
pub(crate) use tools::{Ask, Tools, look_within};
