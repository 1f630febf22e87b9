//! Looks into a kind's JSON Schema: which fields and values fit at a path, and what they mean.

use std::collections::BTreeMap;

use playbook::KindInfo;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::cursor::Step;

/// The schemas of one kind's spec, with the definitions that they point to.
#[derive(Debug)]
pub(crate) struct Schemas {
    root: Value,
    definitions: BTreeMap<String, Value>,
}

/// One field of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) required: bool,
    pub(crate) holds_map: bool,
    pub(crate) holds_list: bool,
}

/// One value that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) about: String,
}

impl Schemas {
    /// The schema of a kind's spec.
    pub(crate) fn of(kind: &KindInfo) -> Self {
        Self::generated(kind.schema)
    }

    /// The schema of the envelope's metadata.
    pub(crate) fn of_metadata() -> Self {
        Self::generated(SchemaGenerator::subschema_for::<playbook::Meta>)
    }

    fn generated(schema: fn(&mut SchemaGenerator) -> schemars::Schema) -> Self {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let root = schema(&mut generator).to_value();
        let definitions = generator.take_definitions(true).into_iter().collect();
        Self { root, definitions }
    }

    /// What the whole thing is for.
    pub(crate) fn about(&self) -> String {
        self.expand(&self.root)
            .iter()
            .map(|schema| about(schema))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    /// All schemas that may stand at a path.
    pub(crate) fn at(&self, path: &[Step]) -> Vec<&Value> {
        let mut here = self.expand(&self.root);
        for step in path {
            let next: Vec<&Value> = here.iter().filter_map(|schema| child(schema, step)).collect();
            here = next.into_iter().flat_map(|schema| self.expand(schema)).collect();
        }
        here
    }

    /// The fields of the map at a path.
    pub(crate) fn fields(&self, path: &[Step]) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for schema in self.at(path) {
            let required = schema.get("required").and_then(Value::as_array);
            for (name, field) in
                schema.get("properties").and_then(Value::as_object).into_iter().flatten()
            {
                if fields.iter().any(|known| known.name == *name) {
                    continue;
                }
                let shapes = self.expand(field);
                let is = |kind: &str| shapes.iter().any(|schema| has_type(schema, kind));
                let own = about(field);
                fields.push(Field {
                    name: name.clone(),
                    about: if own.is_empty() {
                        shapes.iter().map(|schema| about(schema)).collect()
                    } else {
                        own
                    },
                    required: required.is_some_and(|names| names.iter().any(|known| known == name)),
                    holds_map: is("object"),
                    holds_list: is("array"),
                });
            }
        }
        fields
    }

    /// The values that a path names: words of an enumeration, true and false.
    pub(crate) fn choices(&self, path: &[Step]) -> Vec<Choice> {
        let mut choices = Vec::new();
        for schema in self.at(path) {
            let mut add = |value: &Value, about: String| {
                if let Some(text) = value.as_str() {
                    choices.push(Choice { value: text.to_owned(), about });
                }
            };
            schema
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .for_each(|value| add(value, String::new()));
            schema.get("const").into_iter().for_each(|value| add(value, about(schema)));
            if has_type(schema, "boolean") {
                choices.extend(
                    ["true", "false"]
                        .map(|value| Choice { value: value.to_owned(), about: String::new() }),
                );
            }
        }
        choices
    }

    /// The slugs that a reference at a path may have.
    pub(crate) fn references(&self, path: &[Step]) -> Vec<String> {
        let slugs =
            |schema: &Value| schema.get("x-council-reference").and_then(Value::as_array).cloned();
        let all = self.at(path).into_iter().filter_map(slugs).flatten();
        let mut found: Vec<String> =
            all.filter_map(|slug| slug.as_str().map(str::to_owned)).collect();
        found.dedup();
        found
    }

    /// A schema with everything that it points to or chooses from, flattened.
    fn expand<'s>(&'s self, schema: &'s Value) -> Vec<&'s Value> {
        let mut found = Vec::new();
        let mut open = vec![schema];
        // Schemas of kinds are finite, but a recursive one would go round for ever.
        while let Some(schema) = open.pop().filter(|_| found.len() < 64) {
            let target = schema
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|pointer| pointer.rsplit('/').next());
            open.extend(target.and_then(|name| self.definitions.get(name)));
            for word in ["anyOf", "oneOf", "allOf"] {
                open.extend(schema.get(word).and_then(Value::as_array).into_iter().flatten());
            }
            found.push(schema);
        }
        found
    }
}

fn child<'s>(schema: &'s Value, step: &Step) -> Option<&'s Value> {
    match step {
        Step::Key(key) => {
            let named = schema.get("properties").and_then(|fields| fields.get(key));
            named.or_else(|| schema.get("additionalProperties").filter(|rest| rest.is_object()))
        }
        Step::Item => schema.get("items"),
    }
}

fn about(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn has_type(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == kind,
        Some(Value::Array(names)) => names.iter().any(|name| name == kind),
        _ => false,
    }
}
