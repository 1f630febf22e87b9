//! What a command has to say.

use serde::Serialize;

use crate::page::Page;

/// One value, shown to people as a page and to machines as JSON; so the two cannot disagree.
pub(crate) trait Answer: Serialize {
    /// Writes it for a person.
    fn write(&self, page: &mut Page);
}

/// How a command ended when nothing went wrong with running it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did what was asked.
    Done,
    /// It looked, and found what should not be.
    Findings,
    /// It asked, and somebody else must act first.
    Waiting,
}

impl Outcome {
    /// The exit code, as documented in `docs/cli.md`.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Waiting => 3,
        }
    }
}
