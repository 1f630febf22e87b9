//! Blocks: what a document consists of, before anybody decides how it looks.

use schemars::JsonSchema;
use serde::Serialize;

use crate::views::PartyRef;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Text that matters.
    Strong(String),
    /// A resource that can be looked at.
    Link(PartyRef),
    /// The place that links to a resource lead to.
    Anchor(String),
    /// Something that nobody has filled in.
    Gap(String),
}

/// What stands in one cell, item or paragraph.
pub type Cell = Vec<Inline>;

/// A block of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Cell),
    /// A sentence to be remembered.
    Quote(String),
    /// A list.
    List(Vec<Cell>),
    /// A table.
    Table {
        /// The headings.
        columns: Vec<String>,
        /// The rows, as long as the headings.
        rows: Vec<Vec<Cell>>,
    },
    /// Prose that somebody wrote, as Markdown whose headings fit below the chapter's parts.
    Markdown(String),
    /// Something that nobody has filled in, and who should.
    Gap {
        /// What is open.
        what: String,
        /// Who should fill it.
        owner: Option<PartyRef>,
    },
}

impl Inline {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// A cell of plain text.
pub(crate) fn text(text: impl Into<String>) -> Cell {
    vec![Inline::Text(text.into())]
}

/// A cell of plain text, or a gap.
pub(crate) fn text_or_gap(text_: Option<&str>, gap: &str) -> Cell {
    text_.map_or_else(|| vec![Inline::Gap(gap.to_owned())], text)
}

/// A cell of links, separated by commas.
pub(crate) fn links(parties: impl IntoIterator<Item = PartyRef>) -> Cell {
    let mut cell = Vec::new();
    for party in parties {
        if !cell.is_empty() {
            cell.push(Inline::text(", "));
        }
        cell.push(Inline::Link(party));
    }
    cell
}
