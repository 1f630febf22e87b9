//! What can be done about an incident.

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::show;
use crate::answer::Outcome;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::incidents::path;
use crate::online::segment;

/// Acts on an incident.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum Act {
    /// Declare an incident
    Declare(Declare),
    /// Print the draft of a notice, for a person to complete and send
    Draft {
        /// The incident
        incident: String,
        /// The duty's name
        duty: String,
    },
    #[command(flatten)]
    Deed(Deed),
}

/// What happens to an incident.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum Deed {
    /// Say that you have seen it and work on it
    Ack {
        /// The incident
        incident: String,
    },
    /// Say how bad it is and whom it hurts
    Triage {
        /// The incident
        incident: String,
        /// The severity's name
        severity: String,
        /// A service that is hurt; those known so far when left out
        #[arg(long, value_name = "SERVICE")]
        service: Vec<String>,
    },
    /// Say that it is worse or better than was thought
    Reclassify {
        /// The incident
        incident: String,
        /// The severity's name
        severity: String,
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: String,
    },
    /// Say that it gets no worse
    Contain {
        /// The incident
        incident: String,
        /// How that was done
        how: String,
    },
    /// Say that users are no longer hurt
    Resolve {
        /// The incident
        incident: String,
        /// How that was done
        how: String,
    },
    /// Say that it is not over after all
    Reopen {
        /// The incident
        incident: String,
        /// Why
        reason: String,
    },
    /// Say that what there is to learn has been learned
    Review {
        /// The incident
        incident: String,
    },
    /// Close it, once everything that came of it is verified
    Close {
        /// The incident
        incident: String,
    },
    /// Say that it is the same as another one
    Merge {
        /// The incident
        incident: String,
        /// The other one, which goes on
        into: String,
    },
    /// Give a role to somebody, or hand it over
    Assign {
        /// The incident
        incident: String,
        /// The role's name, such as `incident-commander`
        role: String,
        /// The person's name
        person: String,
        /// What they have to know
        #[arg(long, value_name = "WORDS")]
        note: Option<String>,
    },
    /// Write down what happened
    Note {
        /// The incident
        incident: String,
        /// What happened
        text: String,
        /// When, if not now
        #[arg(long, value_name = "TIME")]
        at: Option<Timestamp>,
        /// The change that it is about
        #[arg(long, value_name = "CHANGE")]
        change: Option<String>,
    },
    /// Tell people how it stands
    Inform {
        /// The incident
        incident: String,
        /// Whom
        audience: Audience,
        /// What they are told
        text: String,
    },
    /// Tick an item of the checklist
    Tick {
        /// The incident
        incident: String,
        /// Its number, from 1
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        item: u32,
    },
    /// Answer the questions of a notice duty, in their order
    Assess {
        /// The incident
        incident: String,
        /// The duty's name
        duty: String,
        /// Yes or no to each question
        #[arg(required = true)]
        answers: Vec<YesOrNo>,
    },
    /// Say that you have sent a notice
    Notify {
        /// The incident
        incident: String,
        /// The duty's name
        duty: String,
        /// The number that the authority gave it
        #[arg(long, value_name = "NUMBER")]
        reference: Option<String>,
    },
}

/// Who is told.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Audience {
    /// Colleagues
    Internal,
    /// Customers and the public
    External,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum YesOrNo {
    /// It is so
    Yes,
    /// It is not
    No,
}

/// An incident to declare.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Declare {
    /// What seems to be wrong
    title: String,
    /// A service that is hurt; may be given several times
    #[arg(long, value_name = "SERVICE")]
    service: Vec<String>,
    /// How bad it seems to be
    #[arg(long, value_name = "SEVERITY")]
    severity: Option<String>,
    /// When users began to be hurt
    #[arg(long, value_name = "TIME")]
    began: Option<Timestamp>,
    /// The alert that it came from
    #[arg(long, value_name = "ALERT")]
    alert: Option<String>,
    /// It is a drill
    #[arg(long)]
    test: bool,
    /// Only those who work on it may see it
    #[arg(long)]
    private: bool,
}

/// What a write answers.
#[derive(Deserialize)]
struct Performed {
    stream: String,
}

/// Does it, and shows where the incident stands then.
pub(super) fn run(act: &Act, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    match act {
        Act::Declare(declare) => {
            let made: Performed = client.post("/api/v1/incidents", &declared(declare))?;
            let id = made.stream.strip_prefix("incident/").unwrap_or(&made.stream);
            show::whole(id, client, context)?;
        }
        Act::Draft { incident, duty } => {
            let path = path(incident, &format!("notices/{}/draft", segment(duty)));
            let draft: Value = client.get(&path)?;
            context.printer.data(draft["text"].as_str().unwrap_or_default())?;
        }
        Act::Deed(deed) => {
            let (incident, what, body) = asked(deed);
            client.act(&path(incident, &what), &body)?;
            show::whole(incident, client, context)?;
        }
    }
    Ok(Outcome::Done)
}

fn declared(declare: &Declare) -> Value {
    let Declare { title, service, severity, began, alert, test, private } = declare;
    json!({
        "title": title, "services": service, "severity": severity, "began": began, "alert": alert,
        "test": test, "private": private,
    })
}

/// The incident, where below its address, and with what.
fn asked(deed: &Deed) -> (&str, String, Value) {
    match deed {
        Deed::Ack { incident } => (incident, "acknowledgement".to_owned(), json!({})),
        Deed::Review { incident } => (incident, "review".to_owned(), json!({})),
        Deed::Close { incident } => (incident, "closure".to_owned(), json!({})),
        Deed::Triage { incident, severity, service } => {
            let body = json!({ "severity": severity, "services": service });
            (incident, "triage".to_owned(), body)
        }
        Deed::Reclassify { incident, severity, reason } => {
            (incident, "severity".to_owned(), json!({ "severity": severity, "reason": reason }))
        }
        Deed::Contain { incident, how } => {
            (incident, "containment".to_owned(), json!({ "how": how }))
        }
        Deed::Resolve { incident, how } => {
            (incident, "resolution".to_owned(), json!({ "how": how }))
        }
        Deed::Reopen { incident, reason } => {
            (incident, "reopening".to_owned(), json!({ "reason": reason }))
        }
        Deed::Merge { incident, into } => (incident, "merger".to_owned(), json!({ "into": into })),
        Deed::Assign { incident, role, person, note } => {
            let body = json!({ "role": role, "person": person, "note": note });
            (incident, "assignments".to_owned(), body)
        }
        Deed::Note { incident, text, at, change } => {
            let source = change.as_ref().map(|change| json!({ "change": change }));
            let body = json!({ "text": text, "at": at, "source": source });
            (incident, "timeline".to_owned(), body)
        }
        Deed::Inform { incident, audience, text } => {
            let audience = match audience {
                Audience::Internal => "internal",
                Audience::External => "external",
            };
            (incident, "updates".to_owned(), json!({ "audience": audience, "text": text }))
        }
        Deed::Tick { incident, item } => {
            (incident, "checklist".to_owned(), json!({ "item": item.saturating_sub(1) }))
        }
        Deed::Assess { incident, duty, answers } => {
            let answers: Vec<bool> = answers.iter().map(|it| *it == YesOrNo::Yes).collect();
            let what = format!("notices/{}/assessment", segment(duty));
            (incident, what, json!({ "answers": answers }))
        }
        Deed::Notify { incident, duty, reference } => {
            let what = format!("notices/{}/sent", segment(duty));
            (incident, what, json!({ "reference": reference }))
        }
    }
}
