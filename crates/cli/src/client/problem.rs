//! What the server refuses, in the words of the command line.

use reqwest::{Response, StatusCode};
use serde::Deserialize;

use crate::command_error::{Class, CommandError};

/// A problem document (RFC 9457) with the server's extensions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: String,
    title: String,
    detail: String,
    hint: Option<String>,
    reasons: Vec<String>,
    would_pass_if: Option<String>,
    policies: Vec<String>,
}

/// Passes an answer on, or turns a refusal into an error.
pub(super) async fn refuse(response: Response) -> Result<Response, CommandError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let problem: Problem = response.json().await.unwrap_or_default();
    Err(explain(status, problem))
}

fn explain(status: StatusCode, problem: Problem) -> CommandError {
    let Problem { code, title, detail, hint, reasons, would_pass_if, policies } = problem;
    let message = [detail, title, format!("the server answered {status}")];
    let message = message.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let mut refused = CommandError::new(class(status, &code), lower(&message));
    // A refusal's message is often its only reason; nobody wants to read it twice.
    for reason in reasons.iter().filter(|reason| !lower(&message).contains(lower(reason).as_str()))
    {
        refused = refused.why(reason);
    }
    if !policies.is_empty() {
        refused = refused.why(format!("policy: {}", policies.join(", ")));
    }
    let needed = would_pass_if.map(|needed| format!("it would pass if {needed}"));
    let sign_in = (status == StatusCode::UNAUTHORIZED)
        .then(|| "sign in with `council login LINK`; whoever runs the council makes a link with `council invite`".to_owned());
    // The server's own hint about signing in speaks of headers, which are not for people here.
    let hint = if sign_in.is_some() { None } else { hint };
    refused.hints(needed.into_iter().chain(hint.map(|hint| lower(&hint))).chain(sign_in))
}

/// The class of a refusal. The server answers 409 also when a procedure refuses, which is nobody's
/// being faster; only the code tells the two apart.
fn class(status: StatusCode, code: &str) -> Class {
    match status {
        StatusCode::PRECONDITION_FAILED => Class::Conflict,
        StatusCode::CONFLICT if matches!(code, "conflict" | "key-in-use") => Class::Conflict,
        StatusCode::BAD_REQUEST => Class::Usage,
        _ => Class::Failed,
    }
}

/// Sentences of the API begin with a capital; ours stand behind a label.
fn lower(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut characters = sentence.chars();
    match (characters.next(), characters.clone().next()) {
        // `HTTP` and `A decision` differ in their second letter.
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        (Some(_) | None, _) => sentence.to_owned(),
    }
}
