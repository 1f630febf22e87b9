//! The answer, with its reasons.

/// Whether it may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A policy permits it and none forbids it.
    Allowed,
    /// A policy forbids it.
    Forbidden,
    /// No policy permits it.
    NotPermitted,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub outcome: Outcome,
    /// The policies that decided, by name; of [`Outcome::NotPermitted`], those that could have permitted it.
    pub policies: Vec<String>,
    /// What happened, in a sentence.
    pub reason: String,
    /// For a denial: what would be needed, one way a line.
    pub needed: Vec<String>,
    /// Policies that could not be evaluated, with the error; they counted for nothing.
    pub errors: Vec<String>,
}

impl Decision {
    /// Says whether it may be done.
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }
}
