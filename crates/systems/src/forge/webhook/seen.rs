//! Which deliveries were received already.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// How long a delivery is remembered; forges send again within hours, people press "redeliver" on the same day.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(48);

/// Deliveries that are remembered at most: some hundred bytes each, and a busy forge sends a few thousand a day. The
/// oldest are forgotten first.
pub const MOST_SEEN: usize = 50_000;

/// The memory of deliveries.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    now: Timestamp,
    at: BTreeMap<String, Timestamp>,
    order: BTreeMap<(Timestamp, u64), String>,
    count: u64,
}

impl Seen {
    /// Says what time it is, and forgets what is too old.
    pub fn tick(&mut self, now: Timestamp) {
        self.now = now;
        while let Some(((at, _), _)) = self.order.first_key_value() {
            if now.duration_since(*at) <= REMEMBERED {
                break;
            }
            self.forget_oldest();
        }
    }

    /// The time that it was told.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Says whether a delivery was received before.
    pub fn contains(&self, id: &str) -> bool {
        self.at.contains_key(id)
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Says whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    pub(super) fn remember(&mut self, id: String) {
        if self.at.len() >= MOST_SEEN {
            self.forget_oldest();
        }
        self.count += 1;
        self.at.insert(id.clone(), self.now);
        self.order.insert((self.now, self.count), id);
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.order.pop_first() {
            self.at.remove(&id);
        }
    }
}
