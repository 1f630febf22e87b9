//! Any YAML or JSON text as plain data, for files that are no resources: what a generated file says, field by field.
//!
//! The same reader as for resources, so that both mean the same by `no`, `1e3` or an anchor.
//!
//! Absent on purpose: spans and diagnostics. Whoever needs to point at a place declares a kind.

use std::sync::Arc;

use serde_json::{Map, Number, Value as Json};

use crate::yaml::{self, Node, Origin, Plain, Value};

/// Reads a text of exactly one document; none if it is not well-formed, has several documents, or holds what JSON cannot.
#[must_use]
pub fn data(text: &str) -> Option<Json> {
    let mut chunks = yaml::chunks(text);
    let chunk = chunks.next()?;
    if chunks.next().is_some() {
        return None;
    }
    let document = yaml::read(chunk, Origin { file: &Arc::from("data"), base: 0 });
    document.problems.is_empty().then_some(())?;
    document.root.as_ref().and_then(json)
}

fn json(node: &Node<'_>) -> Option<Json> {
    match &node.value {
        Value::Scalar { text, plain } => scalar(text, *plain),
        Value::List(items) => items.iter().map(json).collect::<Option<Vec<_>>>().map(Json::Array),
        Value::Map(pairs) => {
            let pair =
                |(key, value): &(Node<'_>, Node<'_>)| Some((key.text()?.to_owned(), json(value)?));
            pairs.iter().map(pair).collect::<Option<Map<_, _>>>().map(Json::Object)
        }
    }
}

fn scalar(text: &str, plain: bool) -> Option<Json> {
    Some(match yaml::resolve(text, plain) {
        Plain::Null => Json::Null,
        Plain::Bool(value) => Json::Bool(value),
        Plain::Integer(value) => Json::Number(value.into()),
        // JSON has no word for infinity.
        Plain::Float(value) => Json::Number(Number::from_f64(value)?),
        Plain::Text => Json::String(text.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_and_json_say_the_same() {
        let expected = json!({ "vlans": [{ "id": 30, "name": "no", "open": false }] });
        assert_eq!(data("vlans:\n- { id: 30, name: no, open: false }\n"), Some(expected.clone()));
        assert_eq!(data(&expected.to_string()), Some(expected));
    }

    #[test]
    fn what_is_not_one_well_formed_document_is_no_data() {
        for text in ["a: [1", "a: 1\n---\nb: 2\n", "x: .inf", "? [a]\n: 1\n"] {
            assert_eq!(data(text), None, "{text}");
        }
    }
}
