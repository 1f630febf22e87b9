//! Turning a system on or off and looking whether it happened: controllers accept what they do not do.
//!
//! Absent on purpose: a second attempt. A machine that does not turn off is a matter for a person.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::system::{self, System};
use crate::word::{PowerState, ResetType};

/// Between two looks. A controller that is asked more often answers more slowly.
const PACE: Duration = Duration::from_secs(1);

/// What was seen after a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a reset that nobody saw may not have happened"]
pub enum Verdict {
    /// It happened, as far as the controller can tell.
    Seen,
    /// It was accepted, and nothing that the controller shows would tell: a restart that keeps the power on, an interrupt.
    CannotTell,
}

/// What shows that a reset happened.
enum Sign {
    Power(PowerState),
    /// The power goes away, or the time of the last reset changes, and the power is on in the end.
    Restart,
    None,
}

impl Client {
    /// Resets a system and watches it until it happened or the patience ends; one look a second.
    ///
    /// Looks that get no answer do not count: some controllers are silent while they switch.
    ///
    /// # Errors
    /// [`RedfishError::NotDone`] when it was accepted and the power is not what it should be in the end; as
    /// [`Client::reset`] before.
    pub async fn power_and_verify(
        &self,
        place: &Link,
        reset: ResetType,
        patience: Duration,
    ) -> Result<Verdict, RedfishError> {
        self.power_and_verify_at(place, reset, patience, PACE).await
    }

    /// As [`Client::power_and_verify`], with another time between two looks.
    ///
    /// # Errors
    /// As there.
    pub async fn power_and_verify_at(
        &self,
        place: &Link,
        reset: ResetType,
        patience: Duration,
        pace: Duration,
    ) -> Result<Verdict, RedfishError> {
        let seen = self.get(place).await?;
        let before = system::lower(&seen);
        let sign = sign_of(reset, &before);
        let _accepted = self.send_reset(&seen, "#ComputerSystem.Reset", reset).await?;
        let mut watch = Watch { sign, before, was_off: false };
        if matches!(watch.sign, Sign::None) {
            return Ok(Verdict::CannotTell);
        }
        let start = Instant::now();
        let mut ticks = interval(pace.max(Duration::from_millis(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = None;
        loop {
            ticks.tick().await;
            match self.system(place).await {
                Ok(now) if watch.is_done(&now) => return Ok(Verdict::Seen),
                Ok(now) => last = now.power,
                Err(error) if error.is_retryable() => {}
                Err(error) => return Err(error),
            }
            if start.elapsed() >= patience {
                return self.give_up(reset, &watch, last, start.elapsed());
            }
        }
    }

    fn give_up(
        &self,
        reset: ResetType,
        watch: &Watch,
        last: Option<PowerState>,
        waited: Duration,
    ) -> Result<Verdict, RedfishError> {
        let expected = match watch.sign {
            Sign::Power(state) => state,
            // Power that stays on is what a quick restart looks like, unless the controller keeps the time of the last one.
            Sign::Restart if last == Some(PowerState::On) && watch.before.last_reset.is_none() => {
                return Ok(Verdict::CannotTell);
            }
            Sign::Restart | Sign::None => PowerState::On,
        };
        let seen = match (last, &watch.sign) {
            (Some(PowerState::On), Sign::Restart) => "On, without a reset in between".to_owned(),
            (Some(state), _) => state.to_string(),
            (None, _) => "unknown".to_owned(),
        };
        Err(RedfishError::NotDone {
            who: self.who(),
            asked: reset.to_string(),
            expected: expected.to_string(),
            seen,
            seconds: waited.as_secs(),
        })
    }
}

struct Watch {
    sign: Sign,
    before: System,
    was_off: bool,
}

impl Watch {
    fn is_done(&mut self, now: &System) -> bool {
        match self.sign {
            Sign::Power(state) => now.power == Some(state),
            Sign::Restart => {
                self.was_off |= now.power.is_some_and(|state| state != PowerState::On);
                let is_later = self.before.last_reset.is_some()
                    && now.last_reset.is_some()
                    && now.last_reset != self.before.last_reset;
                now.power == Some(PowerState::On) && (self.was_off || is_later)
            }
            Sign::None => false,
        }
    }
}

fn sign_of(reset: ResetType, before: &System) -> Sign {
    match reset {
        ResetType::On | ResetType::ForceOn | ResetType::Resume => Sign::Power(PowerState::On),
        ResetType::ForceOff | ResetType::GracefulShutdown | ResetType::Suspend => {
            Sign::Power(PowerState::Off)
        }
        ResetType::Pause => Sign::Power(PowerState::Paused),
        ResetType::GracefulRestart
        | ResetType::ForceRestart
        | ResetType::PowerCycle
        | ResetType::FullPowerCycle => Sign::Restart,
        // The button turns on what is off; what it does to what is on is the operating system's matter.
        ResetType::PushPowerButton => match before.power {
            Some(PowerState::Off) => Sign::Power(PowerState::On),
            _ => Sign::None,
        },
        ResetType::Nmi => Sign::None,
    }
}
