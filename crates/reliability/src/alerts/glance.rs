//! A glance at what was sent: enough to see that it is known already.
//!
//! Whoever watches sends every alert that fires again and again, and nearly nothing of it is news. A glance copies no text: it
//! reads the same JSON as strictly as a whole reading would, and keeps of each alert its fingerprint and its end.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::labels::{Fingerprint, fingerprint};
use super::{MAX_LABELS, MAX_TEXT};

/// What a glance sees of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// The fingerprint of its labels.
    pub fingerprint: Fingerprint,
    /// When it ends, if its sender says so.
    pub ends_at: Option<Timestamp>,
}

/// Looks at alerts as Prometheus sends them. Nothing where they have to be read as a whole: they cannot be read, or labels stand
/// twice or are wrong.
#[must_use]
pub fn glance(body: &[u8]) -> Option<Vec<Glance>> {
    let alerts: Vec<Seen<'_>> = serde_json::from_slice(body).ok()?;
    alerts.into_iter().map(Seen::glance).collect()
}

#[derive(Deserialize)]
struct Seen<'b> {
    #[serde(borrow)]
    labels: Pairs<'b>,
    #[serde(default, borrow, rename = "annotations")]
    _annotations: Passed<'b>,
    #[serde(default, rename = "startsAt")]
    _starts_at: Option<Timestamp>,
    #[serde(default, rename = "endsAt")]
    ends_at: Option<Timestamp>,
    #[serde(default, borrow, rename = "generatorURL")]
    _generator_url: Option<Text<'b>>,
}

impl Seen<'_> {
    fn glance(self) -> Option<Glance> {
        let Pairs(mut pairs) = self.labels;
        pairs.retain(|(_, value)| !value.0.is_empty());
        pairs.sort_unstable_by(|(one, _), (other, _)| one.0.cmp(&other.0));
        let twice =
            pairs.windows(2).any(|pair| matches!(pair, [one, other] if one.0.0 == other.0.0));
        let fits = |text: &Text<'_>| text.0.len() <= MAX_TEXT;
        let wrong = pairs.iter().any(|(name, it)| name.0.is_empty() || !fits(name) || !fits(it));
        if twice || wrong || pairs.is_empty() || pairs.len() > MAX_LABELS {
            return None;
        }
        let texts = pairs.iter().flat_map(|(name, value)| [&*name.0, &*value.0]);
        // Go writes "no time" as the first second of the year 1.
        let ends_at = self.ends_at.filter(|at| at.as_second() > 0);
        Some(Glance { fingerprint: fingerprint(texts), ends_at })
    }
}

/// A text, where it stands unless it holds an escape.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'b>(#[serde(borrow)] Cow<'b, str>);

/// Names and texts in the order in which they stand.
#[derive(Default)]
struct Pairs<'b>(Vec<(Text<'b>, Text<'b>)>);

/// Names and texts that are read and not kept.
#[derive(Default)]
struct Passed<'b>(std::marker::PhantomData<&'b ()>);

impl<'de: 'b, 'b> Deserialize<'de> for Pairs<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut pairs = Vec::with_capacity(8);
        deserializer.deserialize_map(Each(|name, value| pairs.push((name, value))))?;
        Ok(Self(pairs))
    }
}

impl<'de: 'b, 'b> Deserialize<'de> for Passed<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Each(|_: Text<'de>, _: Text<'de>| ()))?;
        Ok(Self::default())
    }
}

/// Does something with each pair.
struct Each<F>(F);

impl<'de, F: FnMut(Text<'de>, Text<'de>)> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("names and texts")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry()? {
            (self.0)(name, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::Labels;

    fn one(labels: &str) -> String {
        format!(
            r#"[{{"labels":{labels},"annotations":{{"a":"b\n"}},"startsAt":"2026-01-01T00:00:00Z","endsAt":"2026-01-02T00:00:00Z","generatorURL":"x","new":[1]}}]"#
        )
    }

    #[test]
    fn a_glance_sees_the_fingerprint_that_a_whole_reading_computes() {
        for labels in [
            r#"{"alertname":"A","job":"web"}"#,
            r#"{"job":"web","alertname":"A","empty":""}"#,
            r#"{"alertname":"\u00dcn\"icode","\u0061":"x"}"#,
        ] {
            let whole: Labels = serde_json::from_str(labels).expect("labels");
            let expected = whole.checked().expect("good labels").fingerprint();
            let seen = glance(one(labels).as_bytes()).expect("a glance is enough");
            assert_eq!(seen[0].fingerprint, expected, "{labels}");
            assert_eq!(seen[0].ends_at, "2026-01-02T00:00:00Z".parse().ok());
        }
        let never = glance(br#"[{"labels":{"a":"b"},"endsAt":"0001-01-01T00:00:00Z"}]"#);
        assert_eq!(never.expect("a glance")[0].ends_at, None);
    }

    #[test]
    fn what_is_strange_is_left_to_a_whole_reading() {
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(MAX_TEXT + 1));
        let many: Vec<_> = (0..=MAX_LABELS).map(|at| format!(r#""l{at}":"x""#)).collect();
        let many = format!("{{{}}}", many.join(","));
        for labels in
            ["{}", r#"{"a":""}"#, r#"{"":"x"}"#, r#"{"a":"x","a":"y"}"#, &long, &many, "1"]
        {
            assert_eq!(glance(one(labels).as_bytes()), None, "{labels}");
        }
        assert_eq!(glance(br#"[{"labels":{"a":"b"},"annotations":{"n":1}}]"#), None);
        assert_eq!(glance(br#"[{"labels":{"a":"b"},"endsAt":"soon"}]"#), None);
    }
}
