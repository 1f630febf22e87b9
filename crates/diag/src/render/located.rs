//! Finds lines and columns, reading each file's line starts once.

use std::collections::BTreeMap;

use super::Sources;
use crate::{LineColumn, LineIndex, Place};

/// The first position of a file, for places in files that cannot be shown.
const TOP: LineColumn = LineColumn { line: 1, column: 1 };

/// Translates places, remembering the line starts of every file it was asked about.
pub(super) struct Lines<'s> {
    sources: &'s dyn Sources,
    known: BTreeMap<String, LineIndex>,
}

impl<'s> Lines<'s> {
    pub(super) fn new(sources: &'s dyn Sources) -> Self {
        Self { sources, known: BTreeMap::new() }
    }

    /// The text of a file with its line starts.
    pub(super) fn file(&mut self, file: &str) -> Option<(&'s str, &LineIndex)> {
        let text = self.sources.text(file)?;
        if !self.known.contains_key(file) {
            self.known.insert(file.to_owned(), LineIndex::new(text));
        }
        self.known.get(file).map(|lines| (text, lines))
    }

    /// Start and end of a place.
    pub(super) fn range(&mut self, place: &Place) -> (LineColumn, LineColumn) {
        self.file(&place.file).map_or((TOP, TOP), |(text, lines)| {
            let start = lines.position(text, place.span.start);
            (start, lines.position(text, place.span.end.max(place.span.start)))
        })
    }
}
