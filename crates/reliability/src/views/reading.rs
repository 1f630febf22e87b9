//! What views of the record are computed from.

use std::collections::BTreeSet;
use std::fmt;

use governance::Texts;
use jiff::Timestamp;
use playbook::Model;

use crate::record::{Actor, Facts, State};

/// Everything that a view of this room is computed from.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The playbook.
    pub model: &'a Model,
    /// Incidents, postmortems and swaps.
    pub record: &'a State,
    /// What governance recorded: actions.
    pub governance: &'a governance::State,
    /// The changes that are verified, by id.
    pub verified_changes: &'a BTreeSet<String>,
    /// The moment.
    pub now: Timestamp,
    /// Who opens sealed texts.
    pub texts: &'a dyn Texts,
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reading").field("now", &self.now).finish_non_exhaustive()
    }
}

impl<'a> Reading<'a> {
    /// The same as facts for somebody who asks.
    pub fn facts(&self, actor: Actor<'a>) -> Facts<'a> {
        Facts {
            model: self.model,
            record: self.record,
            governance: self.governance,
            verified_changes: self.verified_changes,
            now: self.now,
            actor,
        }
    }
}
