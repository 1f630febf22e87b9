//! Matchers: one label, one comparison.

use std::fmt;

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Labels, MAX_REGEX};

/// How a matcher compares.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[schemars(rename = "MatcherOperator")]
pub enum Operator {
    /// Is the value.
    #[serde(rename = "=")]
    Equal,
    /// Is not the value.
    #[serde(rename = "!=")]
    NotEqual,
    /// Matches the regular expression, from beginning to end.
    #[serde(rename = "=~")]
    Matches,
    /// Does not match it.
    #[serde(rename = "!~")]
    NotMatches,
}

impl Operator {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Matches => "=~",
            Self::NotMatches => "!~",
        }
    }

    /// Says whether its value is a regular expression.
    pub fn is_regex(self) -> bool {
        matches!(self, Self::Matches | Self::NotMatches)
    }

    /// Says whether it holds when the value is as it says.
    pub fn is_positive(self) -> bool {
        matches!(self, Self::Equal | Self::Matches)
    }

    /// The same comparison of a plain value or a regular expression, negated.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Matches => Self::NotMatches,
            Self::NotMatches => Self::Matches,
        }
    }
}

/// One comparison of one label. A label that an alert does not have counts as empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Matcher {
    /// The label.
    pub name: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: String,
}

impl fmt::Display for Matcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}{:?}", self.name, self.operator.sign(), self.value)
    }
}

/// A matcher that is ready to match.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    pub(super) matcher: Matcher,
    regex: Option<Regex>,
}

impl Ready {
    /// Compiles it; the error says in a clause what is wrong with the regular expression.
    pub(super) fn of(matcher: &Matcher) -> Result<Self, String> {
        let regex = if matcher.operator.is_regex() {
            let whole = format!("^(?s:{})$", matcher.value);
            let built = RegexBuilder::new(&whole).size_limit(MAX_REGEX).build();
            Some(built.map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                // Only its last line says what; the ones before draw where, in the expression with our own anchors.
                other => {
                    other.to_string().lines().last().unwrap_or_default().replace("error: ", "")
                }
            })?)
        } else {
            None
        };
        Ok(Self { matcher: matcher.clone(), regex })
    }

    pub(super) fn holds(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.matcher.name);
        let same = match &self.regex {
            Some(regex) => regex.is_match(value),
            None => self.matcher.value == value,
        };
        same == self.matcher.operator.is_positive()
    }

    /// Whether it also holds for an alert without the label.
    pub(super) fn holds_for_empty(&self) -> bool {
        self.holds(&Labels::default())
    }
}
