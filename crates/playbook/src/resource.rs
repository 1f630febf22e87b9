//! A resource: what one document declared, with its name, place and typed spec.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use diag::{Place, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::Use;

/// What identifies a resource: its kind's slug and its name. Shown as `seat/network-security`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// The kind's slug.
    pub slug: &'static str,
    /// The name, unique within the kind.
    pub name: Arc<str>,
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.slug, self.name)
    }
}

/// The envelope's `metadata`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// The name that references use: lower-case letters, digits, `-`, `.` and `_`, at most 63.
    pub name: Arc<str>,
    /// The name that people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A sentence or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Key and value pairs to select by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Key and value pairs for tools.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Since when nothing may refer to it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<jiff::civil::Date>,
    /// What to refer to instead, once retired: a reference with its kind, or a bare name of the same kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
}

/// The `metadata` of a foreign document: what we know of it; the rest (tags, links, namespaces)
/// is its own catalog's business and ignored.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ForeignMetadata")]
pub(crate) struct ForeignMeta {
    name: Arc<str>,
    #[serde(default)]
    title: Option<String>,
    /// OpenSLO's word for the title.
    #[serde(default, rename = "displayName")]
    display_name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, Label>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

impl From<ForeignMeta> for Meta {
    fn from(foreign: ForeignMeta) -> Self {
        let ForeignMeta { name, title, display_name, description, labels, annotations } = foreign;
        let labels = labels.into_iter().map(|(key, Label(value))| (key, value)).collect();
        let title = title.or(display_name);
        Self { name, title, description, labels, annotations, ..Self::default() }
    }
}

/// The value of a foreign label: a word, or (in OpenSLO) a list of them, kept with commas between.
#[derive(Debug)]
struct Label(String);

struct LabelVisitor;

impl<'de> Visitor<'de> for LabelVisitor {
    type Value = Label;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a word or a list of words")
    }

    fn visit_str<E>(self, word: &str) -> Result<Label, E> {
        Ok(Label(word.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut words: A) -> Result<Label, A::Error> {
        let mut all: Vec<String> = Vec::new();
        while let Some(word) = words.next_element()? {
            all.push(word);
        }
        Ok(Label(all.join(",")))
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LabelVisitor)
    }
}

impl JsonSchema for Label {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Label".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
        })
    }
}

/// One resource of the playbook. Its spec is reached through [`Model`](crate::Model) by type.
pub struct Resource {
    /// Kind and name.
    pub id: Id,
    /// The envelope's metadata.
    pub meta: Meta,
    /// Where its name stands.
    pub place: Place,
    /// The whole document in that file.
    pub extent: Span,
    /// The references it makes.
    pub uses: Vec<Use>,
    /// A digest of the document's text (first 16 hexadecimal digits of SHA-256), for "has it changed".
    pub digest: Arc<str>,
    pub(crate) spec: Box<dyn Any + Send + Sync>,
}

impl Resource {
    /// The name that people read: the title, or else the name.
    pub fn title(&self) -> &str {
        self.meta.title.as_deref().unwrap_or(&self.meta.name)
    }

    /// Turns a span of this resource's file into a place.
    pub fn at(&self, span: Span) -> Place {
        Place::new(self.place.file.clone(), span)
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in {}", self.id, self.place.file)
    }
}
