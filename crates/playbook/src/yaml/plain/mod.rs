//! A fast reader of the YAML that playbooks are mostly written in.
//!
//! It reads block maps and lists, scalars and flow collections of one line, and simple block scalars,
//! line by line, and gives up (`None`) at the slightest doubt: anchors, tags, tabs, escapes, scalars of
//! several lines, anything that is wrong. Whatever it gives up on is read by the library's parser, so
//! that it never reports anything itself. Where it does not give up, its tree is the same as the
//! library's, node for node and span for span; a property test holds it to that.
//!
//! Why: the library needs about one core-second for 50 MB, before anything is lowered. This reader
//! needs a fraction of that, and the tree borrows nearly every text.

mod blocks;
mod inline;

use super::{Node, Origin, Value, duplicates};

/// Deepest nesting read here; deeper documents are left to the library and its limit.
const MAX_DEPTH: usize = 24;

/// Longest document read here, so that the limits on nodes are the library's to enforce.
const MAX_BYTES: usize = 1 << 20;

/// Longest key read here; YAML allows 1,024 characters.
const MAX_KEY: usize = 128;

/// Reads a document that is plain enough; `None` when the library has to look at it.
pub(super) fn read<'t>(text: &'t str, origin: Origin<'_>) -> Option<Node<'t>> {
    if text.len() > MAX_BYTES || !is_ordinary(text.as_bytes()) {
        return None;
    }
    let mut reader = Reader { text, origin, next: 0, line: None, depth: 0 };
    reader.advance();
    let root = match reader.line {
        Some(Line { indent: 0, start, .. }) if !reader.is_item(start) => reader.map(0)?,
        Some(_) | None => return None,
    };
    reader.line.is_none().then_some(root)
}

/// Says whether a text has only characters that mean nothing special: no tabs, no carriage returns, no
/// control characters, none of the other line ends of Unicode, no byte-order marks.
fn is_ordinary(bytes: &[u8]) -> bool {
    let ascii = |byte: &u8| (0x20..0x7f).contains(byte) || *byte == b'\n';
    // Without a branch a byte, so that it is done many bytes at a time.
    if bytes.iter().fold(true, |all, byte| all & ascii(byte)) {
        return true;
    }
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        0xc2 | 0xef => false,
        0xe2 => !matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])),
        0x80.. => true,
        _ => ascii(byte),
    })
}

/// A line with something on it.
#[derive(Clone, Copy)]
struct Line {
    /// How far it is indented.
    indent: usize,
    /// Offset of its first character that is no space.
    start: usize,
    /// Offset of its end, without the line feed.
    end: usize,
}

struct Reader<'t, 'o> {
    text: &'t str,
    origin: Origin<'o>,
    /// Offset of the line after the current one.
    next: usize,
    line: Option<Line>,
    depth: usize,
}

impl<'t> Reader<'t, '_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn slice(&self, start: usize, end: usize) -> Option<&'t str> {
        self.text.get(start..end)
    }

    /// Goes to the next line that is neither empty nor a comment.
    fn advance(&mut self) {
        let bytes = self.text.as_bytes();
        self.line = None;
        while self.next < bytes.len() {
            let line = &bytes[self.next..];
            let length = memchr::memchr(b'\n', line).unwrap_or(line.len());
            let indent = line[..length].iter().take_while(|byte| **byte == b' ').count();
            let begin = self.next;
            self.next = begin + length + 1;
            if indent < length && line[indent] != b'#' {
                self.line = Some(Line { indent, start: begin + indent, end: begin + length });
                return;
            }
        }
    }

    /// Says whether a list item starts at an offset.
    fn is_item(&self, at: usize) -> bool {
        self.byte(at) == Some(b'-') && matches!(self.byte(at + 1), None | Some(b' ' | b'\n'))
    }

    /// The end of the simple key that starts at an offset: where its colon is.
    fn key(&self, start: usize, end: usize) -> Option<usize> {
        let line = self.text.as_bytes().get(start..end)?;
        line.first().filter(|first| first.is_ascii_alphanumeric() || **first == b'_')?;
        let word =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
        let length = line.iter().take_while(|byte| word(byte)).count();
        let is_key = line.get(length) == Some(&b':')
            && matches!(line.get(length + 1), None | Some(b' '))
            && length <= MAX_KEY;
        is_key.then_some(start + length)
    }

    /// Reads a map whose keys stand in one column.
    fn map(&mut self, indent: usize) -> Option<Node<'t>> {
        self.deeper()?;
        let mut pairs: Vec<(Node<'t>, Node<'t>)> = Vec::with_capacity(4);
        while let Some(line) = self.line {
            if line.indent < indent {
                break;
            }
            if line.indent > indent {
                return None;
            }
            let colon = self.key(line.start, line.end)?;
            let key = self.slice(line.start, colon)?;
            let key = Node::scalar(key, true, self.origin.span(line.start, colon));
            let value = self.value(line, colon, indent)?;
            pairs.push((key, value));
        }
        self.depth -= 1;
        let span = pairs.first()?.0.span.to(pairs.last()?.1.span);
        if duplicates::any(&pairs) {
            return None;
        }
        Some(Node { span, value: Value::Map(pairs) })
    }

    /// Reads what follows a key's colon.
    fn value(&mut self, line: Line, colon: usize, indent: usize) -> Option<Node<'t>> {
        let start = self.skip_spaces(colon + 1, line.end);
        match self.byte(start).filter(|_| start < line.end) {
            None | Some(b'#') => {
                self.advance();
                match self.line {
                    Some(next) if next.indent > indent => self.block(next),
                    Some(next) if next.indent == indent && self.is_item(next.start) => {
                        // The library lets a list in its key's own column start at its first item.
                        let mut list = self.list(indent)?;
                        if let Value::List(items) = &list.value {
                            list.span.start = items.first()?.span.start;
                        }
                        Some(list)
                    }
                    _ => Some(Node::scalar("", true, self.origin.span(colon + 1, colon + 1))),
                }
            }
            Some(b'|' | b'>') => self.block_scalar(start, line.end, indent),
            Some(_) => self.inline(start, line.end, indent),
        }
    }

    fn block(&mut self, line: Line) -> Option<Node<'t>> {
        if self.is_item(line.start) { self.list(line.indent) } else { self.map(line.indent) }
    }

    /// Reads a list whose dashes stand in one column.
    fn list(&mut self, indent: usize) -> Option<Node<'t>> {
        self.deeper()?;
        let first = self.line?.start;
        let mut items: Vec<Node<'t>> = Vec::with_capacity(4);
        while let Some(line) = self.line.filter(|line| line.indent >= indent) {
            if line.indent > indent {
                return None;
            }
            if !self.is_item(line.start) {
                break;
            }
            let start = self.skip_spaces(line.start + 1, line.end);
            if start == line.end || self.is_item(start) {
                return None;
            }
            let item = if self.key(start, line.end).is_some() {
                let column = line.indent + (start - line.start);
                self.line = Some(Line { indent: column, start, end: line.end });
                self.map(column)?
            } else {
                self.inline(start, line.end, indent)?
            };
            items.push(item);
        }
        self.depth -= 1;
        let start = self.origin.span(first, first);
        let span = start.to(items.last()?.span);
        Some(Node { span, value: Value::List(items) })
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    fn skip_spaces(&self, from: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes().get(from..end).unwrap_or_default();
        from + bytes.iter().take_while(|byte| **byte == b' ').count()
    }
}
