//! A manager: the controller itself, or one of several (DSP2046, `Manager`).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{health, links, text, time};
use crate::word::{Health, PowerState};

/// What a controller says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manager {
    /// Where it is.
    pub link: Link,
    /// Its id, such as `iDRAC.Embedded.1`.
    pub id: Option<String>,
    /// Such as `BMC`, `EnclosureManager`.
    pub kind: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// The version of its firmware.
    pub firmware_version: Option<String>,
    /// Its UUID.
    pub uuid: Option<String>,
    /// Whether it has power.
    pub power: Option<PowerState>,
    /// How well it is.
    pub health: Option<Health>,
    /// What its clock showed; unknown when it forgets the zone and its offset.
    pub clock: Option<Timestamp>,
    /// The systems that it manages.
    pub systems: Vec<Link>,
}

impl Manager {
    /// How far its clock is ahead, given when it was asked and when the answer was there; negative when it is behind.
    ///
    /// Zero as long as its time lies between the two, because the answer was made somewhere in between. Controllers show
    /// whole seconds, so less than one is no skew either.
    #[must_use]
    pub fn skew(&self, asked: Timestamp, answered: Timestamp) -> Option<SignedDuration> {
        let clock = self.clock?;
        let second = SignedDuration::from_secs(1);
        let (early, late) = (asked.duration_until(clock), answered.duration_until(clock));
        Some(match () {
            () if early < -second => early,
            () if late > second => late,
            () => SignedDuration::ZERO,
        })
    }
}

impl Client {
    /// Reads a manager: one request.
    ///
    /// # Errors
    /// Unreachable, unauthorized, refused, not Redfish, too large.
    pub async fn manager(&self, place: &Link) -> Result<Manager, RedfishError> {
        let value = self.get(place).await?.value;
        let offset = text(&value, "/DateTimeLocalOffset");
        Ok(Manager {
            link: place.clone(),
            id: text(&value, "/Id"),
            kind: text(&value, "/ManagerType"),
            model: text(&value, "/Model"),
            firmware_version: text(&value, "/FirmwareVersion"),
            uuid: text(&value, "/UUID"),
            power: text(&value, "/PowerState").and_then(|word| PowerState::of(&word)),
            health: health(&value),
            clock: time(&value, "/DateTime", offset.as_deref()),
            systems: links(&value, "/Links/ManagerForServers"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(clock: &str, expect_seconds: i64) {
        let manager = Manager {
            link: Link::new("/m"),
            id: None,
            kind: None,
            model: None,
            firmware_version: None,
            uuid: None,
            power: None,
            health: None,
            clock: clock.parse().ok(),
            systems: Vec::new(),
        };
        let at = |text: &str| text.parse().expect("a time");
        let skew = manager.skew(at("2026-11-22T10:00:00Z"), at("2026-11-22T10:00:10Z"));
        assert_eq!(skew, Some(SignedDuration::from_secs(expect_seconds)), "{clock}");
    }

    #[test]
    fn skew_is_what_the_time_of_the_answer_does_not_explain() {
        check("2026-11-22T10:00:04Z", 0);
        check("2026-11-22T10:00:11Z", 0);
        check("2026-11-22T09:59:59Z", 0);
        check("2026-11-22T10:01:10Z", 60);
        check("2026-11-22T12:00:00+03:00", -3600);
    }
}
