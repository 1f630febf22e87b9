//! The moments of an incident, and the lengths that are told of it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// When an incident reached what; nothing for what has not happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// When users began to be hurt, as far as anybody knows.
    pub began: Option<Timestamp>,
    /// When we knew.
    pub detected: Option<Timestamp>,
    /// When the first person had seen it.
    pub acknowledged: Option<Timestamp>,
    /// When its severity was known.
    pub triaged: Option<Timestamp>,
    /// When it got no worse.
    pub contained: Option<Timestamp>,
    /// When users were no longer hurt.
    pub resolved: Option<Timestamp>,
    /// When its postmortem was done.
    pub reviewed: Option<Timestamp>,
    /// When everything that came of it was verified.
    pub closed: Option<Timestamp>,
}

impl Clocks {
    /// From the first harm until we knew.
    pub fn to_detect(&self) -> Option<SignedDuration> {
        between(self.began, self.detected)
    }

    /// From knowing until a person had seen it.
    pub fn to_acknowledge(&self) -> Option<SignedDuration> {
        between(self.detected, self.acknowledged)
    }

    /// From the first harm, or from knowing, until it got no worse.
    pub fn to_mitigate(&self) -> Option<SignedDuration> {
        between(self.began.or(self.detected), self.contained)
    }

    /// From the first harm, or from knowing, until users were no longer hurt.
    pub fn to_resolve(&self) -> Option<SignedDuration> {
        between(self.began.or(self.detected), self.resolved)
    }
}

/// Never negative: two clocks that disagree by seconds must not make a length less than nothing.
fn between(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<SignedDuration> {
    let (from, to) = from.zip(to)?;
    Some(to.duration_since(from).max(SignedDuration::ZERO))
}
