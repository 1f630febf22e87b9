//! Tokens into a tree: operators by their precedence, operands, and what may follow an operand.

use diag::Span;
use thiserror::Error;

use super::ast::{Binary, Call, Expression, Grouping, Matcher, Node, Selector};
use super::functions::{self, AGGREGATIONS};
use super::lex::{Token, tokens};
use super::types::{self, Type};

/// How deep brackets and operators may nest. Queries of people stay below ten; the limit keeps a
/// hostile one from exhausting the stack.
pub const MAX_DEPTH: usize = 100;

/// Where a query is not PromQL, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// Where, as bytes of the query.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<&'static str>,
}

/// Reads a query.
///
/// # Errors
/// Names the first place that is not PromQL.
pub fn parse(text: &str) -> Result<Expression, SyntaxError> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0 };
    if *reader.peek() == Token::End {
        return reader.fault("the query is empty", None);
    }
    let query = reader.binary(0)?;
    match reader.peek() {
        Token::End => Ok(query),
        _ => {
            let message = format!("`{}` is not expected here", shown(reader.peek()));
            reader.fault(&message, Some("an operator is missing, or a bracket is one too many"))
        }
    }
}

pub(super) struct Reader {
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
}

impl Reader {
    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn peek_second(&self) -> &Token {
        self.tokens.get(self.at + 1).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn span(&self) -> Span {
        self.tokens.get(self.at).or(self.tokens.last()).map(|(_, span)| *span).unwrap_or_default()
    }

    pub(super) fn before(&self) -> Span {
        self.tokens.get(self.at.saturating_sub(1)).map(|(_, span)| *span).unwrap_or_default()
    }

    pub(super) fn next(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len());
    }

    pub(super) fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(one) if *one == sign);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn keyword(&self) -> Option<String> {
        match self.peek() {
            Token::Word(word) => Some(word.to_ascii_lowercase()),
            Token::Number
            | Token::Duration
            | Token::Window
            | Token::Text(_)
            | Token::Sign(_)
            | Token::End => None,
        }
    }

    pub(super) fn demands(&mut self, sign: &str) -> Result<(), SyntaxError> {
        if self.takes(sign) {
            return Ok(());
        }
        let message = match self.peek() {
            Token::End => format!("the query ends before `{sign}`"),
            other => format!("`{}` stands where `{sign}` is expected", shown(other)),
        };
        self.fault(&message, None)
    }

    pub(super) fn fault<T>(
        &self,
        message: &str,
        hint: Option<&'static str>,
    ) -> Result<T, SyntaxError> {
        Err(SyntaxError { span: self.span(), message: message.to_owned(), hint })
    }

    /// Operators that bind at least as strongly as `level`.
    fn binary(&mut self, level: u8) -> Result<Expression, SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fault("the query nests too deeply", Some("record parts of it by rules"));
        }
        let mut left = self.unary()?;
        while let Some((operator, strength)) = self.operator().filter(|(_, one)| *one >= level) {
            let at = self.span();
            self.next();
            let with_bool = self.modifiers(operator)?;
            // `^` groups from the right, all others from the left.
            let right = self.binary(if operator == "^" { strength } else { strength + 1 })?;
            let yields = types::binary((operator, at), &left, &right, with_bool)?;
            let span = left.span.to(right.span);
            let node =
                Node::Binary(Binary { operator, left: Box::new(left), right: Box::new(right) });
            left = Expression { span, yields, node };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operator(&self) -> Option<(&'static str, u8)> {
        let word = match self.peek() {
            Token::Sign(sign) => (*sign).to_owned(),
            Token::Word(word) => word.to_ascii_lowercase(),
            Token::Number | Token::Duration | Token::Window | Token::Text(_) | Token::End => {
                return None;
            }
        };
        const OPERATORS: [(&str, u8); 16] = [
            ("or", 1),
            ("and", 2),
            ("unless", 2),
            ("==", 3),
            ("!=", 3),
            ("<=", 3),
            ("<", 3),
            (">=", 3),
            (">", 3),
            ("+", 4),
            ("-", 4),
            ("*", 5),
            ("/", 5),
            ("%", 5),
            ("atan2", 5),
            ("^", 7),
        ];
        OPERATORS.into_iter().find(|(operator, _)| *operator == word)
    }

    /// `bool`, `on (…)`, `ignoring (…)`, `group_left (…)`, `group_right (…)` behind an operator.
    fn modifiers(&mut self, operator: &'static str) -> Result<bool, SyntaxError> {
        let mut with_bool = false;
        if self.keyword().as_deref() == Some("bool")
            && !matches!(self.peek_second(), Token::Sign("{"))
        {
            self.next();
            with_bool = true;
        }
        if matches!(self.keyword().as_deref(), Some("on" | "ignoring")) {
            self.next();
            self.labels()?;
            if matches!(self.keyword().as_deref(), Some("group_left" | "group_right")) {
                if matches!(operator, "and" | "or" | "unless") {
                    return self.fault("sets know no `group_left` and no `group_right`", None);
                }
                self.next();
                if matches!(self.peek(), Token::Sign("(")) {
                    self.labels()?;
                }
            }
        }
        Ok(with_bool)
    }

    fn labels(&mut self) -> Result<Vec<String>, SyntaxError> {
        self.demands("(")?;
        let mut labels = Vec::new();
        while !self.takes(")") {
            match self.peek().clone() {
                Token::Word(label) | Token::Text(label) if !label.contains(':') => {
                    labels.push(label);
                }
                other => {
                    let message = format!("`{}` is no name of a label", shown(&other));
                    return self.fault(&message, None);
                }
            }
            self.next();
            if !self.takes(",") && !matches!(self.peek(), Token::Sign(")")) {
                return self.fault("labels are separated by `,` and end with `)`", None);
            }
        }
        labels.sort();
        Ok(labels)
    }

    fn unary(&mut self) -> Result<Expression, SyntaxError> {
        let start = self.span();
        if self.takes("-") || self.takes("+") {
            // A sign binds like `*`, so that -2^2 is -4.
            let inner = self.binary(6)?;
            if matches!(inner.yields, Type::Range | Type::Text) {
                let message = format!("a sign cannot stand before {}", inner.yields);
                return Err(SyntaxError { span: start, message, hint: None });
            }
            let (span, yields) = (start.to(inner.span), inner.yields);
            return Ok(Expression { span, yields, node: Node::Wrapped(Box::new(inner)) });
        }
        let operand = self.operand()?;
        self.suffixes(operand)
    }

    fn operand(&mut self) -> Result<Expression, SyntaxError> {
        let span = self.span();
        match self.peek().clone() {
            Token::Number | Token::Duration => {
                self.next();
                Ok(Expression { span, yields: Type::Scalar, node: Node::Number })
            }
            Token::Text(_) => {
                self.next();
                Ok(Expression { span, yields: Type::Text, node: Node::Text })
            }
            Token::Sign("(") => {
                self.next();
                let inner = self.binary(0)?;
                self.demands(")")?;
                let (span, yields) = (span.to(self.before()), inner.yields);
                Ok(Expression { span, yields, node: Node::Wrapped(Box::new(inner)) })
            }
            Token::Sign("{") => self.selector(None),
            Token::Word(word) => self.word(&word),
            Token::End => self.fault("the query ends where something is missing", None),
            other @ (Token::Window | Token::Sign(_)) => {
                self.fault(&format!("`{}` is not expected here", shown(&other)), None)
            }
        }
    }

    fn word(&mut self, word: &str) -> Result<Expression, SyntaxError> {
        let lower = word.to_ascii_lowercase();
        let opens = matches!(self.peek_second(), Token::Sign("("));
        let groups = matches!(self.peek_second(), Token::Word(next)
            if matches!(next.to_ascii_lowercase().as_str(), "by" | "without"));
        let aggregation = AGGREGATIONS.iter().find(|(name, _)| *name == lower);
        if let Some((_, parameter)) = aggregation.filter(|_| opens || groups) {
            return self.aggregate(*parameter);
        }
        if opens {
            return self.call(word);
        }
        if matches!(lower.as_str(), "inf" | "nan") {
            let span = self.span();
            self.next();
            return Ok(Expression { span, yields: Type::Scalar, node: Node::Number });
        }
        self.selector(Some(word.to_owned()))
    }

    fn aggregate(&mut self, parameter: Option<Type>) -> Result<Expression, SyntaxError> {
        let start = self.span();
        self.next();
        let mut grouping = self.grouping()?;
        self.demands("(")?;
        if let Some(parameter) = parameter {
            let given = self.binary(0)?;
            types::expect(&given, parameter, "the parameter of this aggregation")?;
            self.demands(",")?;
        }
        let inner = self.binary(0)?;
        types::expect(&inner, Type::Instant, "an aggregation")?;
        self.takes(",");
        self.demands(")")?;
        if grouping.is_none() {
            grouping = self.grouping()?;
        }
        Ok(Expression {
            span: start.to(self.before()),
            yields: Type::Instant,
            node: Node::Aggregate { grouping, inner: Box::new(inner) },
        })
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, SyntaxError> {
        let keyword = self.keyword();
        let is_without = keyword.as_deref() == Some("without");
        if !is_without && keyword.as_deref() != Some("by") {
            return Ok(None);
        }
        self.next();
        Ok(Some(Grouping { is_without, labels: self.labels()? }))
    }

    fn call(&mut self, word: &str) -> Result<Expression, SyntaxError> {
        let start = self.span();
        let Some(function) = functions::find(word) else {
            let similar = functions::names().find(|name| name.eq_ignore_ascii_case(word));
            let message = format!("there is no function `{word}`");
            return self.fault(&message, similar.map(|_| "functions are written in lower case"));
        };
        self.next();
        self.demands("(")?;
        let mut arguments: Vec<Expression> = Vec::new();
        while !self.takes(")") {
            let Some(wanted) = function.argument(arguments.len()) else {
                return self.fault(&format!("`{word}` takes no more arguments"), None);
            };
            let argument = self.binary(0)?;
            types::expect(&argument, wanted, &format!("`{word}`"))?;
            arguments.push(argument);
            if !self.takes(",") && !matches!(self.peek(), Token::Sign(")")) {
                self.demands(")")?;
            }
        }
        let span = start.to(self.before());
        if arguments.len() < function.least() {
            let message = format!("`{word}` wants {} arguments or more", function.least());
            return Err(SyntaxError { span, message, hint: None });
        }
        let call = Call { function: function.name, arguments };
        Ok(Expression { span, yields: function.yields, node: Node::Call(call) })
    }

    fn selector(&mut self, metric: Option<String>) -> Result<Expression, SyntaxError> {
        let start = self.span();
        if metric.is_some() {
            self.next();
        }
        let mut matchers = Vec::new();
        if self.takes("{") {
            while !self.takes("}") {
                matchers.push(self.matcher()?);
                if !self.takes(",") && !matches!(self.peek(), Token::Sign("}")) {
                    self.demands("}")?;
                }
            }
        }
        let span = start.to(self.before());
        let selects = |matcher: &Matcher| match matcher.operator {
            "=" => !matcher.value.is_empty(),
            "=~" => !matches!(matcher.value.as_str(), "" | ".*"),
            "!=" => matcher.value.is_empty(),
            _ => matches!(matcher.value.as_str(), ".*"),
        };
        if metric.is_none() && !matchers.iter().any(selects) {
            let message = "this selects every series".to_owned();
            let hint = Some("name a metric, or a label with a value");
            return Err(SyntaxError { span, message, hint });
        }
        let selector = Selector { metric, matchers, range: None, core_end: span.end };
        Ok(Expression { span, yields: Type::Instant, node: Node::Selector(selector) })
    }

    fn matcher(&mut self) -> Result<Matcher, SyntaxError> {
        let label = match self.peek().clone() {
            Token::Word(word) if !word.contains(':') => word,
            Token::Text(text) => text,
            other => {
                let message = format!("`{}` is no name of a label", shown(&other));
                return self.fault(&message, Some("write `label=\"value\"`"));
            }
        };
        let is_quoted = matches!(self.peek(), Token::Text(_));
        self.next();
        if is_quoted && matches!(self.peek(), Token::Sign("," | "}")) {
            // `{"a metric's name"}`, which Prometheus 3 reads as the metric.
            return Ok(Matcher { label: "__name__".to_owned(), operator: "=", value: label });
        }
        let operator = ["=~", "!~", "!=", "="].into_iter().find(|operator| self.takes(operator));
        let Some(operator) = operator else {
            let message = format!("`{}` is no way to compare a label", shown(self.peek()));
            return self.fault(&message, Some("write `=`, `!=`, `=~` or `!~`"));
        };
        let Token::Text(value) = self.peek().clone() else {
            return self.fault("the value of a label stands in quotes", None);
        };
        self.next();
        Ok(Matcher { label, operator, value })
    }
}

pub(super) fn shown(token: &Token) -> String {
    match token {
        Token::Word(word) => word.clone(),
        Token::Number => "a number".to_owned(),
        Token::Duration => "a length of time".to_owned(),
        Token::Window => "{{.window}}".to_owned(),
        Token::Text(text) => format!("\"{text}\""),
        Token::Sign(sign) => (*sign).to_owned(),
        Token::End => "the end".to_owned(),
    }
}
