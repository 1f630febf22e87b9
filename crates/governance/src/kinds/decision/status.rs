//! The status line of a decision record, as MADR writes it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};

/// What the status line of a decision record says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Being written.
    Draft,
    /// Put to the council.
    Proposed,
    /// Those to be asked have been asked.
    Consulted,
    /// In force.
    Accepted,
    /// Turned down.
    Rejected,
    /// Taken back by its author.
    Withdrawn,
    /// No longer in force, without a successor.
    Deprecated,
    /// Replaced by another decision.
    Superseded {
        /// The successor's name or number, when the line says so.
        by: Option<String>,
    },
    /// Its time is over and nobody renewed it.
    Expired,
}

/// The words of all states, for messages and schemas.
const WORDS: [&str; 9] = [
    "draft",
    "proposed",
    "consulted",
    "accepted",
    "rejected",
    "withdrawn",
    "deprecated",
    "superseded by <decision>",
    "expired",
];

impl Status {
    /// Reads a status line; capitals do not matter.
    ///
    /// # Errors
    /// Lists the words that are understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let line = text.trim();
        let lower = line.to_lowercase();
        Ok(match lower.as_str() {
            "draft" => Self::Draft,
            "proposed" => Self::Proposed,
            "consulted" => Self::Consulted,
            "accepted" => Self::Accepted,
            "rejected" => Self::Rejected,
            "withdrawn" => Self::Withdrawn,
            "deprecated" => Self::Deprecated,
            "expired" => Self::Expired,
            _ if lower.starts_with("superseded") => {
                let rest = lower.trim_start_matches("superseded").trim_start();
                Self::Superseded { by: successor(rest.trim_start_matches("by").trim()) }
            }
            _ => {
                return Err(format!(
                    "{} is not a status: write one of {}",
                    diag::words::quote(text),
                    WORDS.map(|word| format!("`{word}`")).join(", ")
                ));
            }
        })
    }

    /// Says whether the file claims that the decision is in force.
    pub fn is_in_force(&self) -> bool {
        *self == Self::Accepted
    }
}

/// The successor that `[ADR-0123](0123-example.md)`, `ADR-0123` or `0123-example` names: the link's
/// file without folders and `.md`, else the word without `adr-`.
fn successor(text: &str) -> Option<String> {
    let link = text.split_once("](").and_then(|(_, rest)| rest.split_once(')'));
    let target = match link {
        Some((file, _)) => file.rsplit('/').next().unwrap_or(file),
        None => text.split_whitespace().next()?,
    };
    let target = target.trim_matches(|character| matches!(character, '[' | ']' | '.' | ','));
    let target = target.strip_suffix(".md").unwrap_or(target);
    let target = target.strip_prefix("decision/").unwrap_or(target);
    let target = target.strip_prefix("adr-").unwrap_or(target);
    (!target.is_empty()).then(|| target.to_owned())
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Consulted => "consulted",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Deprecated => "deprecated",
            Self::Superseded { by: None } => "superseded",
            Self::Superseded { by: Some(by) } => return write!(formatter, "superseded by {by}"),
            Self::Expired => "expired",
        };
        formatter.write_str(word)
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Status {
    fn schema_name() -> Cow<'static, str> {
        "DecisionStatus".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "The state of the decision as MADR writes it; a superseded one names its successor, such as `superseded by [ADR-0012](0012-example.md)`.",
            "examples": WORDS,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let found = Status::parse(line).map_or_else(|error| error, |status| status.to_string());
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn status_lines_are_read_as_people_write_them() {
        check("accepted", "accepted");
        check(" Accepted ", "accepted");
        check("superseded by [ADR-0123](0123-example.md)", "superseded by 0123-example");
        check("superseded by [ADR-0005](../adr/0005-example.md).", "superseded by 0005-example");
        check("superseded by ADR-0123", "superseded by 0123");
        check("Superseded by 0123-example", "superseded by 0123-example");
        check("superseded", "superseded");
        check(
            "done",
            "`done` is not a status: write one of `draft`, `proposed`, `consulted`, `accepted`, `rejected`, `withdrawn`, `deprecated`, `superseded by <decision>`, `expired`",
        );
    }
}
