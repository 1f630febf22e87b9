//! Fields of a map: unknown ones, missing ones, and the values of the others.

use diag::Span;
use diag::words::quote;
use serde_json::Value as Schema;

use super::Walk;
use crate::{Node, codes, suggest};

/// How many fields a message may list before it becomes a table of contents.
const LISTED: usize = 12;

impl<'w> Walk<'w> {
    pub(super) fn fields(
        &mut self,
        pairs: &[(Node<'_>, Node<'_>)],
        schema: &'w Schema,
        anchor: Span,
    ) {
        let properties = schema.get("properties").and_then(Schema::as_object);
        let others = schema.get("additionalProperties");
        for (key, value) in pairs {
            let name = key.text().unwrap_or_default();
            match (properties.and_then(|properties| properties.get(name)), others) {
                (Some(property), _) => self.value(value, property, key.span),
                (None, Some(Schema::Bool(false))) => {
                    let known =
                        properties.into_iter().flat_map(|all| all.keys().map(String::as_str));
                    self.unknown(key, &known.collect::<Vec<_>>());
                }
                (None, Some(other)) => self.value(value, other, key.span),
                (None, None) => {}
            }
        }
        let required = schema.get("required").and_then(Schema::as_array);
        for name in required.into_iter().flatten().filter_map(Schema::as_str) {
            if pairs.iter().any(|(key, _)| key.text() == Some(name)) {
                continue;
            }
            let description = properties
                .and_then(|all| {
                    self.resolve(all.get(name)?)
                        .get("description")
                        .or(all.get(name)?.get("description"))
                })
                .and_then(Schema::as_str)
                .and_then(|text| text.lines().next())
                .map(|text| text.trim_end_matches('.').to_owned());
            let finding = self.report(
                &codes::MISSING_FIELD,
                anchor,
                format!("the field {} is missing", quote(name)),
            );
            finding.hint = Some(match description {
                Some(text) => format!("add `{name}:` ({text})"),
                None => format!("add `{name}:`"),
            });
        }
    }

    fn unknown(&mut self, key: &Node<'_>, known: &[&str]) {
        let name = key.text().unwrap_or_default();
        let similar = suggest::similar(name, known.iter().copied());
        let finding = self.report(
            &codes::UNKNOWN_FIELD,
            key.span,
            format!("there is no field {} here", quote(name)),
        );
        finding.hint = suggest::did_you_mean(&similar).or_else(|| {
            let quoted: Vec<String> = known.iter().take(LISTED).map(|one| quote(one)).collect();
            let more = if known.len() > LISTED { " and more" } else { "" };
            (!quoted.is_empty()).then(|| format!("the fields here are {}{more}", quoted.join(", ")))
        });
    }
}
