//! One installation: from arming to the call that says the machine is ready.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::event::Stage;

/// Renders what a machine reads during one installation; the name is a [`Bootable`](crate::Bootable)'s.
pub type Render = Arc<dyn Fn(&str, &Ticket) -> Result<Documents, String> + Send + Sync>;

/// What tells an installation from all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Where the service answers, without a slash at its end.
    pub base: String,
    /// The token that opens this installation.
    pub token: String,
    /// A name for it that may be seen by anybody.
    pub instance: String,
}

/// What a machine reads during one installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// The script that starts the installer.
    pub script: String,
    /// The answers, by their path below the installation.
    pub files: BTreeMap<String, String>,
    /// The secrets that it may fetch, by name, each once.
    pub secrets: BTreeSet<String>,
    /// Whether the installed system calls once more when it has set itself up.
    pub calls_when_ready: bool,
}

/// An installation under way.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    /// Whose, as a number of the catalogue.
    pub(crate) whose: usize,
    pub(crate) stage: Stage,
    pub(crate) ends: Timestamp,
    pub(crate) documents: Arc<Documents>,
    /// Secrets that were handed out.
    pub(crate) taken: BTreeSet<String>,
    /// Whether one is for several machines: then it does not end with the first that is ready.
    pub(crate) is_shared: bool,
}

impl Installation {
    /// Says whether its token still opens something.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        now < self.ends && !self.has_ended()
    }

    /// Says whether the machine is to start its installer.
    pub(crate) fn is_to_install(&self, now: Timestamp) -> bool {
        self.is_open(now) && self.stage < Stage::Installed
    }

    /// Hears how far the machine is; it never goes back.
    pub(crate) fn hear(&mut self, stage: Stage) {
        if !self.is_shared {
            self.stage = self.stage.max(stage);
        }
    }

    fn has_ended(&self) -> bool {
        match self.stage {
            Stage::Armed | Stage::Installing => false,
            Stage::Installed => !self.documents.calls_when_ready,
            Stage::Ready => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation(calls_when_ready: bool) -> Installation {
        let documents = Documents { calls_when_ready, ..Documents::default() };
        Installation {
            whose: 0,
            stage: Stage::Armed,
            ends: Timestamp::from_second(100).unwrap(),
            documents: Arc::new(documents),
            taken: BTreeSet::new(),
            is_shared: false,
        }
    }

    /// Stages heard, and then: is it to install, is its token open.
    #[track_caller]
    fn check(mut one: Installation, heard: &[Stage], expected: (bool, bool)) {
        let now = Timestamp::from_second(99).unwrap();
        heard.iter().for_each(|stage| one.hear(*stage));
        assert_eq!((one.is_to_install(now), one.is_open(now)), expected);
    }

    #[test]
    fn a_machine_starts_from_its_disk_once_it_is_installed() {
        check(installation(true), &[], (true, true));
        check(installation(true), &[Stage::Installing], (true, true));
        check(installation(true), &[Stage::Installed], (false, true));
        check(installation(true), &[Stage::Installed, Stage::Installing], (false, true));
        check(installation(false), &[Stage::Installed], (false, false));
        check(installation(true), &[Stage::Ready], (false, false));
    }

    #[test]
    fn one_for_a_role_goes_on_for_the_next_machine() {
        check(
            Installation { is_shared: true, ..installation(true) },
            &[Stage::Ready],
            (true, true),
        );
    }

    #[test]
    fn the_time_ends_it() {
        let late = Timestamp::from_second(100).unwrap();
        assert!(!installation(true).is_open(late));
    }
}
