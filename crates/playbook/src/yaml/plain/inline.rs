//! Values that stand on the line of their key or dash.

use super::Reader;
use crate::yaml::{Node, Value};

impl<'t> Reader<'t, '_> {
    /// Reads a value of one line and goes to the next; gives up when that line continues the value.
    pub(super) fn inline(&mut self, start: usize, end: usize, indent: usize) -> Option<Node<'t>> {
        let node = match self.byte(start)? {
            b'"' | b'\'' | b'[' | b'{' => {
                let (node, after) = self.flow(start, end)?;
                let rest = self.skip_spaces(after, end);
                let is_comment = self.byte(rest) == Some(b'#') && rest > after;
                if rest < end && !is_comment {
                    return None;
                }
                node
            }
            _ => self.plain(start, end)?,
        };
        self.advance();
        match self.line {
            Some(next) if next.indent > indent => None,
            Some(_) | None => Some(node),
        }
    }

    /// Says whether a plain scalar may start with these bytes without meaning anything else.
    fn starts_plain(&self, start: usize) -> bool {
        match self.byte(start) {
            Some(b'-') => {
                matches!(self.byte(start + 1), Some(next) if next.is_ascii_alphanumeric())
            }
            Some(
                b'/'
                | b'.'
                | b'_'
                | b'('
                | b'+'
                | b'$'
                | b'^'
                | b'~'
                | b'='
                | b';'
                | b'<'
                | b')'
                | b'\\'
                | 0x80..,
            ) => true,
            Some(first) => first.is_ascii_alphanumeric(),
            None => false,
        }
    }

    /// Reads a plain scalar up to the end of the line or a comment.
    fn plain(&self, start: usize, end: usize) -> Option<Node<'t>> {
        if !self.starts_plain(start) {
            return None;
        }
        let bytes = self.text.as_bytes().get(..end)?;
        let mut stop = end;
        let mut at = start;
        while let Some(found) = memchr::memchr2(b':', b'#', bytes.get(at..)?) {
            let found = at + found;
            if bytes[found] == b':' {
                if matches!(bytes.get(found + 1), None | Some(b' ')) {
                    return None;
                }
            } else if found > start && bytes[found - 1] == b' ' {
                stop = found;
                break;
            }
            at = found + 1;
        }
        let text = self.slice(start, stop)?.trim_end_matches(' ');
        Some(Node::scalar(text, true, self.origin.span(start, start + text.len())))
    }

    /// Reads a scalar in quotes or a collection in brackets; returns the offset after it.
    fn flow(&mut self, start: usize, end: usize) -> Option<(Node<'t>, usize)> {
        match self.byte(start)? {
            quote @ (b'"' | b'\'') => self.quoted(quote, start, end),
            b'[' => self.flow_list(start, end),
            b'{' => self.flow_map(start, end),
            _ => self.flow_plain(start, end),
        }
    }

    fn quoted(&self, quote: u8, start: usize, end: usize) -> Option<(Node<'t>, usize)> {
        let bytes = self.text.as_bytes().get(start + 1..end)?;
        let close = start + 1 + memchr::memchr(quote, bytes)?;
        let text = self.slice(start + 1, close)?;
        let has_escape = match quote {
            b'"' => text.contains('\\'),
            _ => self.byte(close + 1) == Some(quote),
        };
        if has_escape {
            return None;
        }
        Some((Node::scalar(text, false, self.origin.span(start, close + 1)), close + 1))
    }

    /// Reads a plain scalar inside of brackets.
    fn flow_plain(&self, start: usize, end: usize) -> Option<(Node<'t>, usize)> {
        if !self.starts_plain(start) {
            return None;
        }
        let bytes = self.text.as_bytes().get(start..end)?;
        let length = bytes
            .iter()
            .position(|byte| matches!(byte, b',' | b'[' | b']' | b'{' | b'}' | b'#' | b':'))?;
        let stop = start + length;
        match self.byte(stop)? {
            b',' | b']' | b'}' => {}
            // A colon with a space ends a key; every other one is left to the library.
            b':' if self.byte(stop + 1) == Some(b' ') => {}
            _ => return None,
        }
        let text = self.slice(start, stop)?.trim_end_matches(' ');
        if self.byte(stop) == Some(b':') && start + text.len() != stop {
            return None;
        }
        Some((Node::scalar(text, true, self.origin.span(start, start + text.len())), stop))
    }

    fn flow_list(&mut self, start: usize, end: usize) -> Option<(Node<'t>, usize)> {
        self.deeper()?;
        let mut items = Vec::new();
        let mut at = self.skip_spaces(start + 1, end);
        if self.byte(at) != Some(b']') {
            loop {
                let (item, after) = self.flow(at, end)?;
                items.push(item);
                at = self.skip_spaces(after, end);
                match self.byte(at).filter(|_| at < end)? {
                    b',' => at = self.skip_spaces(at + 1, end),
                    b']' => break,
                    _ => return None,
                }
            }
        }
        if at >= end {
            return None;
        }
        self.depth -= 1;
        Some((Node { span: self.origin.span(start, at + 1), value: Value::List(items) }, at + 1))
    }

    fn flow_map(&mut self, start: usize, end: usize) -> Option<(Node<'t>, usize)> {
        self.deeper()?;
        let mut pairs = Vec::new();
        let mut at = self.skip_spaces(start + 1, end);
        if self.byte(at) != Some(b'}') {
            loop {
                let colon = self.key(at, end)?;
                let key = Node::scalar(self.slice(at, colon)?, true, self.origin.span(at, colon));
                let (value, after) = self.flow(self.skip_spaces(colon + 1, end), end)?;
                pairs.push((key, value));
                at = self.skip_spaces(after, end);
                match self.byte(at).filter(|_| at < end)? {
                    b',' => at = self.skip_spaces(at + 1, end),
                    b'}' => break,
                    _ => return None,
                }
            }
        }
        if at >= end || super::duplicates::any(&pairs) {
            return None;
        }
        self.depth -= 1;
        Some((Node { span: self.origin.span(start, at + 1), value: Value::Map(pairs) }, at + 1))
    }
}
