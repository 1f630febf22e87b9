//! What a delivery says, in one shape for all forges.

use jiff::Timestamp;
use serde_json::Value;

use super::Sender;

/// What happened, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A branch moved.
    Push(Push),
    /// A pull request was opened, changed, merged or closed.
    PullRequest {
        /// Its number.
        number: u64,
        /// Whether it was merged by what happened.
        merged: bool,
    },
    /// Somebody reviewed a pull request, or took a review back.
    Review(Reviewed),
    /// The forge tries whether anybody listens.
    Ping,
    /// Something else, by the forge's own name; nothing follows from it.
    Other(String),
}

/// A branch that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The branch, without `refs/heads/`.
    pub branch: String,
    /// Where it is now; `None` when it was deleted.
    pub after: Option<String>,
}

/// A review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The pull request's number.
    pub number: u64,
    /// Who reviewed, by their name on the forge.
    pub by: String,
}

/// Reads an event, and when it happened as far as it says so.
pub(super) fn read(
    sender: Sender,
    name: &str,
    body: &[u8],
) -> Result<(Event, Option<Timestamp>), String> {
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let event = match sender {
        Sender::GitHub | Sender::Gitea | Sender::Forgejo => alike(name, &body),
        Sender::GitLab => gitlab(name, &body),
    };
    let event = event.ok_or_else(|| format!("a `{name}` without what every `{name}` has"))?;
    Ok((event, moment(&body)))
}

/// GitHub's events; Gitea and Forgejo send the same shapes, and name reviews by their verdict.
fn alike(name: &str, body: &Value) -> Option<Event> {
    Some(match name {
        "ping" => Event::Ping,
        "push" => push(body)?,
        "pull_request" => Event::PullRequest {
            number: body["pull_request"]["number"].as_u64()?,
            merged: body["action"] == "closed" && body["pull_request"]["merged"] == true,
        },
        "pull_request_review" => Event::Review(Reviewed {
            number: body["pull_request"]["number"].as_u64()?,
            by: text(&body["review"]["user"]["login"])?,
        }),
        "pull_request_approved" | "pull_request_rejected" | "pull_request_comment" => {
            Event::Review(Reviewed {
                number: body["pull_request"]["number"].as_u64()?,
                by: text(&body["sender"]["login"])?,
            })
        }
        other => Event::Other(other.to_owned()),
    })
}

fn gitlab(name: &str, body: &Value) -> Option<Event> {
    Some(match name {
        "Push Hook" => push(body)?,
        "Merge Request Hook" => {
            let about = &body["object_attributes"];
            let number = about["iid"].as_u64()?;
            match about["action"].as_str() {
                Some("approved" | "unapproved" | "approval" | "unapproval") => {
                    Event::Review(Reviewed { number, by: text(&body["user"]["username"])? })
                }
                action => Event::PullRequest { number, merged: action == Some("merge") },
            }
        }
        other => Event::Other(other.to_owned()),
    })
}

fn push(body: &Value) -> Option<Event> {
    let name = text(&body["ref"])?;
    let Some(branch) = name.strip_prefix("refs/heads/") else {
        return Some(Event::Other(format!("push of {name}")));
    };
    let after = text(&body["after"])?;
    let after = (!after.bytes().all(|byte| byte == b'0')).then_some(after);
    Some(Event::Push(Push { branch: branch.to_owned(), after }))
}

/// When it happened, by the field that the kind of event has for it.
fn moment(body: &Value) -> Option<Timestamp> {
    let fields = [
        &body["review"]["submitted_at"],
        &body["pull_request"]["updated_at"],
        &body["object_attributes"]["updated_at"],
        &body["repository"]["pushed_at"],
    ];
    fields.into_iter().find_map(|field| match field {
        Value::String(text) => text.parse().ok(),
        Value::Number(seconds) => Timestamp::from_second(seconds.as_i64()?).ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
