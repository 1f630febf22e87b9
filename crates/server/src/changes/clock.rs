//! The server's clock as the executor wants it.

use std::time::Duration;

use jiff::Timestamp;
use plan::Job;

use crate::Clock;

/// Tells the time by the server's clock, and waits by the machine's.
#[derive(Clone, Debug)]
pub(super) struct ServerClock(pub(super) Clock);

impl plan::Clock for ServerClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep_until(&self, at: Timestamp) -> Job<'_, ()> {
        let left = at.duration_since(self.0.now());
        let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
        Box::pin(tokio::time::sleep(left))
    }
}
