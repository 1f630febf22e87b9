//! YAML text to trees of nodes with spans.
//!
//! A text is split into documents (`split`); each is read into a [`Node`], line by line when it is as
//! plain as most are (`plain`), else by the library's parser (`tree`). Whatever is wrong is a diagnostic, and the tree goes on without it when it can.

mod duplicates;
mod node;
mod plain;
pub(crate) mod scalar;
mod split;
mod syntax;
#[cfg(test)]
mod tests;
mod tree;

use std::sync::Arc;

use diag::{Diagnostic, Place, Span};

pub(crate) use node::{Node, Value};
pub(crate) use scalar::{Plain, resolve};
pub(crate) use split::{Chunk, chunks};

/// What one document of a text was read as.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    /// Its root, unless it is empty or broken.
    pub(crate) root: Option<Node<'t>>,
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
    if let Some(root) = plain::read(chunk.text, origin) {
        return Document { root: Some(root), problems: Vec::new() };
    }
    let (root, problems) = tree::read(chunk.text, origin);
    Document { root, problems }
}
