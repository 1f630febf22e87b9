//! The machine's clock, for executors and targets. The one place below the faces where time is read.

use std::time::Duration;

use jiff::Timestamp;
use plan::{Clock, Job};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep_until(&self, at: Timestamp) -> Job<'_, ()> {
        // A time that has passed is no wait at all.
        let wait = Duration::try_from(at.duration_since(self.now())).unwrap_or_default();
        Box::pin(tokio::time::sleep(wait))
    }
}
