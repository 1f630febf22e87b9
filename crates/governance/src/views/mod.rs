//! Read models for the CLI, the API and the pages: plain data, computed from playbook and record.
//!
//! Every view is made from one [`Reading`]: the playbook, the record, the moment, who opens sealed
//! texts, and what other rooms contribute. The same reading gives the same view, so that pages and API
//! cannot disagree. Things that can be looked at are named by their reference (`seat/network`,
//! `decision/0012-x`); faces turn references into links.

mod actions;
mod active_set;
mod agenda;
mod decision_detail;
mod decisions;
mod feedback;
mod gaps;
mod questions;
mod raci;
mod rituals;
mod today;

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use org::kinds::Person;
use org::views::PersonRef;
use playbook::Model;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use actions::{ActionList, ActionRow, actions};
pub use active_set::{ActiveSet, TypeGroup, active_set};
pub use agenda::{AgendaEntry, AgendaPart, AgendaView, Attendee, MinuteRow, Urgency, agenda};
pub use decision_detail::{ConsultRow, DecisionDetail, VoteRow, decision};
pub use decisions::{DecisionList, DecisionRow, decision_row, decisions, find_decision};
pub use feedback::{FeedbackList, FeedbackRow, feedback};
pub use gaps::{Gap, gaps};
pub use questions::{QuestionList, QuestionRow, questions};
pub use raci::{RaciMatrix, RaciRow, raci};
pub use rituals::{MeetingRef, RitualList, RitualRow, rituals};
pub use today::{Change, Deadline, Need, NeedKind, Today, today};

use crate::kinds::AgendaSource;
use crate::record::{Facts, State};
use crate::text::Texts;

/// Everything that a view is computed from.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The playbook.
    pub model: &'a Model,
    /// The record.
    pub record: &'a State,
    /// The moment.
    pub now: Timestamp,
    /// Who opens sealed texts.
    pub texts: &'a dyn Texts,
    /// Revisions of the playbook, newest first.
    pub revisions: &'a [Revision],
    /// What other rooms bring to agendas. Whoever looks it up as late as it is asked for spares every other view the work.
    pub contributions: &'a dyn AsRef<[Contribution]>,
}

/// What other rooms bring where there are none.
pub const NO_CONTRIBUTIONS: &[Contribution; 0] = &[];

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reading").field("now", &self.now).finish_non_exhaustive()
    }
}

/// One revision of the playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Revision {
    /// Its name: a commit, or a digest where there is no Git.
    pub id: String,
    /// When it became current.
    pub at: Timestamp,
    /// What it changed, in a line.
    pub summary: String,
    /// Who made it.
    pub author: Option<String>,
}

/// Something that another room brings to agendas: an incident, a budget, a planned change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contribution {
    /// Under which source it belongs.
    pub source: AgendaSource,
    /// When it happened; agendas show what happened since the last meeting. Without a time it is
    /// always shown.
    pub at: Option<Timestamp>,
    /// What is shown.
    pub entry: AgendaEntry,
}

/// Somebody or something that the playbook names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PartyRef {
    /// The reference, such as `seat/network`.
    pub reference: String,
    /// The name that people read.
    pub title: String,
}

impl PartyRef {
    /// Looks a reference up.
    pub fn of(model: &Model, reference: &str) -> Self {
        let title = model.resource(reference).map_or_else(
            || reference.split_once('/').map_or(reference, |(_, name)| name).to_owned(),
            short_title,
        );
        Self { reference: reference.to_owned(), title }
    }
}

/// A seat is called by its short name in tables, everything else by its title.
fn short_title(resource: &playbook::Resource) -> String {
    let seat = resource.typed::<org::kinds::Seat>();
    let short = seat.and_then(|seat| seat.spec.short.clone());
    short.unwrap_or_else(|| resource.title().to_owned())
}

impl<'a> Reading<'a> {
    /// The day in the organization's time zone.
    pub fn today(&self) -> Date {
        self.day(self.now)
    }

    /// The day of a moment in the organization's time zone.
    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(crate::record::time_zone(self.model)).date()
    }

    /// The same, as `decide` wants it.
    pub fn facts(&self, actor: &'a str) -> Facts<'a> {
        Facts { model: self.model, record: self.record, now: self.now, actor }
    }

    /// A person by name.
    pub fn person(&self, name: &str) -> PersonRef {
        PersonRef::of(self.model, name)
    }

    /// The title of a resource, or its name.
    pub fn title<K: playbook::Kind>(&self, name: &str) -> String {
        self.model.get::<K>(name).map_or_else(|| name.to_owned(), |found| found.title().to_owned())
    }

    /// Says whether a person is in the playbook.
    pub fn knows(&self, person: &str) -> bool {
        self.model.get::<Person>(person).is_some()
    }
}

#[cfg(test)]
mod tests;
