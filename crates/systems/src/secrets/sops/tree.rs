//! The structure of a file: maps, lists and scalars with the bytes where they stand, so that one can be exchanged without
//! touching the rest. JSON is read as the YAML that it is.

use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle};

/// How deep maps and lists may be nested: as deep as the playbook's own files.
const MAX_DEPTH: usize = 64;

/// One value.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) shape: Shape,
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Shape {
    Map { entries: Vec<Entry>, flow: bool },
    List(Vec<Node>),
    Scalar { text: String, plain: bool },
}

/// One entry of a map.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    /// Where the key begins.
    pub(super) at: usize,
    pub(super) value: Node,
}

impl Node {
    /// The value under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The entries of a map; none for anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.shape {
            Shape::Map { entries, .. } => entries,
            Shape::List(_) | Shape::Scalar { .. } => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(super) fn items(&self) -> &[Self] {
        match &self.shape {
            Shape::List(items) => items,
            Shape::Map { .. } | Shape::Scalar { .. } => &[],
        }
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Scalar { text, .. } => Some(text),
            Shape::Map { .. } | Shape::List(_) => None,
        }
    }

    /// Where its last scalar ends: the ends of block maps and lists lie anywhere up to what follows.
    pub(super) fn end(&self) -> usize {
        let last = match &self.shape {
            Shape::Map { entries, flow: false } => entries.last().map(|entry| &entry.value),
            Shape::List(items) if self.range.end > self.range.start => items.last(),
            Shape::Map { .. } | Shape::List(_) | Shape::Scalar { .. } => None,
        };
        last.map_or(self.range.end, Self::end)
    }
}

/// Reads a text of one document. The error is a sentence's end: "it …".
pub(super) fn read(text: &str) -> Result<Node, String> {
    let mut options = Options::default();
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    options.set_emit_comments(false);
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| format!("is no YAML or JSON: {error}"))?;
        let start = span.start.byte_offset().unwrap_or(0).min(text.len());
        let end = span.end.byte_offset().unwrap_or(start).clamp(start, text.len());
        builder.event(event, start..end)?;
    }
    builder.root.ok_or_else(|| "is empty".to_owned())
}

/// A map or list that is still open.
struct Open {
    start: usize,
    flow: bool,
    is_map: bool,
    children: Vec<Node>,
}

#[derive(Default)]
struct Builder {
    stack: Vec<Open>,
    root: Option<Node>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, ..) => {
                let plain = style == ScalarStyle::Plain;
                self.close(Node { shape: Shape::Scalar { text: text.into_owned(), plain }, range })
            }
            Event::MappingStart(style, ..) => {
                self.open(range.start, style, true);
                Ok(())
            }
            Event::SequenceStart(style, ..) => {
                self.open(range.start, style, false);
                Ok(())
            }
            Event::MappingEnd | Event::SequenceEnd => self.end(range.end),
            Event::Alias(_) => Err("holds aliases, which SOPS does not keep".to_owned()),
            // Everything else opens and closes documents, or is switched off.
            _ => Ok(()),
        }
    }

    fn open(&mut self, start: usize, style: StructureStyle, is_map: bool) {
        let flow = style == StructureStyle::Flow;
        self.stack.push(Open { start, flow, is_map, children: Vec::new() });
    }

    fn end(&mut self, end: usize) -> Result<(), String> {
        let Some(Open { start, flow, is_map, children }) = self.stack.pop() else { return Ok(()) };
        let shape = if is_map { map(children, flow)? } else { Shape::List(children) };
        self.close(Node { shape, range: start..end.max(start) })
    }

    fn close(&mut self, node: Node) -> Result<(), String> {
        match self.stack.last_mut() {
            Some(open) => open.children.push(node),
            None if self.root.is_some() => {
                return Err("holds several documents; keep one in a file".to_owned());
            }
            None => self.root = Some(node),
        }
        Ok(())
    }
}

fn map(children: Vec<Node>, flow: bool) -> Result<Shape, String> {
    let mut entries: Vec<Entry> = Vec::with_capacity(children.len() / 2);
    let mut children = children.into_iter();
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        let at = key.range.start;
        let Shape::Scalar { text: key, .. } = key.shape else {
            return Err("has a key that is no text".to_owned());
        };
        if entries.iter().any(|entry| entry.key == key) {
            return Err(format!("has the key `{key}` twice in one map"));
        }
        entries.push(Entry { key, at, value });
    }
    Ok(Shape::Map { entries, flow })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_stand_where_their_ranges_say() {
        let text = "a: one\nb:\n  - \"two\"\n  - c: three # said\n";
        let root = read(text).unwrap();
        let two = &root.get("b").unwrap().items()[0];
        assert_eq!((two.text(), text.get(two.range.clone())), (Some("two"), Some("\"two\"")));
        assert_eq!(text.get(..root.end()).unwrap().rsplit(' ').next(), Some("three"));
        let json = r#"{"a": {"b": "x"}}"#;
        let root = read(json).unwrap();
        assert_eq!(root.get("a").unwrap().get("b").unwrap().text(), Some("x"));
    }

    #[test]
    fn what_sops_would_not_keep_is_refused() {
        for text in
            ["a: &x 1\nb: *x\n", "a: 1\n---\nb: 2\n", "a: 1\na: 2\n", "? [a]\n: 1\n", "a: [\n", ""]
        {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
