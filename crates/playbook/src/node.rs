//! The tree of one YAML document: scalars, lists and maps, each with its span.

use std::borrow::Cow;

use diag::Span;
use granit_parser::{Event, Parser, ScalarStyle};

/// One node of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'t> {
    /// Where it stands, in bytes of the file.
    pub span: Span,
    /// What it is.
    pub value: Value<'t>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'t> {
    /// A scalar; `plain` ones (no quotes, no block) may mean a number, a boolean or null.
    Scalar {
        /// The text after escapes and folding.
        text: Cow<'t, str>,
        /// Whether it stood without quotes and not as a block.
        plain: bool,
    },
    /// A sequence.
    List(Vec<Node<'t>>),
    /// A mapping, in the order of the file.
    Map(Vec<(Node<'t>, Node<'t>)>),
}

impl<'t> Node<'t> {
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        match &self.value {
            Value::Map(pairs) => {
                pairs.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
            }
            Value::Scalar { .. } | Value::List(_) => None,
        }
    }
}

/// A place where the text is not YAML.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// Reads all documents of a text; `base` is added to every offset (for fenced blocks).
pub(crate) fn documents(text: &str, base: u32) -> (Vec<Node<'_>>, Vec<Broken>) {
    let mut builder =
        Builder { base, stack: Vec::new(), documents: Vec::new(), anchors: Vec::new() };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let start = span.start.byte_offset().unwrap_or(0);
                let end = span.end.byte_offset().unwrap_or(start);
                builder.event(event, start, end);
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                let at = base + u32::try_from(at).unwrap_or(u32::MAX);
                let broken = Broken { span: Span::new(at, at), message: error.info().to_owned() };
                return (builder.documents, vec![broken]);
            }
        }
    }
    (builder.documents, Vec::new())
}

/// A list or map that is still open: its anchor, start, and children so far.
struct Open<'t> {
    anchor: usize,
    start: u32,
    is_map: bool,
    children: Vec<Node<'t>>,
}

struct Builder<'t> {
    base: u32,
    stack: Vec<Open<'t>>,
    documents: Vec<Node<'t>>,
    anchors: Vec<(usize, Node<'t>)>,
}

impl<'t> Builder<'t> {
    fn event(&mut self, event: Event<'t>, start: usize, end: usize) {
        let offset = |at: usize| self.base + u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(offset(start), offset(end));
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                self.close(anchor, Node { span, value: Value::Scalar { text, plain } });
            }
            Event::SequenceStart(_, anchor, _) => self.open(anchor, span.start, false),
            Event::MappingStart(_, anchor, _) => self.open(anchor, span.start, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(span.end),
            Event::Alias(anchor) => {
                let target = self.anchors.iter().rev().find(|(id, _)| *id == anchor);
                if let Some(node) = target.map(|(_, node)| Node { span, value: node.value.clone() })
                {
                    self.close(0, node);
                }
            }
            Event::DocumentStart(..) => self.anchors.clear(),
            _ => {}
        }
    }

    fn open(&mut self, anchor: usize, start: u32, is_map: bool) {
        self.stack.push(Open { anchor, start, is_map, children: Vec::new() });
    }

    fn end(&mut self, end: u32) {
        let Some(open) = self.stack.pop() else { return };
        // A block collection ends where its last child ends, not at the next token.
        let end = open.children.last().map_or(end, |child| child.span.end);
        let value = if open.is_map { pairs(open.children) } else { Value::List(open.children) };
        self.close(open.anchor, Node { span: Span::new(open.start, end), value });
    }

    fn close(&mut self, anchor: usize, node: Node<'t>) {
        if anchor != 0 {
            self.anchors.push((anchor, node.clone()));
        }
        match self.stack.last_mut() {
            Some(open) => open.children.push(node),
            None => self.documents.push(node),
        }
    }
}

fn pairs(children: Vec<Node<'_>>) -> Value<'_> {
    let mut pairs = Vec::with_capacity(children.len() / 2);
    let mut children = children.into_iter();
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        pairs.push((key, value));
    }
    Value::Map(pairs)
}
