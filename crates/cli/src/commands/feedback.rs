//! `council feedback`: what developers tell the council.

use serde_json::json;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::online::{Deed, perform};

/// Tell the council something; it comes up at the next meeting
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Feedback {
    /// What you want to say
    words: String,
    /// What it is about: a reference or a word
    #[arg(long, value_name = "SUBJECT")]
    about: Option<String>,
}

/// Runs it.
pub(crate) fn run(feedback: &Feedback, context: &Context) -> Result<Outcome, CommandError> {
    let deed = Deed {
        path: "feedback".to_owned(),
        body: json!({ "text": feedback.words, "about": feedback.about }),
        said: "thank you; the council will answer".to_owned(),
    };
    perform(&deed, context)
}
