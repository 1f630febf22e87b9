//! An amount of money, in hundredths of the currency; never a floating-point number.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// An amount in the organization's currency, written as `"3"` or `"3.50"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    hundredths: i64,
}

impl Amount {
    /// Makes an amount of so many hundredths.
    pub const fn hundredths(hundredths: i64) -> Self {
        Self { hundredths }
    }

    /// How many hundredths it is.
    pub const fn as_hundredths(self) -> i64 {
        self.hundredths
    }

    /// Reads `3` or `3.50`.
    ///
    /// # Errors
    /// Says what an amount looks like when the text is not one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = digits(whole) && digits(part) && (part.len() == 2 || part.len() == 1);
        let part = if part.len() == 1 { format!("{part}0") } else { part.to_owned() };
        let parsed = whole.parse::<i64>().ok().zip(part.parse::<i64>().ok());
        parsed
            .filter(|_| fits)
            .and_then(|(whole, part)| whole.checked_mul(100)?.checked_add(part))
            .map(Self::hundredths)
            .ok_or_else(|| format!("`{text}` is not an amount: write it as \"3\" or \"3.50\""))
    }
}

impl std::ops::Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::hundredths(self.hundredths.saturating_add(other.hundredths))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.hundredths < 0 { "-" } else { "" };
        let all = self.hundredths.unsigned_abs();
        write!(formatter, "{sign}{}.{:02}", all / 100, all % 100)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "An amount in the organization's currency, such as \"3.50\".",
            "pattern": "^[0-9]+(\\.[0-9]{1,2})?$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_to_the_hundredth() {
        let read = |text: &str| Amount::parse(text).map(|amount| amount.to_string());
        assert_eq!(read("3").as_deref(), Ok("3.00"));
        assert_eq!(read("3.5").as_deref(), Ok("3.50"));
        assert_eq!(read("12.07").as_deref(), Ok("12.07"));
        for text in ["", "3.", "3.123", "-1", "3,50", "1e3", "99999999999999999999"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
