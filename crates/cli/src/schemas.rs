//! The JSON Schemas of all documents: one file a kind, and one for whatever stands in a playbook.
//!
//! Every file is complete in itself, because editors fetch one file and follow no reference out of
//! it. The combined schema picks a kind's schema by `if`/`then` instead of `oneOf`, so that an editor
//! reports the one wrong field and not "matches none of twenty".

use std::collections::BTreeMap;

use playbook::{KindInfo, Meta, Vocabulary};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::printer;

/// The file of the combined schema.
pub(crate) const COMBINED: &str = "council.json";

/// All files: their names and texts.
pub(crate) fn all(vocabulary: &Vocabulary) -> BTreeMap<String, String> {
    let kinds = vocabulary.kinds().iter();
    let mut files: BTreeMap<String, String> =
        kinds.map(|kind| (file_name(kind), of(kind))).collect();
    files.insert(COMBINED.to_owned(), any(vocabulary));
    files
}

/// The schema of one kind's documents.
pub(crate) fn of(kind: &KindInfo) -> String {
    let mut generator = generator();
    let mut schema = document(kind, &mut generator);
    schema["title"] = json!(kind.name);
    finish(schema, generator)
}

/// The schema of any document of a playbook.
pub(crate) fn any(vocabulary: &Vocabulary) -> String {
    let mut generator = generator();
    let kinds: Vec<&KindInfo> =
        vocabulary.kinds().iter().filter(|kind| !kind.is_document()).collect();
    let cases: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            let is_it = json!({
                "required": ["apiVersion", "kind"],
                "properties": {
                    "apiVersion": { "const": kind.api_version },
                    "kind": { "const": kind.name },
                },
            });
            json!({ "if": is_it, "then": document(kind, &mut generator) })
        })
        .collect();
    let schema = json!({
        "title": "A document of a playbook",
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {
            "apiVersion": { "enum": distinct(kinds.iter().map(|kind| kind.api_version)) },
            "kind": { "enum": distinct(kinds.iter().map(|kind| kind.name)) },
        },
        "allOf": cases,
    });
    finish(schema, generator)
}

/// The file of a kind: foreign kinds carry the group of their version, so that names never meet.
fn file_name(kind: &KindInfo) -> String {
    if kind.is_foreign() {
        let group = kind.api_version.split(['/', '.']).next().unwrap_or_default();
        return format!("{group}-{}.json", kind.name.to_lowercase());
    }
    format!("{}.json", kind.slug)
}

fn generator() -> SchemaGenerator {
    SchemaGenerator::new(SchemaSettings::draft2020_12())
}

/// The envelope with the kind's `spec`; for Markdown files, the front matter.
fn document(kind: &KindInfo, generator: &mut SchemaGenerator) -> Value {
    let spec = (kind.schema)(generator).to_value();
    if kind.is_document() {
        return spec;
    }
    let metadata = if kind.is_foreign() {
        json!({ "type": "object", "required": ["name"] })
    } else {
        generator.subschema_for::<Meta>().to_value()
    };
    json!({
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {
            "apiVersion": { "const": kind.api_version },
            "kind": { "const": kind.name },
            "metadata": metadata,
            "spec": spec,
        },
        "additionalProperties": kind.is_foreign(),
    })
}

fn finish(schema: Value, mut generator: SchemaGenerator) -> String {
    let mut whole = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema" });
    if let (Some(whole), Value::Object(schema)) = (whole.as_object_mut(), schema) {
        whole.extend(schema);
        let definitions = generator.take_definitions(true);
        if !definitions.is_empty() {
            whole.insert("$defs".to_owned(), Value::Object(definitions));
        }
    }
    printer::json(&whole)
}

fn distinct<'k>(names: impl Iterator<Item = &'k str>) -> Vec<&'k str> {
    let mut distinct = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}
