//! Where something stands: a file, a range of bytes in it, and the lines that people count in.
//!
//! Spans are byte offsets because they survive every encoding question; lines and columns are
//! computed only when something is shown, by a [`LineIndex`] of the one file that is shown.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A half-open range of bytes in one file.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset one past the last byte.
    pub end: u32,
}

impl Span {
    /// Makes the span from `start` (inclusive) to `end` (exclusive).
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Makes the smallest span that covers both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Says whether a byte offset lies in the span; the end counts, as an editor's cursor does.
    pub fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }
}

/// A span in a named file. The path is relative to the playbook's root, with `/` separators.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Path relative to the playbook's root.
    pub file: Arc<str>,
    /// The bytes meant.
    pub span: Span,
}

impl Place {
    /// Makes a place.
    pub fn new(file: impl Into<Arc<str>>, span: Span) -> Self {
        Self { file: file.into(), span }
    }

    /// Makes a place that means the whole file, for problems such as an unreadable one.
    pub fn whole_file(file: impl Into<Arc<str>>) -> Self {
        Self::new(file, Span::default())
    }
}

/// A line and a column, both counted from 1. Columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The starts of all lines of one text, to translate offsets into lines and columns.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the text once and remembers where each line starts.
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        Self { starts }
    }

    /// Translates a byte offset; offsets past the end or inside a character are clamped.
    pub fn position(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.starts[line] as usize;
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let column = text.get(start..end).map_or(0, |before| before.chars().count());
        LineColumn {
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }

    /// Translates a line and column (both from 1) back into a byte offset, clamped to the line.
    pub fn offset(&self, text: &str, at: LineColumn) -> u32 {
        let line = (at.line.saturating_sub(1) as usize).min(self.starts.len() - 1);
        let start = self.starts[line] as usize;
        let rest = text.get(start..).unwrap_or("");
        let end_of_line = rest.find('\n').unwrap_or(rest.len());
        let within = rest
            .char_indices()
            .nth(at.column.saturating_sub(1) as usize)
            .map_or(end_of_line, |(at, _)| at.min(end_of_line));
        u32::try_from(start + within).unwrap_or(u32::MAX)
    }

    /// Number of lines; a text that ends in a newline has an empty last one.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }
}
