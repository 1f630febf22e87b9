//! Names as MADR's front matter has them: a list, or one line with commas.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// Names in free words, read from `[ana, ben]`, `ana, ben`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl Names {
    /// Says whether nobody is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = Names;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("names, as a list or separated by commas")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Names, E> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        Ok(Names(names.map(str::to_owned).collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Names, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = list.next_element::<Cow<'de, str>>()? {
            names.push(name.trim().to_owned());
        }
        Ok(Names(names))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Names, E> {
        Ok(Names::default())
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Names, E> {
        Ok(Names::default())
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamesVisitor)
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl JsonSchema for Names {
    fn schema_name() -> Cow<'static, str> {
        "Names".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Names in free words: a list, or one line separated by commas.",
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" } },
                { "type": "null" },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &[&str]) {
        let names: Names = serde_json::from_str(json).expect(json);
        assert_eq!(names.0, expected);
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        check("\"Ana Example, ben ,\"", &["Ana Example", "ben"]);
        check("[\"ana\", \" ben\"]", &["ana", "ben"]);
        check("null", &[]);
        check("\"\"", &[]);
    }
}
