//! Indicators that council counts itself: its own probes, and what services push to it.

use regex::Regex;

use super::Counted;

/// Where council's own counts come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Own {
    /// A probe, by its name.
    Probe(String),
    /// Metrics that services push by OTLP.
    Pushed {
        /// The events that are counted.
        counted: Selection,
        /// What they are.
        sort: Counted,
        /// All events.
        total: Selection,
    },
}

impl Own {
    /// Under which name the counts of an objective are kept: those of a probe are everybody's.
    #[must_use]
    pub fn key(&self, slo: &str) -> String {
        match self {
            Self::Probe(name) => format!("probe/{name}"),
            Self::Pushed { .. } => format!("slo/{slo}"),
        }
    }
}

/// Which of the pushed points count.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The metric's name.
    pub metric: String,
    /// Attributes, and what they must be.
    pub wanted: Vec<Wanted>,
    /// Samples of a histogram count that are at most so large; all of them when left out.
    pub at_most: Option<f64>,
}

/// An attribute, and what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whose.
    pub of: Bearer,
    /// Its name.
    pub attribute: String,
    /// What it must be.
    pub is: Matcher,
}

/// What bears an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// The point itself.
    Point,
    /// What measures: a service, its instance, its host.
    Resource,
}

/// What an attribute must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// One of these values.
    OneOf(Vec<String>),
    /// Whatever an expression matches as a whole.
    Pattern(String),
}

impl Matcher {
    /// Reads an expression.
    ///
    /// # Errors
    /// When it is none.
    pub fn pattern(text: &str) -> Result<Self, String> {
        match Regex::new(&format!("^(?:{text})$")) {
            Ok(_) => Ok(Self::Pattern(text.to_owned())),
            Err(_) => Err(format!("`{text}` is no regular expression")),
        }
    }
}
