//! Error budgets over what was measured: how much is left, how fast it goes, when it will be gone.
//!
//! Three values, never two: what was measured, what was not, and what lies between. A gap in the
//! measurements makes the remaining budget a range from "all of it was bad" to "none of it was"; with
//! nothing measured it is unknown. Unknown is never shown as zero, and never as full.
//!
//! Invariants: pure; whoever calls brings samples, amendments and the time. Computing the same samples with
//! another objective is how "what if it were 99.95 %" is answered.
//!
//! Absent on purpose: where samples come from, and drawing.

mod amendments;
mod count;
mod forecast;
mod queries;
mod reading;
#[cfg(test)]
mod tests;

pub use amendments::{Amendments, Exclusion, Reason, Reset};
pub use count::{Budget, Burn, Gap, Point, Remaining, budget};
pub use forecast::Forecast;
pub use queries::{Queries, Series, queries, readings};
pub use reading::{Counts, Reading};
