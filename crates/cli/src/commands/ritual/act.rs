//! What can be done at a meeting on a running council.

use clap::Subcommand;
use jiff::civil::Date;
use serde_json::json;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::online::{Deed, perform, segment};

/// Which meeting.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Meeting {
    /// The ritual, such as `weekly-sync`
    ritual: String,
    /// The day of the meeting
    #[arg(long, value_name = "DAY")]
    on: Date,
}

/// Acts at a meeting.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum Act {
    /// Open a meeting
    Open {
        #[command(flatten)]
        meeting: Meeting,
    },
    /// Note who is there for a seat
    Attend {
        #[command(flatten)]
        meeting: Meeting,
        /// The seat
        #[arg(long, value_name = "SEAT")]
        seat: String,
        /// Who is there; somebody other than its holders is a delegate
        #[arg(long, value_name = "PERSON")]
        person: String,
    },
    /// Note what was said
    Minutes {
        #[command(flatten)]
        meeting: Meeting,
        /// What was said
        words: String,
        /// The agenda item that it belongs to
        #[arg(long, value_name = "TITLE")]
        item: Option<String>,
    },
    /// Close a meeting
    Close {
        #[command(flatten)]
        meeting: Meeting,
    },
}

/// Does it.
pub(super) fn run(act: &Act, context: &Context) -> Result<Outcome, CommandError> {
    let path = |meeting: &Meeting, what: &str| {
        format!("rituals/{}/{}/{what}", segment(&meeting.ritual), meeting.on)
    };
    let said =
        |meeting: &Meeting, done: &str| format!("{done} `{}` of {}", meeting.ritual, meeting.on);
    let deed = match act {
        Act::Open { meeting } => Deed::plain(path(meeting, "opening"), said(meeting, "opened")),
        Act::Close { meeting } => Deed::plain(path(meeting, "closing"), said(meeting, "closed")),
        Act::Attend { meeting, seat, person } => Deed {
            path: path(meeting, "attendance"),
            body: json!({ "seat": seat, "person": person }),
            said: said(meeting, "noted who is at"),
        },
        Act::Minutes { meeting, words, item } => Deed {
            path: path(meeting, "minutes"),
            body: json!({ "text": words, "item": item }),
            said: said(meeting, "noted for"),
        },
    };
    perform(&deed, context)
}
