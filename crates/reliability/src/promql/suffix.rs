//! What may follow an operand: a range, a subquery, `offset` and `@`.

use diag::Span;

use super::ast::{Expression, Node, Range};
use super::lex::Token;
use super::parse::{Reader, SyntaxError, shown};
use super::types::Type;

impl Reader {
    /// Ranges and modifiers, as often as they come.
    pub(super) fn suffixes(&mut self, operand: Expression) -> Result<Expression, SyntaxError> {
        let mut operand = operand;
        loop {
            if self.takes("[") {
                operand = self.range(operand)?;
            } else if self.keyword().as_deref() == Some("offset") {
                self.next();
                operand = self.moved(operand, "offset")?;
            } else if self.takes("@") {
                operand = self.moved(operand, "@")?;
            } else {
                return Ok(operand);
            }
        }
    }

    fn length(&mut self) -> Result<Range, SyntaxError> {
        let span = self.span();
        match self.peek() {
            Token::Duration | Token::Number | Token::Window => {
                let is_window = *self.peek() == Token::Window;
                self.next();
                Ok(Range { span, is_window })
            }
            other @ (Token::Word(_) | Token::Text(_) | Token::Sign(_) | Token::End) => {
                let message = format!("`{}` is no length of time", shown(other));
                self.fault(&message, Some("write it as `5m`"))
            }
        }
    }

    fn range(&mut self, operand: Expression) -> Result<Expression, SyntaxError> {
        let range = self.length()?;
        let start = operand.span;
        if self.takes(":") {
            if !matches!(self.peek(), Token::Sign("]")) {
                self.length()?;
            }
            self.demands("]")?;
            let span = start.to(self.before());
            if operand.yields != Type::Instant && operand.yields != Type::Scalar {
                let message = format!("a subquery cannot run over {}", operand.yields);
                return Err(SyntaxError { span, message, hint: None });
            }
            let node = Node::Subquery(Box::new(operand));
            return Ok(Expression { span, yields: Type::Range, node });
        }
        self.demands("]")?;
        let span = start.to(self.before());
        match operand.node {
            Node::Selector(selector) if selector.range.is_none() => {
                let node = Node::Selector(super::Selector { range: Some(range), ..selector });
                Ok(Expression { span, yields: Type::Range, node })
            }
            _ => Err(SyntaxError {
                span: Span::new(start.end, span.end),
                message: "a range stands only behind a metric".to_owned(),
                hint: Some("over anything else it is a subquery: `[5m:1m]`"),
            }),
        }
    }

    fn moved(&mut self, operand: Expression, by: &str) -> Result<Expression, SyntaxError> {
        let start = operand.span;
        if by == "@" && matches!(self.keyword().as_deref(), Some("start" | "end")) {
            self.next();
            self.demands("(")?;
            self.demands(")")?;
        } else {
            let _: bool = self.takes("-") || self.takes("+");
            self.length()?;
        }
        let span = start.to(self.before());
        match operand.node {
            // The selector keeps the end of its core, which is where a range belongs.
            Node::Selector(_) => Ok(Expression { span, ..operand }),
            Node::Subquery(_) => Ok(Expression { span, ..operand }),
            Node::Number
            | Node::Text
            | Node::Call(_)
            | Node::Aggregate { .. }
            | Node::Binary(_)
            | Node::Wrapped(_) => Err(SyntaxError {
                span,
                message: format!("`{by}` stands only behind a metric or a subquery"),
                hint: None,
            }),
        }
    }
}
