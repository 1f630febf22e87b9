//! The complete way: all problems of a document that is not of its kind's type.
//!
//! Serde stops at the first problem. When it does, the document is walked again along its kind's
//! JSON Schema, which knows fields, types, choices, dates and periods, and every problem is reported
//! where it stands. What only the type itself knows stays serde's to say.

mod choices;
mod fields;
mod scalars;

use std::sync::Arc;

use diag::words::quote;
use diag::{Diagnostic, Place, RuleInfo, Span};
use serde_json::Value as Schema;

use crate::lower::{LowerError, Problem};
use crate::{Node, Value, codes, suggest};

/// Longest chain of `$ref`s that is followed; the generator makes chains of one.
const MAX_REFERENCES: usize = 8;

/// Walks a part of a document (`path` says which, as a list of property names) along its kind's schema.
pub(crate) fn findings(
    schema: &Schema,
    path: &[&str],
    node: &Node<'_>,
    anchor: Span,
    file: &Arc<str>,
) -> Vec<Diagnostic> {
    let mut walk = Walk { root: schema, file, findings: Vec::new() };
    let part = path
        .iter()
        .try_fold(schema, |schema, name| walk.resolve(schema).get("properties")?.get(name));
    if let Some(part) = part {
        walk.value(node, part, anchor);
    }
    walk.findings
}

/// Walks a Markdown file's front matter along its kind's schema.
pub(crate) fn front_matter(
    schema: &Schema,
    node: &Node<'_>,
    anchor: Span,
    file: &Arc<str>,
) -> Vec<Diagnostic> {
    let mut walk = Walk { root: schema, file, findings: Vec::new() };
    walk.value(node, schema, anchor);
    walk.findings
}

/// Adds what serde said, unless the walk has said it already.
pub(crate) fn with_error(
    findings: &mut Vec<Diagnostic>,
    error: LowerError,
    fallback: Span,
    file: &Arc<str>,
) {
    let span = error.span.unwrap_or(fallback);
    let known =
        |one: &Diagnostic| one.place.span.start <= span.end && span.start <= one.place.span.end;
    let message = error.to_string();
    let (rule, hint): (&RuleInfo, Option<String>) = match error.problem {
        Problem::UnknownField(name, known) => {
            let similar = suggest::similar(&name, known.iter().copied());
            (&codes::UNKNOWN_FIELD, suggest::did_you_mean(&similar))
        }
        Problem::UnknownVariant(name, known) => {
            let similar = suggest::similar(&name, known.iter().copied());
            let quoted: Vec<String> = known.iter().map(|one| quote(one)).collect();
            let choose = || format!("choose {}", suggest::either(&quoted));
            (&codes::NOT_A_CHOICE, Some(suggest::did_you_mean(&similar).unwrap_or_else(choose)))
        }
        Problem::MissingField(_) => (&codes::MISSING_FIELD, None),
        Problem::Type(_) => (&codes::WRONG_TYPE, None),
        Problem::Other(_) => (&codes::BAD_VALUE, None),
    };
    if findings.is_empty() || (rule.code == codes::BAD_VALUE.code && !findings.iter().any(known)) {
        let mut finding = Diagnostic::new(rule, Place::new(file.clone(), span), message);
        finding.hint = hint;
        findings.push(finding);
    }
}

struct Walk<'w> {
    root: &'w Schema,
    file: &'w Arc<str>,
    findings: Vec<Diagnostic>,
}

impl<'w> Walk<'w> {
    fn report(&mut self, rule: &RuleInfo, span: Span, message: String) -> &mut Diagnostic {
        let place = Place::new(self.file.clone(), span);
        self.findings.push(Diagnostic::new(rule, place, message));
        self.findings.last_mut().expect("BUG: one was just pushed")
    }

    /// Follows `$ref`s within the schema.
    fn resolve(&self, mut schema: &'w Schema) -> &'w Schema {
        for _ in 0..MAX_REFERENCES {
            let Some(path) = schema.get("$ref").and_then(Schema::as_str) else { break };
            let Some(target) = path.strip_prefix('#').and_then(|path| self.root.pointer(path))
            else {
                break;
            };
            schema = target;
        }
        schema
    }

    /// Checks a value; `anchor` is the key in front of it, where a missing field is reported.
    fn value(&mut self, node: &Node<'_>, schema: &'w Schema, anchor: Span) {
        let schema = self.resolve(schema);
        let list = |key: &str| schema.get(key).and_then(Schema::as_array);
        if let Some(alternatives) = list("oneOf").or_else(|| list("anyOf")) {
            self.alternatives(node, alternatives, anchor);
            return;
        }
        for part in list("allOf").into_iter().flatten() {
            self.value(node, part, anchor);
        }
        if let Some(words) = list("enum") {
            self.word(node, words.iter().filter_map(Schema::as_str).collect());
            return;
        }
        match (&node.value, schema.get("type")) {
            (Value::Map(pairs), Some(types)) if allows(types, "object") => {
                self.fields(pairs, schema, anchor);
            }
            (Value::List(items), Some(types)) if allows(types, "array") => {
                let element = schema.get("items").unwrap_or(&Schema::Bool(true));
                items.iter().for_each(|item| self.value(item, element, item.span));
            }
            (Value::Scalar { text, plain }, Some(types)) => {
                self.scalar(node, text, *plain, schema, types);
            }
            (Value::Map(_) | Value::List(_), Some(types)) => self.wrong_type(node, types, None),
            (_, None) => {}
        }
    }

    /// Checks a value against alternatives, the usual ones being "or nothing" and the choices of an enum.
    fn alternatives(&mut self, node: &Node<'_>, alternatives: &'w [Schema], anchor: Span) {
        let resolved: Vec<&'w Schema> = alternatives.iter().map(|one| self.resolve(one)).collect();
        let is_null =
            |schema: &&Schema| schema.get("type").and_then(Schema::as_str) == Some("null");
        if resolved.iter().any(is_null) && scalars::is_null(node) {
            return;
        }
        let rest: Vec<&'w Schema> =
            resolved.into_iter().filter(|schema| !is_null(schema)).collect();
        if let [only] = rest.as_slice() {
            self.value(node, only, anchor);
        } else if let Some(choices) = choices::Choices::of(&rest) {
            self.choice(node, &choices, anchor);
        } else {
            self.best_of(node, &rest, anchor);
        }
    }

    /// Reports the problems of the alternative that fits best.
    fn best_of(&mut self, node: &Node<'_>, alternatives: &[&'w Schema], anchor: Span) {
        let mut best: Option<Vec<Diagnostic>> = None;
        for alternative in alternatives {
            let mut attempt = Walk { root: self.root, file: self.file, findings: Vec::new() };
            attempt.value(node, alternative, anchor);
            if best.as_ref().is_none_or(|best| attempt.findings.len() < best.len()) {
                best = Some(attempt.findings);
            }
        }
        self.findings.extend(best.unwrap_or_default());
    }
}

/// Says whether a schema's `type` (a word or a list of words) names a type.
fn allows(types: &Schema, name: &str) -> bool {
    types.as_str() == Some(name)
        || types.as_array().is_some_and(|types| types.iter().any(|one| one.as_str() == Some(name)))
}
