//! How entries are shown.

use jiff::tz::TimeZone;
use ledger::Entry;
use serde::Serialize;

use crate::answer::Answer;
use crate::page::{Page, Tone};
use crate::table::Table;

/// A page of entries.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Rows(pub(super) Vec<Entry>);

impl Answer for Rows {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Entry", "At (UTC)", "Actor", "Stream", "What"]);
        for entry in &self.0 {
            table.row([
                entry.seq.to_string(),
                moment(entry),
                entry.actor.clone(),
                page.tone(Tone::Name, &entry.stream),
                entry.kind.clone(),
            ]);
        }
        page.table(&table);
    }
}

/// One entry in full.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct One(pub(super) Entry);

impl Answer for One {
    fn write(&self, page: &mut Page) {
        let Entry { seq, stream, version, kind, actor, cause, body, prev_hash, hash, .. } = &self.0;
        let mut table = Table::default();
        let mut row = |label: &str, value: String| {
            table.row([page.tone(Tone::Quiet, label), value]);
        };
        row("entry", seq.to_string());
        row("stream", format!("{stream}, version {version}"));
        row("what", kind.clone());
        row("at", format!("{} UTC", moment(&self.0)));
        row("actor", actor.clone());
        row("cause", cause.clone().unwrap_or_else(|| "—".to_owned()));
        row("previous", prev_hash.to_string());
        row("hash", hash.to_string());
        page.table(&table);
        page.gap();
        let value: Result<serde_json::Value, _> = serde_json::from_str(body.as_str());
        page.raw(&value.map_or_else(|_| body.as_str().to_owned(), |it| crate::printer::json(&it)));
    }
}

fn moment(entry: &Entry) -> String {
    entry.at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
