//! From nodes to types: a serde deserializer over a document's tree that keeps spans.
//!
//! This is the fast way: it stops at the first problem. [`crate::complete`] then looks for all of
//! them. Two names are magic: a newtype called `$council/spanned` also gets its span, and one called
//! `$council/reference/<slugs>` is a reference, which is noted in the list of uses as it passes.

mod access;
mod reader;
mod tokens;

use std::cell::RefCell;
use std::fmt;

use diag::Span;
use serde::de::{self, Deserialize};

use crate::Node;
use crate::reference::Use;
use reader::Reader;

/// What is noted while a document is lowered.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// References.
    pub(crate) uses: RefCell<Vec<Use>>,
    /// Texts that YAML 1.1 reads as something else, and as what.
    pub(crate) differently: RefCell<Vec<(Span, &'static str)>>,
}

/// What a kind's lowering gets: the spec's node and, for Markdown files, the text after the front matter.
pub(crate) struct Input<'n> {
    pub(crate) node: &'n Node<'n>,
    pub(crate) notes: &'n Notes,
    pub(crate) title: Option<&'n str>,
    pub(crate) body: &'n str,
}

impl<'n> Input<'n> {
    pub(crate) fn read<T: Deserialize<'n>>(&self) -> Result<T, LowerError> {
        T::deserialize(Reader { node: self.node, notes: self.notes })
    }
}

/// Why a document is not of its kind's type, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerError {
    /// Where; `None` until the innermost node that failed adds its own span.
    pub span: Option<Span>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A key that the kind does not have, with those that it has.
    UnknownField(String, &'static [&'static str]),
    /// A word that is none of the choices.
    UnknownVariant(String, &'static [&'static str]),
    /// A key that must be there.
    MissingField(&'static str),
    /// A value of another type, in words.
    Type(String),
    /// Anything else, in words.
    Other(String),
}

impl LowerError {
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    fn new(problem: Problem) -> Self {
        Self { span: None, problem }
    }
}

impl fmt::Display for LowerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::UnknownField(name, _) => write!(formatter, "there is no field `{name}` here"),
            Problem::UnknownVariant(name, _) => write!(formatter, "`{name}` is not a choice here"),
            Problem::MissingField(name) => write!(formatter, "the field `{name}` is missing"),
            Problem::Type(message) | Problem::Other(message) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for LowerError {}

impl de::Error for LowerError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Problem::Other(message.to_string()))
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Problem::Type(format!("{expected} is expected, not {found}")))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownField(field.to_owned(), expected))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownVariant(variant.to_owned(), expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Problem::MissingField(field))
    }
}
