//! YAML text to trees of nodes with spans.
//!
//! A text is split into documents (`split`); each is read by the library's parser into a [`Node`]
//! (`tree`). Whatever is wrong is a diagnostic, and the tree goes on without it when it can.

mod node;
pub(crate) mod scalar;
mod split;
mod syntax;
mod tree;

use std::sync::Arc;

use diag::{Diagnostic, Place, Span};

pub use node::{Node, Value};
pub(crate) use split::{Chunk, chunks};

/// What one document of a text was read as.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    /// Its root, unless it is empty or broken.
    pub(crate) root: Option<Node<'t>>,
    /// Its text, without markers.
    pub(crate) chunk: Chunk<'t>,
    /// What is wrong with it as YAML.
    pub(crate) problems: Vec<Diagnostic>,
}

/// Where a text stands: its file, and the offset of its first byte in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'o> {
    pub(crate) file: &'o Arc<str>,
    pub(crate) base: u32,
}

impl Origin<'_> {
    /// The span of a range of bytes of the text.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| self.base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        Span::new(offset(start), offset(end))
    }

    /// The place of a span of the file.
    pub(crate) fn place(&self, span: Span) -> Place {
        Place::new(self.file.clone(), span)
    }
}

/// Reads one document.
pub(crate) fn read<'t>(chunk: Chunk<'t>, origin: Origin<'_>) -> Document<'t> {
    let start = u32::try_from(chunk.start).unwrap_or(u32::MAX);
    let origin = Origin { base: origin.base.saturating_add(start), ..origin };
    let (root, problems) = tree::read(chunk.text, origin);
    Document { root, chunk, problems }
}

/// Above this many keys, duplicates are looked for with a sorted list instead of pair by pair.
const FEW_KEYS: usize = 24;

/// Removes pairs whose key stood before in the map; returns each removed key with the first's span.
fn duplicates<'t>(pairs: &mut Vec<(Node<'t>, Node<'t>)>) -> Vec<(Node<'t>, Span)> {
    if pairs.len() <= FEW_KEYS {
        let twice = |at: usize| {
            let key = pairs[at].0.text();
            pairs[..at].iter().any(|(earlier, _)| earlier.text() == key)
        };
        if !(1..pairs.len()).any(twice) {
            return Vec::new();
        }
    }
    let mut first: std::collections::BTreeMap<String, Span> = std::collections::BTreeMap::new();
    let mut found = Vec::new();
    pairs.retain(|(key, _)| {
        let text = key.text().unwrap_or_default();
        match first.get(text) {
            Some(&span) => {
                found.push((key.clone(), span));
                false
            }
            None => {
                first.insert(text.to_owned(), key.span);
                true
            }
        }
    });
    found
}
