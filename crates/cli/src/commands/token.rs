//! `council token`: tokens for scripts and other machines.

use clap::Subcommand;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::client::{Access, Client};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Make, list and revoke your tokens on a running council
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Token {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// Make a token; it is shown this once
    Create {
        /// What you call it, such as the program that uses it
        name: String,
        /// What it may do; may be given several times
        #[arg(long, value_name = "SCOPE", default_value = "read")]
        scope: Vec<String>,
        /// How many days it lives, at most 366
        #[arg(long, value_name = "NUMBER", default_value_t = 90)]
        days: u16,
        /// The service account whose it is [default: you]
        #[arg(long, value_name = "ACCOUNT")]
        account: Option<String>,
    },
    /// Exchange the token of a pipeline's job for a short one of a service account
    ///
    /// The token by which the job's own system vouches for it comes from COUNCIL_JOB_TOKEN, or else from stdin. The playbook
    /// says which jobs may act by which account.
    Exchange {
        /// The service account, by name
        account: String,
    },
    /// List your tokens
    List,
    /// End a token
    Revoke {
        /// Its id, as listed
        id: String,
    },
}

/// Runs it.
pub(crate) fn run(token: &Token, context: &Context) -> Result<Outcome, CommandError> {
    match &token.action {
        Action::Exchange { account } => return exchange(account, context),
        Action::Create { name, scope, days, account } => {
            let asked = json!({
                "name": name, "scopes": scope, "days": days, "service_account": account,
            });
            let made: Made = Client::of(context)?.post("/api/v1/tokens", &asked)?;
            context.printer.note("keep it well: it cannot be shown again");
            context.printer.show(&made)?;
        }
        Action::List => {
            let tokens: Tokens = Client::of(context)?.get("/api/v1/tokens")?;
            context.printer.show(&tokens)?;
        }
        Action::Revoke { id } => {
            Client::of(context)?.delete(&format!("/api/v1/tokens/{id}"))?;
            context.printer.note(&format!("revoked `{id}`"));
        }
    }
    Ok(Outcome::Done)
}

/// Exchanges a job's token; nobody is signed in who could do it.
fn exchange(account: &str, context: &Context) -> Result<Outcome, CommandError> {
    let job = match &context.environment.job_token {
        Some(token) => token.clone(),
        None => std::io::read_to_string(std::io::stdin())
            .map_err(|error| CommandError::failed("the token could not be read").why(error))?,
    };
    let job = job.trim();
    if job.is_empty() {
        return Err(CommandError::usage("the job has no token of its own")
            .hint("put it into COUNCIL_JOB_TOKEN, or pipe it in"));
    }
    let url = Access::find(&context.environment)?.url;
    let client = Client::to(Access { url, token: None })?;
    let asked = json!({ "account": account, "token": job });
    let made: Made = client.post("/api/v1/job-tokens", &asked)?;
    context.printer.show(&made)?;
    Ok(Outcome::Done)
}

#[derive(Serialize, Deserialize)]
struct Made {
    id: String,
    token: String,
}

impl Answer for Made {
    fn write(&self, page: &mut Page) {
        page.line(&self.token);
    }
}

#[derive(Serialize, Deserialize)]
struct Tokens {
    items: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    id: String,
    name: String,
    person: String,
    scopes: Vec<String>,
    expires: jiff::Timestamp,
    used: Option<jiff::Timestamp>,
}

impl Answer for Tokens {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Token", "Name", "Person", "May", "Ends", "Used"]);
        let day = |moment: jiff::Timestamp| moment.strftime("%Y-%m-%d").to_string();
        for row in &self.items {
            table.row([
                page.tone(Tone::Name, &row.id),
                row.name.clone(),
                row.person.clone(),
                row.scopes.join(", "),
                day(row.expires),
                row.used.map_or_else(|| "never".to_owned(), day),
            ]);
        }
        page.table(&table);
    }
}
