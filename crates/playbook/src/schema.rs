//! JSON Schemas (draft 2020-12) of every kind, for editors and for the complete check of a document.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::kind::KindInfo;
use crate::resource::{ForeignMeta, Meta};
use crate::vocabulary::Vocabulary;

/// What every schema's `$id` starts with: a name, not an address to fetch.
const ID: &str = "urn:council:schema:";

/// The dialect, as `$schema` states it.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Vocabulary {
    /// The JSON Schema of whole documents of a kind; of the front matter for kinds that are Markdown files.
    pub fn schema(&self, kind: &KindInfo) -> Value {
        let mut generator = generator();
        let body = body(kind, &mut generator);
        let mut schema = json!({
            "$schema": DIALECT,
            "$id": format!("{ID}{}", stem(kind)),
            "title": title(kind),
        });
        let fields = schema.as_object_mut().expect("BUG: an object literal is an object");
        fields.extend(body);
        fields.insert("$defs".into(), Value::Object(generator.take_definitions(true)));
        schema
    }

    /// One JSON Schema for every YAML document that a playbook may hold, chosen by `apiVersion` and `kind`.
    pub fn combined_schema(&self) -> Value {
        let mut generator = generator();
        let kinds: Vec<&KindInfo> =
            self.kinds().iter().filter(|kind| kind.claims.is_none()).collect();
        let bodies: Vec<(String, Value)> = kinds
            .iter()
            .map(|kind| {
                (format!("document:{}", stem(kind)), Value::Object(body(kind, &mut generator)))
            })
            .collect();
        let choices: Vec<Value> = kinds
            .iter()
            .zip(&bodies)
            .map(|(kind, (name, _))| {
                let envelope = json!({
                    "apiVersion": { "const": kind.api_version },
                    "kind": { "const": kind.name },
                });
                json!({
                    "if": { "properties": envelope, "required": ["apiVersion", "kind"] },
                    "then": { "$ref": format!("#/$defs/{name}") },
                })
            })
            .collect();
        let mut versions: Vec<&str> = kinds.iter().map(|kind| kind.api_version).collect();
        let mut names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
        for list in [&mut versions, &mut names] {
            list.sort_unstable();
            list.dedup();
        }
        let mut definitions = generator.take_definitions(true);
        definitions.extend(bodies);
        json!({
            "$schema": DIALECT,
            "$id": format!("{ID}playbook"),
            "title": "Playbook document",
            "description": "Any document of a playbook: what it may say depends on its kind.",
            "type": "object",
            "properties": { "apiVersion": { "enum": versions }, "kind": { "enum": names } },
            "required": ["apiVersion", "kind"],
            "allOf": choices,
            "$defs": definitions,
        })
    }

    /// Every schema with the name of its file, in a stable order: one a kind and the combined one.
    pub fn schemas(&self) -> Vec<(String, Value)> {
        let mut all: Vec<(String, Value)> = self
            .kinds()
            .iter()
            .map(|kind| (format!("{}.schema.json", stem(kind)), self.schema(kind)))
            .collect();
        all.push(("playbook.schema.json".to_owned(), self.combined_schema()));
        all.sort_by(|left, right| left.0.cmp(&right.0));
        all
    }

    /// The schema of a kind, made once.
    pub(crate) fn known_schema(&self, kind: &KindInfo) -> &Value {
        let all = self
            .made_schemas
            .get_or_init(|| self.kinds().iter().map(|kind| self.schema(kind)).collect());
        let at = self
            .kinds()
            .iter()
            .position(|one| (one.api_version, one.name) == (kind.api_version, kind.name));
        at.and_then(|at| all.get(at)).unwrap_or(&Value::Bool(true))
    }
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

/// The file's stem: `seat`, or `backstage.io-v1alpha1-component` for a foreign document.
fn stem(kind: &KindInfo) -> String {
    if kind.is_foreign() {
        format!("{}-{}", kind.api_version.replace('/', "-"), kind.name.to_lowercase())
    } else {
        kind.slug.to_owned()
    }
}

fn title(kind: &KindInfo) -> String {
    if kind.is_foreign() {
        format!("{} ({})", kind.name, kind.api_version)
    } else {
        kind.name.to_owned()
    }
}

/// The schema of a document without what only stands at the root of a file.
fn body(kind: &KindInfo, generator: &mut SchemaGenerator) -> Map<String, Value> {
    let spec = (kind.schema)(generator).to_value();
    let description = describe(&spec, generator);
    let body = if kind.claims.is_some() {
        json!({ "description": description, "allOf": [spec] })
    } else {
        let metadata = if kind.is_foreign() {
            generator.subschema_for::<ForeignMeta>()
        } else {
            generator.subschema_for::<Meta>()
        };
        json!({
            "description": description,
            "type": "object",
            "properties": {
                "apiVersion": { "const": kind.api_version, "description": "The version of the format." },
                "kind": { "const": kind.name, "description": "What the document declares." },
                "metadata": metadata,
                "spec": spec,
            },
            "required": ["apiVersion", "kind", "metadata", "spec"],
            "additionalProperties": kind.is_foreign(),
        })
    };
    match body {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

/// The kind's own description, which stands where its definition is.
fn describe(spec: &Value, generator: &SchemaGenerator) -> String {
    let name = spec.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let definition = name.and_then(|name| generator.definitions().get(name)).unwrap_or(spec);
    definition.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}
