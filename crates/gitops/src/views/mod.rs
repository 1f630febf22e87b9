//! Read models for the CLI, the API and the pages: plain data, computed from playbook and record.
//!
//! Every view is made from one [`Reading`], so that pages, API and command line cannot disagree. What is
//! named is named by its reference; faces turn references into links.

mod agenda;
mod board;
mod detail;
mod drift;
mod freezes;
mod story;
#[cfg(test)]
mod tests;

pub use agenda::contributions;
pub use board::{BoardColumn, ChangeBoard, ChangeCard, ReviewDue, board, card};
pub use detail::{ApprovalRow, ChangeDetail, GlassRow, SilenceRow, StepProgress, detail};
pub use drift::{DriftTarget, DriftView, drift};
pub use freezes::{FreezeList, FreezeRow, freezes};
pub use story::{StoryRow, story};

use governance::Text;
use jiff::Timestamp;
use org::views::PersonRef;
use playbook::Model;

use crate::gate::{self, GateFacts, Verdict};
use crate::record::{State, change};

/// Everything that a view is computed from.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Playbook, the council's record, the moment, and who opens sealed texts.
    pub council: governance::views::Reading<'a>,
    /// Changes and freezes.
    pub record: &'a State,
    /// What the gate is told.
    pub gate: &'a GateFacts,
}

impl<'a> Reading<'a> {
    fn model(&self) -> &'a Model {
        self.council.model
    }

    fn now(&self) -> Timestamp {
        self.council.now
    }

    fn person(&self, name: &str) -> PersonRef {
        self.council.person(name)
    }

    /// Opens a text of a change.
    fn text(&self, id: &str, text: &Text) -> String {
        self.council.texts.read(&format!("change/{id}"), text)
    }

    /// What a change is called.
    fn title(&self, id: &str, state: &change::State) -> String {
        state.said.title.as_ref().map_or_else(|| id.to_owned(), |title| self.text(id, title))
    }

    /// What the gate says of a change.
    pub fn verdict(&self, id: &str, state: &change::State) -> Verdict {
        let mut facts = std::borrow::Cow::Borrowed(self.gate);
        if !state.drifted.is_empty() {
            facts.to_mut().drift = state.drifted.clone();
        }
        gate::judge(&state.subject(id), self.model(), &facts, self.now())
    }
}
