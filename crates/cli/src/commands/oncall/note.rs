//! `council oncall note`: what whoever comes on call has to know.

use std::collections::BTreeSet;

use reliability::oncall::at;
use reliability::render::hand_off;
use reliability::views::Reading;
use serde::Serialize;

use super::{moment, schedule};
use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::Page;
use crate::record::Record;

/// Write the note for a hand-off, in Markdown: what goes on, what happened, where nobody will be
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Note {
    /// The schedule
    schedule: String,
    /// The moment of the hand-off; the next one, when left out
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
}

/// Runs it.
pub(super) fn run(note: &Note, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let model = record.model();
    let schedule = schedule(model, &note.schedule)?;
    let general = record.reading();
    let exchanges = record.reliability().exchanges();
    let on_call = at(model, schedule, &exchanges, general.now);
    let next = on_call.next.map_or(general.now, |shift| shift.window.from);
    let at = moment(note.at.as_deref(), next)?;
    let changes = BTreeSet::new();
    let reading = Reading {
        model,
        record: record.reliability(),
        governance: general.record,
        verified_changes: &changes,
        now: general.now,
        texts: general.texts,
    };
    context.printer.show(&Shown { markdown: hand_off::note(&reading, schedule, at) })?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Shown {
    markdown: String,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        page.raw(&self.markdown);
    }
}
