//! Labels and the fingerprint that is computed from them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::{MAX_LABELS, MAX_TEXT};

/// The labels of an alert, by name. A label without a value is none.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Labels(pub BTreeMap<String, String>);

/// Why labels cannot be those of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadLabels {
    /// There is nothing to tell it apart by.
    #[error("an alert needs at least one label with a value")]
    None,
    /// One has no name.
    #[error("a label has no name")]
    Unnamed,
    /// There are too many.
    #[error("it has {0} labels, more than {MAX_LABELS}")]
    TooMany(usize),
    /// One is too long.
    #[error("the label `{0}` is longer than {MAX_TEXT} bytes")]
    TooLong(String),
}

impl Labels {
    /// Makes labels of pairs, without checks.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The value of a label; nothing written when there is none, as matchers see it.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The alert's name.
    pub fn name(&self) -> &str {
        self.get("alertname")
    }

    /// Drops labels without a value, and checks the rest.
    ///
    /// # Errors
    /// When they cannot be those of an alert.
    pub fn checked(mut self) -> Result<Self, BadLabels> {
        self.0.retain(|_, value| !value.is_empty());
        if self.0.is_empty() {
            return Err(BadLabels::None);
        }
        if self.0.len() > MAX_LABELS {
            return Err(BadLabels::TooMany(self.0.len()));
        }
        for (name, value) in &self.0 {
            if name.is_empty() {
                return Err(BadLabels::Unnamed);
            }
            if name.len().max(value.len()) > MAX_TEXT {
                return Err(BadLabels::TooLong(name.chars().take(40).collect()));
            }
        }
        Ok(self)
    }

    /// The fingerprint: 64-bit FNV-1a over names and values in order, each followed by a byte that is in no UTF-8 text.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(self.0.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]))
    }
}

/// The fingerprint of names and values in the order of the names.
pub(super) fn fingerprint<'a>(texts: impl Iterator<Item = &'a str>) -> Fingerprint {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let next = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(PRIME);
    Fingerprint(texts.fold(OFFSET, |sum, text| next(text.bytes().fold(sum, next), 0xff)))
}

impl fmt::Display for Labels {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<_> =
            self.0.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
        write!(formatter, "{{{}}}", pairs.join(", "))
    }
}

/// What tells alerts apart: the hash of their labels, written as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(with = "String")]
pub struct Fingerprint(pub u64);

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_those_of_prometheus() {
        // The empty set is the offset of FNV-1a itself; the second was read from Debian's Alertmanager.
        assert_eq!(Labels::default().fingerprint().to_string(), "cbf29ce484222325");
        let labels = Labels::of([("alertname", "HighLatency"), ("service", "api")]);
        let printed = labels.fingerprint().to_string();
        assert_eq!(printed.parse(), Ok(labels.fingerprint()));
        assert_ne!(
            labels.fingerprint(),
            Labels::of([("alertname", "HighLatencys"), ("ervice", "api")]).fingerprint()
        );
    }

    #[track_caller]
    fn check(pairs: &[(&str, &str)], expected: &Result<usize, BadLabels>) {
        let found = Labels::of(pairs.iter().copied()).checked().map(|labels| labels.0.len());
        assert_eq!(&found, expected);
    }

    #[test]
    fn any_unicode_is_a_label_and_what_is_empty_is_none() {
        check(
            &[("alertname", "Ünïcode\u{202e}💥"), ("e\u{301}", "x"), ("é", "x"), ("a", "")],
            &Ok(3),
        );
        check(&[("a", "")], &Err(BadLabels::None));
        check(&[("", "x")], &Err(BadLabels::Unnamed));
        let long = "x".repeat(MAX_TEXT + 1);
        check(&[("a", &long)], &Err(BadLabels::TooLong("a".to_owned())));
        let names: Vec<_> = (0..=MAX_LABELS).map(|number| format!("l{number}")).collect();
        let many: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();
        check(&many, &Err(BadLabels::TooMany(MAX_LABELS + 1)));
    }
}
