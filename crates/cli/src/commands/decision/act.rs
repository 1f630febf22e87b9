//! What can be done about a decision on a running council.

use clap::Subcommand;
use serde_json::{Value, json};

use crate::answer::Outcome;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::online::{Deed, perform, segment};

/// Acts of the council about one decision.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum Act {
    /// Put a decision to the council, as its author
    Propose {
        /// Its number or name
        decision: String,
    },
    /// Speak for a seat that you hold: agree, object, abstain or delegate to its backup
    Vote {
        /// Its number or name
        decision: String,
        /// What you say
        position: Position,
        /// The seat
        #[arg(long, value_name = "SEAT")]
        seat: String,
        /// Why; an objection needs it
        #[arg(long, value_name = "WORDS")]
        reason: Option<String>,
    },
    /// Give the advice that a party was asked for
    Advise {
        /// Its number or name
        decision: String,
        /// The party that was asked, such as `seat/network-security`
        #[arg(long, value_name = "PARTY")]
        party: String,
        /// The advice; without it: no remarks
        words: Option<String>,
    },
    /// Answer the objection of a seat, as the author
    Answer {
        /// Its number or name
        decision: String,
        /// The seat that objects
        #[arg(long, value_name = "SEAT")]
        seat: String,
        /// The answer
        words: String,
    },
    /// Take a proposal back, as its author
    Withdraw {
        /// Its number or name
        decision: String,
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: Option<String>,
    },
    /// Say what a decision waits for; exits with 3 while it waits
    Status {
        /// Its number or name
        decision: String,
    },
}

/// What a seat says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Position {
    /// It should be so.
    Agree,
    /// It must not be so, and here is why.
    Object,
    /// The others may decide.
    Abstain,
    /// The backup may speak.
    Delegate,
}

impl Position {
    fn word(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Object => "object",
            Self::Abstain => "abstain",
            Self::Delegate => "delegate",
        }
    }
}

/// Does it, and says where the decision stands then.
pub(super) fn run(act: &Act, context: &Context) -> Result<Outcome, CommandError> {
    let deed = |decision: &str, what: &str, body: Value, said: &str| Deed {
        path: format!("decisions/{}/{what}", segment(decision)),
        body,
        said: format!("{said} `{decision}`"),
    };
    let (decision, deed) = match act {
        Act::Status { decision } => return status(decision, context),
        Act::Propose { decision } => (decision, deed(decision, "proposal", json!({}), "proposed")),
        Act::Vote { decision, position, seat, reason } => {
            let position = position.word();
            let body = json!({ "seat": seat, "position": position, "reason": reason });
            (decision, deed(decision, "votes", body, "voted on"))
        }
        Act::Advise { decision, party, words } => {
            let body = json!({ "party": party, "text": words });
            (decision, deed(decision, "advice", body, "advised on"))
        }
        Act::Answer { decision, seat, words } => {
            let body = json!({ "seat": seat, "text": words });
            (decision, deed(decision, "answers", body, "answered the objection to"))
        }
        Act::Withdraw { decision, reason } => {
            let body = json!({ "reason": reason });
            (decision, deed(decision, "withdrawal", body, "withdrew"))
        }
    };
    perform(&deed, context)?;
    if !context.printer.is_machine() {
        status(decision, context)?;
    }
    Ok(Outcome::Done)
}

fn status(decision: &str, context: &Context) -> Result<Outcome, CommandError> {
    let client = Client::of(context)?;
    let detail: Value = client.get(&format!("/api/v1/decisions/{}", segment(decision)))?;
    let row = &detail["row"];
    if context.printer.is_machine() {
        context.printer.data(&crate::printer::json(&detail))?;
    } else {
        let words = |value: &Value| value.as_str().unwrap_or_default().replace('-', " ");
        let title = row["title"].as_str().unwrap_or_default();
        let mut text = format!("{} {title}: {}\n", words(&row["number"]), words(&row["stage"]));
        for reason in row["reasons"].as_array().into_iter().flatten() {
            text.push_str(&format!("  {}\n", reason.as_str().unwrap_or_default()));
        }
        context.printer.data(&text)?;
    }
    let waits = row["outcome"] == "waiting" || row["outcome"] == "blocked";
    Ok(if waits { Outcome::Waiting } else { Outcome::Done })
}
