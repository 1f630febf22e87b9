//! The parts of a query, each with the span of its text.

use diag::Span;

use super::Type;

/// A part of a query: what it is and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Where it stands, with its brackets and modifiers.
    pub span: Span,
    /// What it yields.
    pub yields: Type,
    /// What it is.
    pub node: Node,
}

/// What a part of a query is.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number.
    Number,
    /// A text.
    Text,
    /// Series, by name and labels.
    Selector(Selector),
    /// A query evaluated over a range.
    Subquery(Box<Expression>),
    /// A function.
    Call(Call),
    /// One series out of many: `sum by (job) (…)`.
    Aggregate {
        /// The labels that stay.
        grouping: Option<Grouping>,
        /// What is summed up.
        inner: Box<Expression>,
    },
    /// Two operands.
    Binary(Binary),
    /// A sign, brackets, `offset` or `@` around something.
    Wrapped(Box<Expression>),
}

/// Series, by name and labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    /// The metric, when it is named before the braces.
    pub metric: Option<String>,
    /// What labels must be.
    pub matchers: Vec<Matcher>,
    /// The range behind it, which makes it a range vector.
    pub range: Option<Range>,
    /// Where name and braces end: a range is inserted here.
    pub core_end: u32,
}

/// The range of a selector or subquery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Where the length stands, without brackets.
    pub span: Span,
    /// Whether it is `{{.window}}`.
    pub is_window: bool,
}

/// What a label must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// `=`, `!=`, `=~` or `!~`.
    pub operator: &'static str,
    /// The value or regular expression.
    pub value: String,
}

/// A function with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its name.
    pub function: &'static str,
    /// What it is given.
    pub arguments: Vec<Expression>,
}

/// The labels that an aggregation keeps, or drops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// `without` rather than `by`.
    pub is_without: bool,
    /// The labels, sorted.
    pub labels: Vec<String>,
}

/// Two operands.
#[derive(Clone, Debug, PartialEq)]
pub struct Binary {
    /// The operator in lower case, such as `/` or `unless`.
    pub operator: &'static str,
    /// The left one.
    pub left: Box<Expression>,
    /// The right one.
    pub right: Box<Expression>,
}

impl Expression {
    /// The parts right below.
    pub fn parts(&self) -> Vec<&Self> {
        match &self.node {
            Node::Number | Node::Text | Node::Selector(_) => Vec::new(),
            Node::Subquery(inner) | Node::Wrapped(inner) => vec![inner],
            Node::Aggregate { inner, .. } => vec![inner],
            Node::Call(call) => call.arguments.iter().collect(),
            Node::Binary(binary) => vec![&binary.left, &binary.right],
        }
    }

    /// Calls a function with this part and every part below, from left to right.
    pub fn walk<'e>(&'e self, visit: &mut impl FnMut(&'e Self)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }

    /// Every selector, from left to right, with its whole span.
    pub fn selectors(&self) -> Vec<(&Selector, Span)> {
        let mut found = Vec::new();
        self.walk(&mut |part| {
            if let Node::Selector(selector) = &part.node {
                found.push((selector, part.span));
            }
        });
        found
    }

    /// The part without brackets, signs and modifiers around it.
    pub fn bare(&self) -> &Self {
        match &self.node {
            Node::Wrapped(inner) => inner.bare(),
            Node::Number
            | Node::Text
            | Node::Selector(_)
            | Node::Subquery(_)
            | Node::Call(_)
            | Node::Aggregate { .. }
            | Node::Binary(_) => self,
        }
    }
}
