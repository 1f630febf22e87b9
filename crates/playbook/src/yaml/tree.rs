//! Builds the tree of one document from the parser's events.
//!
//! Aliases are expanded within a budget; keys that stand twice, keys that are no text, merge keys
//! and tags are reported and left out, so that the rest of the document is still read.

use diag::words::quote;
use diag::{Diagnostic, Span};
use granit_parser::{Event, Options, Parser, ScalarStyle, Tag};

use super::{Node, Origin, Value, duplicates, syntax};
use crate::codes;
use crate::limits::{MAX_ALIAS_NODES, MAX_DEPTH, MAX_NODES};

/// Reads a text of one document; `None` when it is empty or broken.
pub(super) fn read<'t>(text: &'t str, origin: Origin<'_>) -> (Option<Node<'t>>, Vec<Diagnostic>) {
    let mut builder = Builder {
        text,
        origin,
        stack: Vec::new(),
        root: None,
        anchors: Vec::new(),
        nodes: 0,
        alias_nodes: 0,
        problems: Vec::new(),
    };
    let mut options = Options::default();
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    options.set_emit_comments(false);
    for event in Parser::new_from_str_with_options(text, options) {
        let result = match event {
            Ok((event, span)) => {
                let start = span.start.byte_offset().unwrap_or(0).min(text.len());
                let end = span.end.byte_offset().unwrap_or(start).min(text.len());
                builder.event(event, start, end.max(start))
            }
            Err(error) => Err(syntax::explain(text, origin, &error)),
        };
        if let Err(fatal) = result {
            builder.problems.push(fatal);
            return (None, builder.problems);
        }
    }
    (builder.root, builder.problems)
}

/// A list or map that is still open: its anchor, start, and children so far.
struct Open<'t> {
    anchor: usize,
    start: u32,
    is_map: bool,
    children: Vec<Node<'t>>,
}

struct Builder<'t, 'o> {
    text: &'t str,
    origin: Origin<'o>,
    stack: Vec<Open<'t>>,
    root: Option<Node<'t>>,
    anchors: Vec<(usize, Node<'t>)>,
    nodes: usize,
    alias_nodes: usize,
    problems: Vec<Diagnostic>,
}

impl<'t> Builder<'t, '_> {
    fn event(&mut self, event: Event<'t>, start: usize, end: usize) -> Result<(), Diagnostic> {
        let span = self.origin.span(start, end);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let forced = self.tag(tag.as_deref(), span);
                let plain = style == ScalarStyle::Plain && !forced;
                let node = if plain && start == end {
                    self.left_out(start)
                } else {
                    Node::scalar(text, plain, span)
                };
                self.close(anchor, node)
            }
            Event::SequenceStart(_, anchor, tag) => self.open(anchor, start, false, tag.as_deref()),
            Event::MappingStart(_, anchor, tag) => self.open(anchor, start, true, tag.as_deref()),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::StreamStart
            | Event::StreamEnd => Ok(()),
            // Comments, anchor events and the like are switched off.
            _ => Ok(()),
        }
    }

    /// A value that was left out stands right after its key's colon.
    fn left_out(&self, at: usize) -> Node<'t> {
        let at = if self.text.as_bytes().get(at) == Some(&b':') { at + 1 } else { at };
        Node::scalar("", true, self.origin.span(at, at))
    }

    /// Reports tags; returns whether the tag forces a scalar to be text.
    fn tag(&mut self, tag: Option<&Tag>, span: Span) -> bool {
        let Some(tag) = tag else { return false };
        match tag.core_suffix() {
            Some("str") => true,
            Some("map" | "seq" | "null" | "bool" | "int" | "float") => false,
            Some(_) | None => {
                let message = format!("the tag {} is not known", quote(&tag.original()));
                let place = self.origin.place(span);
                self.problems.push(
                    Diagnostic::new(&codes::UNKNOWN_TAG, place, message)
                        .why("tags call functions of other tools; a playbook is plain data")
                        .hint("write the value without the tag"),
                );
                false
            }
        }
    }

    fn open(
        &mut self,
        anchor: usize,
        start: usize,
        is_map: bool,
        tag: Option<&Tag>,
    ) -> Result<(), Diagnostic> {
        let span = self.origin.span(start, start);
        self.tag(tag, span);
        if self.stack.len() >= MAX_DEPTH {
            return Err(syntax::too_deep(self.origin, start));
        }
        self.stack.push(Open { anchor, start: span.start, is_map, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), Diagnostic> {
        let Some(open) = self.stack.pop() else { return Ok(()) };
        // A block collection ends where its last child ends, not at the next token; one in brackets
        // ends with its bracket.
        let last = open.children.last().map_or(open.start, |child| child.span.end);
        let end = if end.start < end.end { end.end } else { last };
        let span = Span::new(open.start, end.max(open.start));
        let value =
            if open.is_map { self.pairs(open.children) } else { Value::List(open.children) };
        self.close(open.anchor, Node { span, value })
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        let target = self.anchors.iter().rev().find(|(id, _)| *id == anchor).map(|(_, node)| node);
        let Some(target) = target else {
            let place = self.origin.place(span);
            return Err(Diagnostic::new(
                &codes::ALIASES,
                place,
                "an alias stands inside of what it stands for",
            )
            .hint("write the inner value out"));
        };
        self.alias_nodes += target.size();
        if self.alias_nodes > MAX_ALIAS_NODES {
            let place = self.origin.place(span);
            let message = format!(
                "the aliases of this document stand for more than {MAX_ALIAS_NODES} values"
            );
            return Err(Diagnostic::new(&codes::ALIASES, place, message)
                .why("aliases of aliases multiply until memory ends")
                .hint("write the values out, or split the document"));
        }
        if self.stack.len() + target.depth() > MAX_DEPTH {
            return Err(syntax::too_deep(self.origin, (span.start - self.origin.base) as usize));
        }
        let node = Node { span, value: target.value.clone() };
        self.close(0, node)
    }

    fn close(&mut self, anchor: usize, node: Node<'t>) -> Result<(), Diagnostic> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let place = self.origin.place(node.span);
            let message = format!("the document has more than {MAX_NODES} values");
            return Err(
                Diagnostic::new(&codes::TOO_MANY, place, message).hint("split the document")
            );
        }
        if anchor != 0 {
            self.anchors.push((anchor, node.clone()));
        }
        match self.stack.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    /// Pairs keys with values, leaving out what cannot be a field.
    fn pairs(&mut self, children: Vec<Node<'t>>) -> Value<'t> {
        let mut pairs: Vec<(Node<'t>, Node<'t>)> = Vec::with_capacity(children.len() / 2);
        let mut children = children.into_iter();
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            match (&key.value, key.text()) {
                (Value::Scalar { plain: true, .. }, Some("<<")) => self.merge_key(key.span),
                (_, Some(_)) => pairs.push((key, value)),
                (_, None) => self.no_text(key.span),
            }
        }
        for (second, first) in duplicates::remove(&mut pairs) {
            self.problems.push(duplicate(self.origin, &second, first));
        }
        Value::Map(pairs)
    }

    fn merge_key(&mut self, span: Span) {
        let place = self.origin.place(span);
        self.problems.push(
            Diagnostic::new(&codes::MERGE_KEY, place, "merge keys (`<<`) are not read")
                .why("YAML 1.2 has none, and tools disagree about which side wins")
                .hint("write the fields out, or use an alias for a whole value"),
        );
    }

    fn no_text(&mut self, span: Span) {
        let place = self.origin.place(span);
        self.problems.push(
            Diagnostic::new(
                &codes::KEY_NOT_TEXT,
                place,
                "a list or map stands where a key is expected",
            )
            .hint("write a word as the key; put text that starts with `{` or `[` in quotes"),
        );
    }
}

/// The finding that a key stands twice in a map.
pub(super) fn duplicate(origin: Origin<'_>, second: &Node<'_>, first: Span) -> Diagnostic {
    let key = quote(second.text().unwrap_or_default());
    Diagnostic::new(
        &codes::DUPLICATE_KEY,
        origin.place(second.span),
        format!("the key {key} stands twice in this map"),
    )
    .why("only one of the two values can be meant")
    .hint("delete one of them")
    .related(origin.place(first), "it stands here first")
}
