//! Time as an argument: what the executor's driver asks instead of the machine.
//!
//! The pure half takes `now`; only the driver waits, and only through this. A face hands in the machine's clock, a test one
//! that it moves itself.

use jiff::Timestamp;

use crate::target::Job;

/// Tells the time and waits for it.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Ends when the time has come.
    fn sleep_until(&self, at: Timestamp) -> Job<'_, ()>;
}
