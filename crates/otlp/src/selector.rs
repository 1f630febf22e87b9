//! What an indicator counts.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue, any_value};
use regex::{Regex, RegexBuilder};
use sha2::{Digest as _, Sha256};

/// So much memory a compiled pattern may take: 256 KiB, a hundred times what a list of routes needs.
const MOST_PATTERN: usize = 256 * 1024;

/// What an indicator counts: which points, and what of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    /// The metric's name, exactly.
    pub metric: String,
    /// What must hold for a point, all of it.
    pub conditions: Vec<Condition>,
    /// What of a point counts.
    pub what: What,
    /// From when on events are counted: since the counter was made or the indicator took its present form, whichever is later.
    /// What was before may have been counted by another process or under another selector.
    pub since: Timestamp,
}

/// What must hold for an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Whose attribute.
    pub of: Of,
    /// Its key. A scope's name and version go by `otel.scope.name` and `otel.scope.version`.
    pub attribute: String,
    /// What it must be. An attribute that is not there is nothing at all, not even an empty text.
    pub is: Is,
}

/// Whose attribute is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The resource: the service, its instance, its host.
    Resource,
    /// The instrumentation scope: the library that measured.
    Scope,
    /// The point.
    Point,
}

/// What an attribute must be. Numbers and truth values are compared as text: `500`, `0.5`, `true`. Arrays, maps and bytes are
/// nothing that could be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Is {
    /// One of these.
    OneOf(Vec<String>),
    /// Something that matches as a whole.
    Like(Pattern),
}

/// A regular expression that must match the whole of a text (syntax of the crate `regex`; linear in the text's length).
#[derive(Clone)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

/// A pattern that is none, or too large.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no pattern: {why}")]
pub struct BadPattern {
    text: String,
    why: String,
}

/// What of a point counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// Events: the increments of a monotonic sum, which must be whole numbers, or the samples of a histogram, an exponential
    /// histogram or a summary.
    Count,
    /// Samples at or below a bound, in the metric's own unit.
    ///
    /// Of a histogram, the bound must be one of its explicit bounds (within a millionth); bounds include their upper end. Of an
    /// exponential histogram, the nearest boundary of its buckets is taken, `2^(k·2^-scale)`; it is at most half a bucket away
    /// from the bound, which is 4.4 % at scale 3 and 2.2 % at scale 4. Where it is more than 5 % away the point is refused as
    /// [`Reason::TooCoarse`](crate::Reason::TooCoarse). When a sender changes the scale and another boundary is nearest, the
    /// series is counted anew from there ([`Reason::BoundaryMoved`](crate::Reason::BoundaryMoved)).
    AtMost(f64),
    /// The sum of a monotonic sum, or of a histogram's or summary's samples, in millionths of the metric's unit: `1.5` counts as
    /// 1,500,000.
    Sum,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is no regular expression or would take more than 256 KiB.
    pub fn new(text: &str) -> Result<Self, BadPattern> {
        let anchored = format!("^(?:{text})$");
        let bad = |why: String| BadPattern { text: text.to_owned(), why };
        // Alone first: `a)(b` would be one with the anchors around it.
        let build = |text: &str| RegexBuilder::new(text).size_limit(MOST_PATTERN).build();
        let built = build(text).and_then(|_| build(&anchored)).map_err(|error| match error {
            regex::Error::CompiledTooBig(most) => bad(format!("it takes more than {most} bytes")),
            other => {
                // The last line says what; those before it draw where.
                let words = other.to_string();
                bad(words.lines().last().unwrap_or_default().trim_start_matches("error: ").into())
            }
        })?;
        Ok(Self { text: text.to_owned(), regex: built })
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

/// What a selector goes by: the same for the same content, wherever it stands in a list.
pub(crate) type SelectorKey = [u8; 16];

impl Selector {
    /// A digest of all that it says.
    pub(crate) fn key(&self) -> SelectorKey {
        let Self { metric, conditions, what, since } = self;
        let digest = Sha256::digest(format!("{metric:?} {conditions:?} {what:?} {since}"));
        let mut key = SelectorKey::default();
        key.copy_from_slice(&digest[..16]);
        key
    }

    /// Whether attributes are as the conditions on them want; a scope says its name and version besides.
    pub(crate) fn fits(
        &self,
        of: Of,
        attributes: &[KeyValue],
        scope: Option<&InstrumentationScope>,
    ) -> bool {
        let ours = self.conditions.iter().filter(|condition| condition.of == of);
        ours.into_iter().all(|condition| {
            let found = match (condition.attribute.as_str(), scope) {
                ("otel.scope.name", Some(scope)) => Some(Cow::Borrowed(scope.name.as_str())),
                ("otel.scope.version", Some(scope)) => Some(Cow::Borrowed(scope.version.as_str())),
                (key, _) => find(attributes, key),
            };
            found.is_some_and(|text| condition.is.met_by(&text))
        })
    }
}

impl Is {
    fn met_by(&self, text: &str) -> bool {
        match self {
            Self::OneOf(values) => values.iter().any(|value| value == text),
            Self::Like(pattern) => pattern.regex.is_match(text),
        }
    }
}

fn find<'a>(attributes: &'a [KeyValue], key: &str) -> Option<Cow<'a, str>> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => Some(Cow::Borrowed(text)),
        any_value::Value::BoolValue(truth) => Some(Cow::Owned(truth.to_string())),
        any_value::Value::IntValue(number) => Some(Cow::Owned(number.to_string())),
        any_value::Value::DoubleValue(number) => Some(Cow::Owned(number.to_string())),
        any_value::Value::ArrayValue(_)
        | any_value::Value::KvlistValue(_)
        | any_value::Value::BytesValue(_)
        | any_value::Value::StringValueStrindex(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_the_whole() {
        let pattern = Pattern::new("5..|a").expect("a pattern");
        let is = Is::Like(pattern);
        for (text, met) in [("503", true), ("a", true), ("1503", false), ("ab", false), ("", false)]
        {
            assert_eq!(is.met_by(text), met, "{text}");
        }
    }

    #[test]
    fn what_is_no_pattern_or_too_large_is_refused() {
        for text in ["(", "a)(b", "[[:word:]]{5000}{50}", "(?P<n"] {
            let words = Pattern::new(text).expect_err(text).to_string();
            assert!(words.starts_with('`') && !words.contains('\n'), "{words}");
        }
    }

    #[test]
    fn a_key_is_of_the_content() {
        let selector = |metric: &str, what| Selector {
            metric: metric.to_owned(),
            conditions: Vec::new(),
            what,
            since: Timestamp::UNIX_EPOCH,
        };
        let one = selector("a", What::Count);
        assert_eq!(one.key(), selector("a", What::Count).key());
        assert_ne!(one.key(), selector("b", What::Count).key());
        assert_ne!(one.key(), selector("a", What::Sum).key());
        assert_ne!(selector("a", What::AtMost(1.0)).key(), selector("a", What::AtMost(2.0)).key());
    }
}
