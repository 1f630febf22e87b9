//! What a part of a query yields, and where that does not fit.

use std::fmt;

use diag::Span;

use super::{Expression, SyntaxError};

/// What a part of a query yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// One number.
    Scalar,
    /// A text.
    Text,
    /// One number for each series.
    Instant,
    /// Several numbers for each series.
    Range,
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Scalar => "a number",
            Self::Text => "a text",
            Self::Instant => "an instant vector",
            Self::Range => "a range vector",
        })
    }
}

/// Refuses a part of another type than the place asks for.
pub(super) fn expect(part: &Expression, wanted: Type, whose: &str) -> Result<(), SyntaxError> {
    if part.yields == wanted {
        return Ok(());
    }
    let message = format!("{whose} wants {wanted}, and this is {}", part.yields);
    let hint = (wanted == Type::Range).then_some("add a range behind it, such as `[5m]`");
    Err(SyntaxError { span: part.span, message, hint })
}

/// What two operands yield together; `with_bool` says that the comparison is marked `bool`.
pub(super) fn binary(
    operator: (&'static str, Span),
    left: &Expression,
    right: &Expression,
    with_bool: bool,
) -> Result<Type, SyntaxError> {
    let (operator, at) = operator;
    for operand in [left, right] {
        if matches!(operand.yields, Type::Range | Type::Text) {
            let message = format!("`{operator}` cannot work on {}", operand.yields);
            let hint = (operand.yields == Type::Range)
                .then_some("put a function such as `rate(…)` around it");
            return Err(SyntaxError { span: operand.span, message, hint });
        }
    }
    let fault = |message: String, hint| Err(SyntaxError { span: at, message, hint });
    let scalars = [left, right].iter().filter(|operand| operand.yields == Type::Scalar).count();
    let is_comparison = matches!(operator, "==" | "!=" | "<" | "<=" | ">" | ">=");
    if with_bool && !is_comparison {
        return fault(
            format!("`bool` stands only behind a comparison, not behind `{operator}`"),
            None,
        );
    }
    if scalars > 0 && matches!(operator, "and" | "or" | "unless") {
        return fault(
            format!("`{operator}` joins series, and one side is a number"),
            Some("put `vector(…)` around the number"),
        );
    }
    if scalars == 2 && is_comparison && !with_bool {
        return fault(
            format!("two numbers are compared with `{operator}` but without `bool`"),
            Some("write `bool` behind the comparison"),
        );
    }
    Ok(if scalars == 2 { Type::Scalar } else { Type::Instant })
}
