//! Scalars: types, ranges, dates and periods.

use diag::words::quote;
use serde_json::Value as Schema;

use super::{Walk, allows};
use crate::yaml::scalar::{Plain, resolve};
use crate::{Node, Period, Value, codes, suggest};

/// Says whether a node says nothing.
pub(super) fn is_null(node: &Node<'_>) -> bool {
    matches!(&node.value, Value::Scalar { text, plain } if resolve(text, *plain) == Plain::Null)
}

impl<'w> Walk<'w> {
    pub(super) fn scalar(
        &mut self,
        node: &Node<'_>,
        text: &str,
        plain: bool,
        schema: &'w Schema,
        types: &Schema,
    ) {
        if schema.get("x-council-reference").is_some() && !text.is_empty() {
            return;
        }
        match resolve(text, plain) {
            Plain::Null if allows(types, "null") => {}
            Plain::Bool(_) if allows(types, "boolean") => {}
            Plain::Integer(number) if allows(types, "integer") => self.range(node, number, schema),
            Plain::Integer(_) | Plain::Float(_) if allows(types, "number") => {}
            Plain::Text if allows(types, "string") => self.text(node, text, schema),
            Plain::Null if allows(types, "array") => {
                self.wrong_type(node, types, Some("write `[]` for none".to_owned()));
            }
            Plain::Null if allows(types, "object") => {
                self.wrong_type(node, types, Some("write `{}` for none".to_owned()));
            }
            Plain::Null | Plain::Bool(_) | Plain::Integer(_) | Plain::Float(_)
                if allows(types, "string") && !text.is_empty() =>
            {
                let hint = format!("put it in quotes: `\"{}\"`", quote(text).trim_matches('`'));
                self.wrong_type(node, types, Some(hint));
            }
            Plain::Null | Plain::Bool(_) | Plain::Integer(_) | Plain::Float(_) | Plain::Text => {
                self.wrong_type(node, types, None);
            }
        }
    }

    fn text(&mut self, node: &Node<'_>, text: &str, schema: &Schema) {
        match schema.get("format").and_then(Schema::as_str) {
            Some("date") if text.parse::<jiff::civil::Date>().is_err() => {
                let looks =
                    text.len() == 10 && text.bytes().filter(|one| *one == b'-').count() == 2;
                let message = if looks {
                    format!("there is no day {} in the calendar", quote(text))
                } else {
                    format!("{} is not a date", quote(text))
                };
                let hint = "write a day such as `2026-11-22`".to_owned();
                self.report(&codes::NO_SUCH_DATE, node.span, message).hint = Some(hint);
            }
            Some("council-period") => {
                if let Err(message) = Period::parse(text) {
                    self.report(&codes::BAD_VALUE, node.span, message);
                }
            }
            _ => {}
        }
    }

    fn range(&mut self, node: &Node<'_>, number: i64, schema: &Schema) {
        let limit = |key: &str| schema.get(key).and_then(Schema::as_f64);
        #[expect(clippy::cast_precision_loss, reason = "limits of fields are far below 2^53")]
        let number = number as f64;
        let message = match (limit("minimum"), limit("maximum")) {
            (Some(least), _) if number < least => format!("the number must be at least {least}"),
            (_, Some(most)) if number > most => format!("the number must be at most {most}"),
            _ => return,
        };
        self.report(&codes::BAD_VALUE, node.span, message);
    }

    pub(super) fn wrong_type(&mut self, node: &Node<'_>, types: &Schema, hint: Option<String>) {
        let found = match &node.value {
            Value::Scalar { text, .. } if text.is_empty() => "nothing".to_owned(),
            Value::Scalar { text, plain } => match resolve(text, *plain) {
                Plain::Null => format!("{} (nothing)", quote(text)),
                Plain::Bool(_) => format!("{} (a boolean)", quote(text)),
                Plain::Integer(_) | Plain::Float(_) => format!("{} (a number)", quote(text)),
                Plain::Text => format!("the text {}", quote(text)),
            },
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a map".to_owned(),
        };
        let wanted = ["string", "integer", "number", "boolean", "array", "object"];
        let wanted: Vec<&str> =
            wanted.into_iter().filter(|name| allows(types, name)).map(word).collect();
        let message = format!("{} is expected, not {found}", suggest::either(&wanted));
        self.report(&codes::WRONG_TYPE, node.span, message).hint = hint;
    }
}

/// The words for a JSON type.
fn word(json_type: &str) -> &str {
    match json_type {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "a map of fields",
        other => other,
    }
}
