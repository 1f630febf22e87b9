//! Translates between the editor's positions and our byte offsets.
//!
//! The protocol counts lines from 0 and characters in UTF-16 code units (LSP 3.17, "Position").

use diag::Span;
use ls_types::{Position, Range};

/// Translates a byte offset into a position.
pub(crate) fn position(text: &str, offset: usize) -> Position {
    let offset = floor(text, offset);
    let before = text.get(..offset).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count();
    let units: usize = before.get(start..).unwrap_or_default().chars().map(char::len_utf16).sum();
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position::new(small(line), small(units))
}

/// Translates a position into a byte offset; positions behind a line's end mean its end.
pub(crate) fn offset(text: &str, position: Position) -> usize {
    let mut start = 0;
    for _ in 0..position.line {
        match text.get(start..).and_then(|rest| rest.find('\n')) {
            Some(at) => start += at + 1,
            None => return text.len(),
        }
    }
    let line = text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default();
    let mut units = 0;
    for (at, character) in line.char_indices() {
        if units >= position.character as usize {
            return start + at;
        }
        units += character.len_utf16();
    }
    start + line.trim_end_matches('\r').len()
}

/// Translates a span into a range.
pub(crate) fn range(text: &str, span: Span) -> Range {
    Range::new(position(text, span.start as usize), position(text, span.end as usize))
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_beyond_the_basic_plane_count_two() {
        let text = "a\né𝄞x\n";
        let at = text.find('x').unwrap();
        assert_eq!(position(text, at), Position::new(1, 3));
        assert_eq!(offset(text, Position::new(1, 3)), at);
    }

    #[test]
    fn positions_outside_are_clamped() {
        assert_eq!(offset("ab\r\nc", Position::new(0, 99)), 2);
        assert_eq!(offset("ab", Position::new(9, 0)), 2);
        assert_eq!(position("é", 1), Position::new(0, 0));
    }
}
