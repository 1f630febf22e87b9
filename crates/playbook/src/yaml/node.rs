//! The tree of one YAML document: scalars, lists and maps, each with its span.

use std::borrow::Cow;

use diag::Span;

/// One node of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node<'t> {
    /// Where it stands, in bytes of the file.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) value: Value<'t>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'t> {
    /// A scalar; `plain` ones (no quotes, no block) may mean a number, a boolean or null.
    Scalar {
        /// The text after escapes and folding; empty for a value that was left out.
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
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The value of a key of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.pair(key).map(|(_, value)| value)
    }

    /// The key and value of a key of a map.
    pub(crate) fn pair(&self, key: &str) -> Option<&(Self, Self)> {
        self.pairs().iter().find(|(name, _)| name.text() == Some(key))
    }

    /// Keys and values of a map; none for anything else.
    pub(crate) fn pairs(&self) -> &[(Self, Self)] {
        match &self.value {
            Value::Map(pairs) => pairs,
            Value::Scalar { .. } | Value::List(_) => &[],
        }
    }

    /// Makes a scalar.
    pub(crate) fn scalar(text: impl Into<Cow<'t, str>>, plain: bool, span: Span) -> Self {
        Self { span, value: Value::Scalar { text: text.into(), plain } }
    }

    /// How many nodes it consists of, itself included.
    pub(crate) fn size(&self) -> usize {
        1 + match &self.value {
            Value::Scalar { .. } => 0,
            Value::List(items) => items.iter().map(Self::size).sum(),
            Value::Map(pairs) => pairs.iter().map(|(key, value)| key.size() + value.size()).sum(),
        }
    }

    /// How many levels of lists and maps it has.
    pub(crate) fn depth(&self) -> usize {
        match &self.value {
            Value::Scalar { .. } => 0,
            Value::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Value::Map(pairs) => {
                1 + pairs.iter().map(|(_, value)| value.depth()).max().unwrap_or(0)
            }
        }
    }

    /// Moves every span, for documents that were cut out of a Markdown file.
    pub(crate) fn move_spans(&mut self, to: &impl Fn(Span) -> Span) {
        self.span = to(self.span);
        match &mut self.value {
            Value::Scalar { .. } => {}
            Value::List(items) => items.iter_mut().for_each(|item| item.move_spans(to)),
            Value::Map(pairs) => {
                for (key, value) in pairs {
                    key.move_spans(to);
                    value.move_spans(to);
                }
            }
        }
    }
}
