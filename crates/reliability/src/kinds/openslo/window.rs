//! OpenSLO's way to write lengths of time: `30d`, `1M`.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

/// The units, which are case-sensitive: `m` is a minute and `M` a month.
const UNITS: [char; 7] = ['m', 'h', 'd', 'w', 'M', 'Q', 'Y'];

/// A length of time as OpenSLO writes it: a whole number and a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SloDuration {
    /// How many.
    pub count: u32,
    /// Of what: `m` minutes, `h` hours, `d` days, `w` weeks, `M` months, `Q` quarters, `Y` years.
    pub unit: char,
}

impl SloDuration {
    /// Reads `30d` or `1M`.
    ///
    /// # Errors
    /// Says what a duration looks like when the text is not one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let unit = text.chars().next_back().filter(|unit| UNITS.contains(unit));
        unit.zip(text.strip_suffix(UNITS))
            .filter(|(_, count)| count.starts_with(|first: char| first.is_ascii_digit()))
            .and_then(|(unit, count)| Some(Self { count: count.parse().ok()?, unit }))
            .filter(|duration| duration.count > 0)
            .ok_or_else(|| {
                format!(
                    "`{text}` is not an OpenSLO duration: write a whole number and one of \
                     `m`, `h`, `d`, `w`, `M`, `Q`, `Y`, such as `30d`"
                )
            })
    }

    /// Its length in minutes, where months, quarters and years have none that is always the same.
    pub fn minutes(self) -> Option<u64> {
        let each = match self.unit {
            'm' => 1,
            'h' => 60,
            'd' => 1_440,
            'w' => 10_080,
            _ => return None,
        };
        Some(u64::from(self.count) * each)
    }
}

impl fmt::Display for SloDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.count, self.unit)
    }
}

impl<'de> Deserialize<'de> for SloDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl Serialize for SloDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for SloDuration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SloDuration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A length of time as OpenSLO writes it, such as `30d`.",
            "pattern": "^[1-9][0-9]*[mhdwMQY]$",
        })
    }
}

/// The length of a time slice: a duration, or (in older documents) a number of minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSliceWindow(pub SloDuration);

struct SliceVisitor;

impl Visitor<'_> for SliceVisitor {
    type Value = TimeSliceWindow;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a duration such as `1m`, or a number of minutes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<TimeSliceWindow, E> {
        SloDuration::parse(text).map(TimeSliceWindow).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, minutes: i64) -> Result<TimeSliceWindow, E> {
        match u32::try_from(minutes) {
            Ok(count) if count > 0 => Ok(TimeSliceWindow(SloDuration { count, unit: 'm' })),
            Ok(_) | Err(_) => Err(E::custom(format!("`{minutes}` is not a length of time"))),
        }
    }

    fn visit_u64<E: Error>(self, minutes: u64) -> Result<TimeSliceWindow, E> {
        self.visit_i64(i64::try_from(minutes).unwrap_or(i64::MAX))
    }
}

impl<'de> Deserialize<'de> for TimeSliceWindow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SliceVisitor)
    }
}

impl Serialize for TimeSliceWindow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl JsonSchema for TimeSliceWindow {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeSliceWindow".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The length of a time slice.",
            "oneOf": [
                generator.subschema_for::<SloDuration>(),
                { "type": "integer", "minimum": 1 },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(u32, char)>) {
        let parsed = SloDuration::parse(text).ok();
        assert_eq!(parsed.map(|duration| (duration.count, duration.unit)), expect, "{text}");
    }

    #[test]
    fn a_duration_is_a_positive_number_and_a_case_sensitive_unit() {
        check("30d", Some((30, 'd')));
        check("1M", Some((1, 'M')));
        check("1m", Some((1, 'm')));
        check("0d", None);
        check("d", None);
        check("+1d", None);
        check("-1d", None);
        check("1.5h", None);
        check("30", None);
        check("3 d", None);
        check("99999999999d", None);
        check("1é", None);
    }

    #[test]
    fn only_units_of_fixed_length_have_minutes() {
        let minutes = |text| SloDuration::parse(text).unwrap().minutes();
        assert_eq!(minutes("2w"), Some(20_160));
        assert_eq!(minutes("1M"), None);
    }
}
