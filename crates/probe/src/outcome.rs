//! What came of a probe.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::failure::Failure;

/// What came of one run of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether everything that was expected came; `why` is there exactly when not.
    pub ok: bool,
    /// From beginning to end.
    pub took: Duration,
    /// How far it came, and when.
    pub phases: Phases,
    /// What did not go well.
    pub why: Option<Failure>,
    /// When the first certificate of the chain that the server sent expires, trusted or not; none where no certificate was
    /// seen or its dates cannot be read.
    pub certificate_until: Option<Timestamp>,
}

/// Moments of a run, each counted from its beginning, so that they grow and the difference of two is the length of a phase. None
/// for what was not reached and for what the probe does not have. After a redirect they are those of the last request, still
/// counted from the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// The name's addresses were known. None for a host that is an address.
    pub resolved: Option<Duration>,
    /// A connection by TCP stood; with DNS, only if the answer had to be asked for over TCP.
    pub connected: Option<Duration>,
    /// The handshake of TLS was done and the certificate trusted.
    pub secured: Option<Duration>,
    /// The first byte of the answer was there.
    pub first_byte: Option<Duration>,
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The addresses of a name are asked for.
    Resolving,
    /// A connection is made.
    Connecting,
    /// TLS is agreed on.
    Securing,
    /// The question is sent and its answer awaited.
    Waiting,
    /// The answer arrives.
    Reading,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolving => "resolving the name",
            Self::Connecting => "connecting",
            Self::Securing => "agreeing on TLS",
            Self::Waiting => "waiting for the answer",
            Self::Reading => "reading the answer",
        })
    }
}
