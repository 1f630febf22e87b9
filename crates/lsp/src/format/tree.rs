//! The shape of a text: which node stands where, without its meaning.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

/// What a node looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// A literal or folded block scalar.
    BlockText,
    Alias,
    BlockList,
    BlockMap,
    FlowList,
    FlowMap,
}

/// One node; maps hold keys and values in turn.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) look: Look,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Line of the first character, from 0.
    pub(super) line: usize,
    /// Column of the first character, from 0.
    pub(super) column: usize,
    /// Last line that holds a character of the node.
    pub(super) last_line: usize,
    pub(super) children: Vec<Self>,
}

impl Shape {
    /// Keys with their values, for a map.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&Self, &Self)> {
        self.children.chunks_exact(2).filter_map(|pair| Some((pair.first()?, pair.last()?)))
    }

    pub(super) fn is_flow(&self) -> bool {
        matches!(self.look, Look::FlowList | Look::FlowMap)
    }
}

/// A text with its shapes, one root a document.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) text: String,
    pub(super) roots: Vec<Shape>,
    meaning: Vec<String>,
}

impl Tree {
    /// Reads a text; the error says what is wrong with it and on which line.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut builder =
            Builder { text, stack: Vec::new(), roots: Vec::new(), meaning: Vec::new() };
        for event in Parser::new_from_str(text) {
            let (event, span) = event
                .map_err(|error| format!("line {}: {}", error.marker().line(), error.info()))?;
            let (start, end) =
                (span.start.byte_offset().unwrap_or(0), span.end.byte_offset().unwrap_or(0));
            builder.event(
                &event,
                (start, end),
                (span.start.line().saturating_sub(1), span.start.col()),
            );
        }
        let Builder { roots, meaning, .. } = builder;
        Ok(Self { text: text.to_owned(), roots, meaning })
    }

    /// Says whether both texts hold the same documents; the order of a document's fields does not count.
    pub(super) fn means_the_same(&self, other: &Self) -> bool {
        self.meaning == other.meaning
    }
}

struct Builder<'t> {
    text: &'t str,
    /// Open collections, each with the meanings of its children so far.
    stack: Vec<(Shape, Vec<String>)>,
    roots: Vec<Shape>,
    meaning: Vec<String>,
}

impl Builder<'_> {
    fn event(
        &mut self,
        event: &Event<'_>,
        (start, end): (usize, usize),
        (line, column): (usize, usize),
    ) {
        let shape =
            |look| Shape { look, start, end, line, column, last_line: line, children: Vec::new() };
        match event {
            Event::Scalar(text, style, ..) => {
                let (look, plain) = match style {
                    ScalarStyle::Plain => (Look::Plain, true),
                    ScalarStyle::SingleQuoted => (Look::SingleQuoted, false),
                    ScalarStyle::DoubleQuoted => (Look::DoubleQuoted, false),
                    ScalarStyle::Literal | ScalarStyle::Folded => (Look::BlockText, false),
                };
                self.close(shape(look), format!("{text:?}{plain}"));
            }
            Event::Alias(anchor) => self.close(shape(Look::Alias), format!("*{anchor}")),
            Event::SequenceStart(style, ..) => {
                let look =
                    if *style == StructureStyle::Flow { Look::FlowList } else { Look::BlockList };
                self.stack.push((shape(look), Vec::new()));
            }
            Event::MappingStart(style, ..) => {
                let look =
                    if *style == StructureStyle::Flow { Look::FlowMap } else { Look::BlockMap };
                self.stack.push((shape(look), Vec::new()));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((mut open, parts)) = self.stack.pop() else { return };
                let last = open.children.last().map_or(open.end, |child| child.end);
                open.end = if open.is_flow() { end } else { last };
                let meaning = meaning(&open, parts, self.stack.is_empty());
                self.close(open, meaning);
            }
            _ => {}
        }
    }

    fn close(&mut self, mut shape: Shape, meaning: String) {
        let content = self.text.get(shape.start..shape.end).unwrap_or_default().trim_end();
        shape.last_line = shape.line + content.matches('\n').count();
        match self.stack.last_mut() {
            Some((open, parts)) => {
                open.children.push(shape);
                parts.push(meaning);
            }
            None => {
                self.roots.push(shape);
                self.meaning.push(meaning);
            }
        }
    }
}

/// What a collection says, as text to compare; a document's own fields are sorted.
fn meaning(shape: &Shape, parts: Vec<String>, is_document: bool) -> String {
    let is_map = matches!(shape.look, Look::BlockMap | Look::FlowMap);
    let mut parts =
        if is_map { parts.chunks(2).map(|pair| pair.join(":")).collect() } else { parts };
    if is_map && is_document {
        parts.sort();
    }
    format!("{}{}]", if is_map { '{' } else { '[' }, parts.join(","))
}
