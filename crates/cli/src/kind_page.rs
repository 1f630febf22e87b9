//! The manual page of a kind, read from its schema: what it is, an example, its fields.

use diag::Severity;
use playbook::KindInfo;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use crate::markdown;
use crate::page::{Page, Tone};
use crate::table::Table;

/// What is told about a kind.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct KindPage {
    api_version: &'static str,
    kind: &'static str,
    slug: &'static str,
    summary: String,
    page: String,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, Serialize)]
struct Field {
    name: String,
    required: bool,
    #[serde(rename = "type")]
    what: String,
    description: String,
}

/// Reads the page of a kind.
pub(crate) fn of(kind: &KindInfo) -> KindPage {
    let mut generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
    let schema = (kind.schema)(&mut generator).to_value();
    let definitions = Value::Object(generator.take_definitions(true));
    let schema = resolve(&schema, &definitions);
    let page = text(schema, "description");
    let required = schema["required"].as_array();
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|required| required == name));
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields = fields.map(|(name, field)| Field {
        name: name.clone(),
        required: is_required(name),
        what: what(field, &definitions),
        description: describe(field, &definitions),
    });
    KindPage {
        api_version: kind.api_version,
        kind: kind.name,
        slug: kind.slug,
        summary: first_sentence(&page),
        page,
        fields: fields.collect(),
    }
}

impl KindPage {
    /// Writes the page for a person.
    pub(crate) fn write(&self, page: &mut Page) {
        let name = page.tone(Tone::Name, self.kind);
        page.line(format!("{name} ({}), referred to as `{}/<name>`", self.api_version, self.slug));
        page.gap();
        markdown::write(page, &self.page);
        page.heading("Fields of spec");
        let mut table = Table::default();
        for field in &self.fields {
            let mark = if field.required { "required" } else { "" };
            table.row([
                page.tone(Tone::Name, &field.name),
                page.tone(Tone::Quiet, &field.what),
                page.tone(Tone::Quiet, mark),
                first_sentence(&field.description),
            ]);
        }
        page.table(&table);
    }
}

impl KindPage {
    /// The kind's name.
    pub(crate) fn name(&self) -> &'static str {
        self.kind
    }

    /// The name of its file in the reference; foreign kinds carry the group of their version.
    pub(crate) fn file_stem(&self) -> String {
        match self.api_version.split(['/', '.']).next() {
            Some(group) if group != "council" => format!("{group}-{}", self.kind.to_lowercase()),
            Some(_) | None => self.slug.to_owned(),
        }
    }

    /// Its version and what it is, as cells of a Markdown table.
    pub(crate) fn row(&self) -> String {
        format!("`{}` | {}", self.api_version, cell(&self.summary))
    }

    /// The whole page as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let Self { api_version, kind, slug, page, fields, .. } = self;
        let mut text = format!(
            "# {kind}\n\n`{api_version}`, referred to as `{slug}/<name>`\n\n{}\n\n\
             ## Fields of spec\n\n| field | type | | |\n|---|---|---|---|\n",
            page.trim()
        );
        for field in fields {
            let required = if field.required { "required" } else { "" };
            let words = cell(&field.description);
            let what = cell(&field.what);
            text.push_str(&format!("| `{}` | {what} | {required} | {words} |\n", field.name));
        }
        text
    }
}

/// The name of a severity.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Text that may stand in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// Writes one line a kind.
pub(crate) fn write_table(page: &mut Page, kinds: &[KindPage]) {
    let mut table = Table::default();
    for kind in kinds {
        table.row([
            page.tone(Tone::Name, kind.kind),
            page.tone(Tone::Quiet, kind.api_version),
            kind.summary.clone(),
        ]);
    }
    page.table(&table);
}

/// Follows `$ref` to its definition.
fn resolve<'s>(schema: &'s Value, definitions: &'s Value) -> &'s Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    name.and_then(|name| definitions.get(name)).unwrap_or(schema)
}

fn text(schema: &Value, key: &str) -> String {
    schema[key].as_str().unwrap_or_default().to_owned()
}

/// A field's own words, or else those of its type.
fn describe(field: &Value, definitions: &Value) -> String {
    let own = text(field, "description");
    if own.is_empty() { text(resolve(some(field), definitions), "description") } else { own }
}

/// Names a field's type in a word or two.
fn what(field: &Value, definitions: &Value) -> String {
    let schema = resolve(some(field), definitions);
    if let Some(slugs) = schema["x-council-reference"].as_array() {
        let slugs: Vec<&str> = slugs.iter().filter_map(Value::as_str).collect();
        return slugs.join("|");
    }
    if let Some(names) = schema["enum"].as_array() {
        return names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|");
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        let names: Vec<&str> = variants.iter().filter_map(|one| one["const"].as_str()).collect();
        if !names.is_empty() {
            return names.join("|");
        }
    }
    match kind_of(schema) {
        "array" => format!("[{}]", what(&schema["items"], definitions)),
        "object" => "{…}".to_owned(),
        other => text(schema, "format")
            .split('-')
            .next()
            .filter(|f| *f == "date")
            .unwrap_or(other)
            .to_owned(),
    }
}

/// The type of a schema; an optional value says `["string", "null"]`.
fn kind_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).find(|one| *one != "null"),
        one => one.as_str(),
    }
    .unwrap_or("value")
}

/// An optional reference is `anyOf` it and null: takes the first.
fn some(field: &Value) -> &Value {
    field["anyOf"].get(0).unwrap_or(field)
}

/// The first sentence of a doc comment, without its full stop.
fn first_sentence(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let sentence = paragraph.split(". ").next().unwrap_or_default();
    sentence.trim_end_matches('.').to_owned()
}
