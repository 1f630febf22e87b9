//! Parts of the living document that other rooms contribute: tables of their kinds.

use org::kinds::Seat;
use playbook::{Kind, Model};
use serde::Serialize;
use serde_json::Value;

use super::block::{Block, Cell, Inline};
use crate::kinds::Chapter;
use crate::views::PartyRef;

/// One part of a chapter, made from resources.
///
/// A room lists its own in `pub fn document_parts() -> Vec<DocumentPart>`; most are tables:
/// `DocumentPart::table::<Vlan>(Chapter::Platform, "VLANs", &["id", "purpose", "owner"])`.
#[derive(Clone, Copy, Debug)]
pub struct DocumentPart {
    /// The chapter it belongs to.
    pub chapter: Chapter,
    /// Its heading.
    pub title: &'static str,
    /// For tables: the fields of `spec` that are shown. One with a question mark behind it (`notes?`) is
    /// left out when no resource uses it, and may be empty; any other that is empty is a gap. A field
    /// may say what its column is called: `chosen=Choice`, `within=Time limit?`.
    pub fields: &'static [&'static str],
    /// Makes its blocks; none when there is nothing to show, which is shown as a gap.
    pub render: fn(&Model, &Self) -> Vec<Block>,
}

impl DocumentPart {
    /// A table of all resources of a kind, one a row, with the named fields as columns.
    pub const fn table<K: Kind + Serialize>(
        chapter: Chapter,
        title: &'static str,
        fields: &'static [&'static str],
    ) -> Self {
        Self { chapter, title, fields, render: resource_table::<K> }
    }
}

/// A table of all resources of a kind: name, then the part's fields. What a resource does not say is
/// a gap, unless the field is optional; an optional column that nobody uses is left out.
pub fn resource_table<K: Kind + Serialize>(model: &Model, part: &DocumentPart) -> Vec<Block> {
    let mut rows: Vec<(u64, &str, Value, &playbook::Resource)> = model
        .all::<K>()
        .map(|found| {
            let spec = serde_json::to_value(found.spec).unwrap_or(Value::Null);
            let order = ["order", "level", "rank", "id"];
            let order = order.iter().find_map(|field| spec.get(field)?.as_u64());
            (order.unwrap_or(u64::MAX), found.title(), spec, found.resource)
        })
        .collect();
    rows.sort_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)));
    if rows.is_empty() {
        return Vec::new();
    }
    let is_said = |value: Option<&Value>| match value {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_)) => true,
    };
    let is_used =
        |column: &Column| rows.iter().any(|(.., spec, _)| is_said(spec.get(column.field)));
    let columns = part.fields.iter().map(|text| Column::parse(text));
    let columns: Vec<Column> =
        columns.filter(|column| !column.is_optional || is_used(column)).collect();
    let table = rows.iter().map(|(_, title, spec, resource)| {
        let name =
            vec![Inline::Anchor(resource.id.to_string()), Inline::Strong((*title).to_owned())];
        let cells = columns.iter().map(|column| match spec.get(column.field) {
            value if is_said(value) => value.map_or_else(Vec::new, |value| cell(model, value)),
            _ if column.is_optional => Vec::new(),
            _ => vec![Inline::Gap(format!("no {}", uncapitalized(&column.heading)))],
        });
        std::iter::once(name).chain(cells).collect()
    });
    let rows = table.collect();
    let headings = columns.iter().map(|column| column.heading.clone());
    vec![Block::Table {
        columns: std::iter::once("Name".to_owned()).chain(headings).collect(),
        rows,
    }]
}

/// One column of a table, as a part's `fields` write it.
struct Column {
    field: &'static str,
    heading: String,
    is_optional: bool,
}

impl Column {
    /// Reads `field`, `field?`, `field=Heading` or `field=Heading?`.
    fn parse(text: &'static str) -> Self {
        let (text, is_optional) = text.strip_suffix('?').map_or((text, false), |rest| (rest, true));
        let (field, heading) = match text.split_once('=') {
            Some((field, heading)) => (field, heading.to_owned()),
            None => (text, heading(text)),
        };
        Self { field, heading, is_optional }
    }
}

/// Words that people write in capitals.
const ACRONYMS: [&str; 4] = ["gpu", "id", "rpo", "rto"];

/// A heading within a sentence: `Location` becomes `location`, `RTO` stays.
fn uncapitalized(heading: &str) -> String {
    let lower = heading.to_lowercase();
    if ACRONYMS.contains(&lower.as_str()) { heading.to_owned() } else { lower }
}

/// `respond_within` is headed "Respond within".
fn heading(field: &str) -> String {
    if ACRONYMS.contains(&field) {
        return field.to_uppercase();
    }
    let words = field.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn cell(model: &Model, value: &Value) -> Cell {
    match value {
        Value::Null => Vec::new(),
        Value::Bool(true) => vec![Inline::text("yes")],
        Value::Bool(false) => vec![Inline::text("no")],
        Value::Number(number) => vec![Inline::text(number.to_string())],
        Value::String(text) => match model.resource(text) {
            Some(_) => vec![Inline::Link(PartyRef::of(model, text))],
            None => vec![Inline::text(text.clone())],
        },
        Value::Array(items) => joined(model, items.iter(), ", "),
        Value::Object(fields) => joined(model, fields.values(), ": "),
    }
}

fn joined<'v>(model: &Model, values: impl Iterator<Item = &'v Value>, between: &str) -> Cell {
    let mut all: Cell = Vec::new();
    for value in values {
        let next = cell(model, value);
        if next.is_empty() {
            continue;
        }
        // Sentences and records are told apart by semicolons, words by commas.
        let is_sentence = match all.last_mut() {
            Some(Inline::Text(text)) if text.ends_with('.') => text.pop().is_some(),
            Some(_) | None => false,
        };
        if !all.is_empty() {
            let is_list = between == ", ";
            let separator =
                if is_list && (is_sentence || value.is_object()) { "; " } else { between };
            all.push(Inline::text(separator));
        }
        all.extend(next);
    }
    all
}

/// The seat that would fill a gap about a subject: the one whose own words fit it best.
pub(crate) fn likely_owner(model: &Model, subject: &str) -> Option<PartyRef> {
    let topic = org::Subject::Topic(subject.to_owned());
    let claims = org::who::claims(model, &topic).into_iter();
    let best = claims
        .max_by(|left, right| (left.weight, &right.holder).cmp(&(right.weight, &left.holder)))?;
    let name = best.holder.strip_prefix("seat/")?;
    model.get::<Seat>(name).map(|_| PartyRef::of(model, &best.holder))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use org::kinds::Site;

    use super::*;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_unsaid_field_is_a_gap_and_an_unused_optional_one_is_no_column() {
        let part = |fields| DocumentPart::table::<Site>(Chapter::Platform, "Sites", fields);
        let workspace = TRIAL.read("Site/eu-1: {role: primary}\nSite/eu-2: {role: burst, rto: 4h}");
        let render = |fields| resource_table::<Site>(workspace.model(), &part(fields));
        let blocks = render(&["location=Place", "provider?", "rto?", "rpo"]);
        let [Block::Table { columns, rows }] = blocks.as_slice() else {
            panic!("one table: {blocks:?}")
        };
        assert_eq!(columns, &["Name", "Place", "RTO", "RPO"]);
        assert_eq!(rows[0][1], [Inline::Gap("no place".to_owned())]);
        assert_eq!(rows[0][2], []);
        assert_eq!(rows[1][2], [Inline::text("4h")]);
        assert_eq!(rows[1][3], [Inline::Gap("no RPO".to_owned())]);
    }

    #[track_caller]
    fn reads(value: &Value, expected: &str) {
        let text: String = cell(&Model::default(), value)
            .iter()
            .map(|inline| match inline {
                Inline::Text(text) | Inline::Strong(text) | Inline::Gap(text) => text.clone(),
                Inline::Link(party) => party.title.clone(),
                Inline::Anchor(_) => String::new(),
            })
            .collect();
        assert_eq!(text, expected);
    }

    #[test]
    fn words_sentences_and_records_are_told_apart() {
        reads(&json!(["CPU", "RAM", 3, true]), "CPU, RAM, 3, yes");
        reads(&json!(["Do this.", "Do that."]), "Do this; Do that.");
        let steps = json!([{"does": "Look.", "with": null, "see": "a.md"}, {"does": "Act."}]);
        reads(&steps, "Look: a.md; Act.");
    }
}
