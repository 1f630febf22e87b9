//! `council token`: tokens for scripts and other machines.

use clap::Subcommand;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::client::Client;
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
    let client = Client::of(context)?;
    match &token.action {
        Action::Create { name, scope, days } => {
            let asked = json!({ "name": name, "scopes": scope, "days": days });
            let made: Made = client.post("/api/v1/tokens", &asked)?;
            context.printer.note("keep it well: it cannot be shown again");
            context.printer.show(&made)?;
        }
        Action::List => {
            let tokens: Tokens = client.get("/api/v1/tokens")?;
            context.printer.show(&tokens)?;
        }
        Action::Revoke { id } => {
            client.delete(&format!("/api/v1/tokens/{id}"))?;
            context.printer.note(&format!("revoked `{id}`"));
        }
    }
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
