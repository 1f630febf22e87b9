//! Something the council has not decided yet.

use jiff::civil::Date;
use org::kinds::Seat;
use playbook::{Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An open question: something that the council still has to decide, with its owner and due date.
///
/// A decision answers a question by naming it in `answers`. Once such a decision is accepted, the
/// question is closed by itself; until then it comes back on agendas, the most urgent first.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Question
/// metadata:
///   name: logging-stack
///   title: Which logging stack is ours?
/// spec:
///   owner: observability
///   raised: 2026-11-02
///   due: 2099-01-31
///   options: [ELK, Loki, Graylog]
///   context: Three stacks run today, and nobody maintains two of them.
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its place in the backlog: questions are listed by due date, then by it, then by name.
    #[serde(default)]
    pub order: Option<u32>,
    /// The seat that brings it to an answer.
    #[serde(default)]
    pub owner: Option<Ref<Seat>>,
    /// When it came up.
    #[serde(default)]
    pub raised: Option<Spanned<Date>>,
    /// By when it should be answered.
    #[serde(default)]
    pub due: Option<Spanned<Date>>,
    /// The answers that are thinkable.
    #[serde(default)]
    pub options: Vec<String>,
    /// What one must know to answer it.
    #[serde(default)]
    pub context: Option<String>,
}

kind!(Question, "question");
