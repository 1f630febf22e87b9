//! Cuts the one line out of a text that an excerpt shows, safe to print and short.

use std::ops::Range;

use crate::words::visible;
use crate::{LineIndex, Span};

/// Longest piece of a line that an excerpt shows, in characters. Wider than any terminal that people
/// read in, so that ordinary lines are never cut, and far below what a minified file has in a line.
const LINE_LIMIT: usize = 240;

/// How much of a cut line stands before the marked place, in characters.
const LEAD: usize = 60;

/// A line ready for display, and the marked range in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) marked: Range<usize>,
}

/// Cuts out the line in which a span starts. A span of several lines is marked to the end of its first.
pub(super) fn excerpt(text: &str, lines: &LineIndex, span: Span) -> Excerpt {
    let position = lines.position(text, span.start);
    let start = text.floor_char_boundary(span.start as usize);
    let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let rest = text.get(line_start..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let marked_from = start - line_start;
    let marked_to = (span.end as usize).saturating_sub(line_start).max(marked_from);
    let (mut shown, mut from, mut to) = (String::new(), None, None);
    let first = line.char_indices().take_while(|(at, _)| *at < marked_from).count();
    let skip = if line.chars().nth(LINE_LIMIT).is_some() { first.saturating_sub(LEAD) } else { 0 };
    if skip > 0 {
        shown.push('…');
    }
    for (at, character) in line.char_indices().skip(skip).take(LINE_LIMIT) {
        if at >= marked_from {
            from.get_or_insert(shown.len());
        }
        if at >= marked_to {
            to.get_or_insert(shown.len());
        }
        match character {
            '\t' => shown.push_str("    "),
            other => shown.push(visible(other)),
        }
    }
    let (from, to) = (from.unwrap_or(shown.len()), to.unwrap_or(shown.len()));
    if line.chars().nth(skip + LINE_LIMIT).is_some() {
        shown.push('…');
    }
    Excerpt { line: position.line as usize, text: shown, marked: from..to.max(from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, span: Span) -> Excerpt {
        excerpt(text, &LineIndex::new(text), span)
    }

    #[test]
    fn a_span_of_several_lines_is_marked_on_its_first() {
        let found = cut("a: 1\r\nb:\n  c: 2\n", Span::new(6, 17));
        assert_eq!(found, Excerpt { line: 2, text: "b:".into(), marked: 0..2 });
    }

    #[test]
    fn control_characters_and_tabs_keep_the_mark_in_place() {
        let found = cut("\t\u{1b}[2J: x\n", Span::new(6, 8));
        assert_eq!(found.text, "    ␛[2J: x");
        assert_eq!(found.text.get(found.marked), Some(" x"));
    }

    #[test]
    fn a_huge_line_is_cut_around_the_mark() {
        let text = format!("{}HERE{}", "ä".repeat(1_000_000), "ö".repeat(1_000_000));
        let found = cut(&text, Span::new(2_000_000, 2_000_004));
        assert_eq!(found.text.get(found.marked), Some("HERE"));
        assert!(found.text.chars().count() <= LINE_LIMIT + 2);
    }

    #[test]
    fn offsets_outside_the_text_or_inside_a_character_are_clamped() {
        assert_eq!(cut("ab", Span::new(90, 99)).marked, 2..2);
        assert_eq!(cut("äb", Span::new(1, 1)).marked, 0..2);
        assert_eq!(cut("", Span::new(0, 0)).text, "");
    }
}
