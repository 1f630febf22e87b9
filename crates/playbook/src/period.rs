//! A length of time as people write it: `45m`, `72h`, `180d`.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A whole number of seconds, minutes, hours, days or weeks. Days are 24 hours: periods measure
/// time that passes, not calendars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    seconds: u64,
}

/// The units, largest first, with their length in seconds.
const UNITS: [(&str, u64); 5] = [("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

impl Period {
    /// Makes a period of so many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self { seconds }
    }

    /// Makes a period of so many hours.
    pub const fn hours(hours: u64) -> Self {
        Self { seconds: hours * 3_600 }
    }

    /// Makes a period of so many days of 24 hours.
    pub const fn days(days: u64) -> Self {
        Self { seconds: days * 86_400 }
    }

    /// Its length in seconds.
    pub const fn as_seconds(self) -> u64 {
        self.seconds
    }

    /// The same as a duration that timestamps can be moved by.
    pub fn to_duration(self) -> jiff::SignedDuration {
        jiff::SignedDuration::from_secs(i64::try_from(self.seconds).unwrap_or(i64::MAX))
    }

    /// Reads `45m`, `72h`, `180d`, `2w` or `30s`.
    ///
    /// # Errors
    /// Says what a period looks like when the text is not one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let unit = UNITS.iter().find(|(unit, _)| text.ends_with(unit));
        let amount = unit.and_then(|(unit, _)| text.strip_suffix(unit)?.parse::<u64>().ok());
        unit.zip(amount)
            .and_then(|((_, length), amount)| amount.checked_mul(*length))
            .map(Self::seconds)
            .ok_or_else(|| {
                format!("`{text}` is not a period: write a whole number and a unit, such as `45m`, `72h`, `180d` or `2w`")
            })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 180d reads better than 25w 5d, so weeks are never printed.
        let (unit, length) = UNITS[1..]
            .iter()
            .find(|(_, length)| self.seconds >= *length && self.seconds.is_multiple_of(*length))
            .unwrap_or(&("s", 1));
        write!(formatter, "{}{unit}", self.seconds / length)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A length of time: a whole number and a unit, such as `45m`, `72h`, `180d`.",
            "format": "council-period",
            "pattern": "^[0-9]+[smhdw]$",
        })
    }
}
