//! Block scalars: `|`, `|-`, `>` and `>-` with lines of one indentation.

use std::borrow::Cow;

use super::{Line, Reader};
use crate::yaml::Node;

/// One line of a block scalar, without its indentation.
type Piece<'t> = &'t str;

impl<'t> Reader<'t, '_> {
    /// Reads a block scalar whose header stands at an offset.
    pub(super) fn block_scalar(
        &mut self,
        header: usize,
        end: usize,
        indent: usize,
    ) -> Option<Node<'t>> {
        let (folds, strips) = match self.slice(header, end)?.trim_end_matches(' ') {
            "|" => (false, false),
            "|-" => (false, true),
            ">" => (true, false),
            ">-" => (true, true),
            _ => return None,
        };
        let (pieces, start) = self.pieces(indent, folds)?;
        let stop = self.next;
        let text = match (pieces.as_slice(), folds) {
            ([only], _) if strips => Cow::Borrowed(*only),
            (_, true) => Cow::Owned(finished(pieces.join(" "), strips)),
            (_, false) => Cow::Owned(finished(pieces.join("\n"), strips)),
        };
        self.advance();
        // A line that is less indented than the scalar but more than its key is no part of either.
        if self.line.is_some_and(|next| next.indent > indent) {
            return None;
        }
        Some(Node::scalar(text, false, self.origin.span(start, stop)))
    }

    /// The lines of a block scalar and the offset of its first character.
    fn pieces(&mut self, indent: usize, folds: bool) -> Option<(Vec<Piece<'t>>, usize)> {
        let first = self.raw_line(self.next)?;
        if first.indent <= indent || first.start == first.end {
            return None;
        }
        let mut pieces = Vec::new();
        while let Some(line) = self.raw_line(self.next) {
            let is_blank = line.start == line.end;
            if is_blank || (line.indent < first.indent) {
                // Empty lines inside or after a scalar are left to the library.
                if is_blank {
                    return None;
                }
                break;
            }
            if folds && (line.indent > first.indent || self.byte(line.end - 1) == Some(b' ')) {
                return None;
            }
            // Without a last line feed it is a matter of chomping whether there is one.
            self.byte(line.end)?;
            let content = line.start - (line.indent - first.indent);
            pieces.push(self.slice(content, line.end)?);
            self.next = line.end + 1;
        }
        Some((pieces, first.start))
    }

    /// The line that starts at an offset, whatever it holds; `None` at the end.
    fn raw_line(&self, begin: usize) -> Option<Line> {
        let line = self.text.as_bytes().get(begin..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', line).unwrap_or(line.len());
        let indent = line[..length].iter().take_while(|byte| **byte == b' ').count();
        Some(Line { indent, start: begin + indent, end: begin + length })
    }
}

fn finished(mut text: String, strips: bool) -> String {
    if !strips {
        text.push('\n');
    }
    text
}
