//! What a guardrail found in a plan.

use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The plan must not be applied.
    Deny,
    /// Somebody should look.
    Warn,
}

/// What a guardrail found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// The file of the policy.
    pub policy: String,
    /// Its package, such as `main`.
    pub package: String,
    /// The rule, such as `deny_public_bucket`.
    pub rule: String,
    /// What it says.
    pub message: String,
    /// The resource that it names, if it names one.
    pub resource: Option<String>,
    /// Whether the rule came to no answer, because of an error or its time: another look may find another thing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unjudged: bool,
}

/// Reads what a rule answered: strings, or objects with `msg`, alone or in a set.
pub(crate) fn messages(answer: &serde_json::Value) -> Vec<(String, Option<String>)> {
    use serde_json::Value;
    match answer {
        Value::Array(items) => items.iter().flat_map(messages).collect(),
        Value::String(text) => vec![(text.clone(), None)],
        Value::Object(fields) => {
            let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
            let details = fields.get("details").and_then(|details| details.get("resource"));
            let resource =
                text("resource").or_else(|| details.and_then(Value::as_str).map(str::to_owned));
            let message = text("msg").or_else(|| text("message"));
            vec![(message.unwrap_or_else(|| answer.to_string()), resource)]
        }
        // A rule that is no more than true has found something and does not say what.
        Value::Bool(true) => vec![("found something, and does not say what".to_owned(), None)],
        Value::Bool(false) | Value::Null => Vec::new(),
        Value::Number(number) => vec![(number.to_string(), None)],
    }
}
