//! An entry that is a name or a whole object, as OpenSLO allows for alert policies.
//!
//! Written by hand because an untagged enum would lose the spans of everything inside of it.

use std::fmt;

use playbook::Ref;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{AlertPolicy, InlineMetadata};

/// An alert policy of an SLO: named, or in place.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyEntry {
    /// Only its name.
    Named(Ref<AlertPolicy>),
    /// The policy itself.
    InPlace(Box<PolicyInPlace>),
}

/// The map form of an entry: `alertPolicyRef`, or `kind`, `metadata` and `spec`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyInPlace {
    /// Its name, for one that stands elsewhere.
    pub alert_policy_ref: Option<Ref<AlertPolicy>>,
    /// `AlertPolicy`, for one in place.
    pub kind: Option<String>,
    /// Its metadata, for one in place.
    pub metadata: Option<InlineMetadata>,
    /// Its spec, for one in place.
    pub spec: Option<AlertPolicy>,
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = PolicyEntry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of an alert policy, or an alert policy")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<PolicyEntry, E> {
        Ok(PolicyEntry::Named(Ref::to(name)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PolicyEntry, A::Error> {
        let entry = PolicyInPlace::deserialize(MapAccessDeserializer::new(map))?;
        Ok(PolicyEntry::InPlace(Box::new(entry)))
    }
}

impl<'de> Deserialize<'de> for PolicyEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

impl Serialize for PolicyEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(name) => serializer.serialize_str(name.name()),
            Self::InPlace(policy) => policy.serialize(serializer),
        }
    }
}

impl JsonSchema for PolicyEntry {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PolicyEntry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An alert policy: its name, or the policy itself.",
            "oneOf": [{ "type": "string" }, generator.subschema_for::<PolicyInPlace>()],
        })
    }
}
