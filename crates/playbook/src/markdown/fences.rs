//! Fenced blocks marked `yaml council`.

use std::borrow::Cow;
use std::ops::Range;

use diag::Span;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The text of one fenced block, with the way back to where it stands in the file.
#[derive(Debug)]
pub(crate) struct Fence<'t> {
    /// The block's content without fence, indentation and quote marks.
    pub(crate) text: Cow<'t, str>,
    /// Where pieces of the content stand: offset in `text`, offset in the file; never empty.
    pieces: Vec<(usize, usize)>,
    /// The whole block in the file, fences included.
    pub(crate) block: Range<usize>,
    /// Whether the closing fence is there.
    pub(crate) closed: bool,
}

impl Fence<'_> {
    /// Where the content starts in the file, when it stands there in one piece.
    pub(crate) fn start(&self) -> Option<usize> {
        match self.pieces.as_slice() {
            [(_, start)] => Some(*start),
            _ => None,
        }
    }

    /// Translates a span of the content into one of the file.
    pub(crate) fn in_file(&self, span: Span) -> Span {
        let start = self.offset(span.start as usize);
        // An end belongs to the piece of the last byte before it, not to the next line's.
        let end =
            if span.end > span.start { self.offset(span.end as usize - 1) + 1 } else { start };
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(offset(start), offset(end))
    }

    fn offset(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(content, _)| *content <= at);
        let (content, file) = self.pieces[next.saturating_sub(1)];
        (file + at.saturating_sub(content)).min(self.block.end)
    }
}

/// Finds the blocks of a text that declare resources.
pub(crate) fn fences(text: &str) -> Vec<Fence<'_>> {
    if !text.contains("council") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut events = Parser::new_ext(text, super::options()).into_offset_iter();
    while let Some((event, block)) = events.next() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else { continue };
        if !declares(&info) {
            continue;
        }
        let content = events
            .by_ref()
            .take_while(|(event, _)| !matches!(event, Event::End(TagEnd::CodeBlock)))
            .map(|(_, range)| range);
        found.push(fence(text, block, content));
    }
    found
}

/// A fence's info string: the language, then the word `council`.
fn declares(info: &str) -> bool {
    let mut words = info.split_whitespace();
    matches!(words.next(), Some("yaml" | "yml")) && words.any(|word| word == "council")
}

fn fence<'t>(
    text: &'t str,
    block: Range<usize>,
    content: impl Iterator<Item = Range<usize>>,
) -> Fence<'t> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for range in content {
        match ranges.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => ranges.push(range),
        }
    }
    let slice = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    let mut pieces = Vec::new();
    let content = match ranges.as_slice() {
        [] => {
            pieces.push((0, block.end));
            Cow::Borrowed("")
        }
        [only] => {
            pieces.push((0, only.start));
            Cow::Borrowed(slice(only))
        }
        many => {
            let mut content = String::new();
            for range in many {
                pieces.push((content.len(), range.start));
                content.push_str(slice(range));
            }
            Cow::Owned(content)
        }
    };
    let last = slice(&block).trim_end().rsplit('\n').next().unwrap_or_default();
    let closing = last.trim_start_matches([' ', '\t', '>']);
    let one_line = !slice(&block).trim_end().contains('\n');
    let closed = !one_line && (closing.starts_with("```") || closing.starts_with("~~~"));
    Fence { text: content, pieces, block, closed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blocks_marked_council_count() {
        let text =
            "```yaml\na: 1\n```\n\n```yaml council\nb: 2\n```\n\n~~~yml council extra\nc: 3\n~~~\n";
        let found = fences(text);
        let contents: Vec<&str> = found.iter().map(|fence| fence.text.as_ref()).collect();
        assert_eq!(contents, ["b: 2\n", "c: 3\n"]);
        assert_eq!(found[0].start().and_then(|at| text.get(at..at + 4)), Some("b: 2"));
        assert!(found.iter().all(|fence| fence.closed));
    }

    #[test]
    fn indented_and_quoted_blocks_keep_their_places() {
        let text = "- item\n\n  > ```yaml council\n  > aé: 1\n  > b: 2\n  > ```\n";
        let found = fences(text);
        assert_eq!(found[0].text, "aé: 1\nb: 2\n");
        let span = found[0].in_file(Span::new(7, 11));
        assert_eq!(text.get(span.start as usize..span.end as usize), Some("b: 2"));
        assert!(found[0].closed);
    }

    #[test]
    fn a_block_without_end_is_known() {
        assert!(!fences("```yaml council\na: 1\n")[0].closed);
        assert!(!fences("```yaml council")[0].closed);
    }
}
