//! Choices of an enum: words, or a word with a value.

use diag::Span;
use diag::words::quote;
use serde_json::Value as Schema;

use super::Walk;
use crate::{Node, Value, codes, suggest};

/// The alternatives of an externally tagged enum.
pub(super) struct Choices<'w> {
    words: Vec<&'w str>,
    valued: Vec<(&'w str, &'w Schema)>,
}

impl<'w> Choices<'w> {
    /// Recognizes the shape that the schema generator gives enums; `None` for other alternatives.
    pub(super) fn of(alternatives: &[&'w Schema]) -> Option<Self> {
        let mut choices = Self { words: Vec::new(), valued: Vec::new() };
        for alternative in alternatives {
            if let Some(word) = alternative.get("const") {
                choices.words.push(word.as_str()?);
            } else if let Some(words) = alternative.get("enum").and_then(Schema::as_array) {
                choices.words.extend(words.iter().filter_map(Schema::as_str));
            } else {
                let properties = alternative.get("properties")?.as_object()?;
                let required = alternative.get("required")?.as_array()?;
                let (name, schema) = properties.iter().next().filter(|_| properties.len() == 1)?;
                required.iter().any(|one| one.as_str() == Some(name)).then_some(())?;
                choices.valued.push((name, schema));
            }
        }
        Some(choices)
    }

    fn all(&self) -> Vec<&'w str> {
        self.words.iter().copied().chain(self.valued.iter().map(|(name, _)| *name)).collect()
    }
}

impl<'w> Walk<'w> {
    pub(super) fn choice(&mut self, node: &Node<'_>, choices: &Choices<'w>, anchor: Span) {
        let (key, value) = match (&node.value, node.pairs()) {
            (Value::Scalar { .. }, _) => (node, None),
            (Value::Map(_), [(key, value)]) => (key, Some(value)),
            (Value::Map(_) | Value::List(_), _) => {
                let quoted: Vec<String> = choices.all().into_iter().map(quote).collect();
                let message =
                    format!("exactly one of {} is expected here", suggest::either(&quoted));
                self.report(&codes::WRONG_TYPE, anchor, message);
                return;
            }
        };
        let name = key.text().unwrap_or_default();
        let valued = choices.valued.iter().find(|(known, _)| *known == name);
        match (value, valued, choices.words.contains(&name)) {
            (Some(value), Some((_, schema)), _) => self.value(value, schema, key.span),
            (None, _, true) => {}
            (None, Some(_), false) => {
                let message = format!("the choice {} needs a value", quote(name));
                self.report(&codes::WRONG_TYPE, key.span, message).hint =
                    Some(format!("write `{name}: …`"));
            }
            (Some(_), None, true) => {
                let message = format!("the choice {} takes no value", quote(name));
                self.report(&codes::WRONG_TYPE, key.span, message).hint =
                    Some(format!("write only `{name}`"));
            }
            (_, None, false) => self.no_choice(key, &choices.all()),
        }
    }

    /// Checks a scalar against a list of words.
    pub(super) fn word(&mut self, node: &Node<'_>, words: Vec<&str>) {
        match node.text() {
            Some(text) if words.contains(&text) => {}
            Some(_) => self.no_choice(node, &words),
            None => {
                let quoted: Vec<String> = words.into_iter().map(quote).collect();
                let message = format!("one of {} is expected here", suggest::either(&quoted));
                self.report(&codes::WRONG_TYPE, node.span, message);
            }
        }
    }

    fn no_choice(&mut self, node: &Node<'_>, known: &[&str]) {
        let name = node.text().unwrap_or_default();
        let similar = suggest::similar(name, known.iter().copied());
        let quoted: Vec<String> = known.iter().map(|one| quote(one)).collect();
        let finding = self.report(
            &codes::NOT_A_CHOICE,
            node.span,
            format!("{} is not a choice here", quote(name)),
        );
        let choose = || format!("choose {}", suggest::either(&quoted));
        finding.hint = Some(suggest::did_you_mean(&similar).unwrap_or_else(choose));
    }
}
