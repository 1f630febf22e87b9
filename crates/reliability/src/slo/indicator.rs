//! How an objective is measured, in terms that rules can be rendered from.

use rust_decimal::Decimal;

use super::{Own, Template};

/// How an objective is measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Indicator {
    /// Events of one sort out of all events, as rates that any window can be summed up from.
    Events {
        /// The events that are counted.
        counted: Template,
        /// What they are.
        sort: Counted,
        /// All events.
        total: Template,
    },
    /// A ratio of errors that the query itself computes over any window.
    Ratio(Template),
    /// A ratio of errors that the query computes for now: a slice of time, or a comparison, which is 0 or 1.
    /// It is looked at once a minute.
    Samples(String),
    /// What council counts itself.
    Own(Own),
    /// Several objectives, each with its weight.
    Composite(Vec<Member>),
}

/// What the events of an indicator are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// What went well.
    Good,
    /// What did not.
    Bad,
}

/// An objective inside a composite one.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// How much it weighs.
    pub weight: Decimal,
}
