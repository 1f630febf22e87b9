//! How far a run has come, kept outside of what may be cut off, so that a cut says where it came.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::outcome::{Phase, Phases};

/// How far a run has come.
#[derive(Debug)]
pub(crate) struct Progress {
    begun: Instant,
    phase: Phase,
    phases: Phases,
    first_byte: FirstByte,
    /// The first expiry among the certificates that were seen.
    pub(crate) certificate_until: Option<Timestamp>,
}

/// When the first byte of the answer came; written by whoever reads.
pub(crate) type FirstByte = Arc<OnceLock<Instant>>;

impl Progress {
    /// Begins to count.
    pub(crate) fn start() -> Self {
        Self {
            begun: Instant::now(),
            phase: Phase::Resolving,
            phases: Phases::default(),
            first_byte: FirstByte::default(),
            certificate_until: None,
        }
    }

    /// Forgets the moments of a request that led to another.
    pub(crate) fn again(&mut self) {
        let begun = self.begun;
        *self = Self { begun, ..Self::start() };
    }

    pub(crate) fn enter(&mut self, phase: Phase) {
        self.phase = phase;
    }

    pub(crate) fn resolved(&mut self) {
        self.phases.resolved = Some(self.took());
    }

    pub(crate) fn connected(&mut self) {
        self.phases.connected = Some(self.took());
    }

    /// As [`Progress::connected`], noted elsewhere.
    pub(crate) fn connected_at(&mut self, at: Instant) {
        self.phases.connected = Some(at.duration_since(self.begun));
    }

    pub(crate) fn secured(&mut self) {
        self.phases.secured = Some(self.took());
    }

    /// Where the first byte is noted.
    pub(crate) fn first_byte(&self) -> FirstByte {
        Arc::clone(&self.first_byte)
    }

    /// What it is doing: once a byte came, it no longer waits.
    pub(crate) fn phase(&self) -> Phase {
        if self.phase == Phase::Waiting && self.first_byte.get().is_some() {
            Phase::Reading
        } else {
            self.phase
        }
    }

    pub(crate) fn took(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(crate) fn phases(&self) -> Phases {
        let first_byte = self.first_byte.get().map(|at| at.duration_since(self.begun));
        Phases { first_byte, ..self.phases }
    }
}
