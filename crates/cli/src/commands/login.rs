//! `council login` and `council logout`: which council the online commands talk to, and as whom.

use std::io::{BufRead as _, IsTerminal as _};

use serde::Deserialize;
use serde_json::json;

use crate::answer::Outcome;
use crate::client::{Access, Client, forget, remember};
use crate::command_error::CommandError;
use crate::context::Context;

/// Sign in to a running council and remember it
///
/// Takes the one-time link that `council up` printed, or an address; then it asks for a token, which
/// is made on the account page. The token is kept in a file that only you can read.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Login {
    /// A sign-in link, or the council's address
    link: String,
    /// Who you are, when the link lets you choose
    #[arg(long = "as", value_name = "PERSON")]
    person: Option<String>,
}

/// Forget the council that was signed in to
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Logout {}

/// What a token of the command line may do: everything but operating the server.
const SCOPES: [&str; 7] = ["read", "decide", "change", "respond", "alert", "record", "account"];

#[derive(Deserialize)]
struct Made {
    token: String,
}

#[derive(Deserialize)]
struct Me {
    person: Option<String>,
    title: Option<String>,
}

/// Signs in.
pub(crate) fn run(login: &Login, context: &Context) -> Result<Outcome, CommandError> {
    let (url, link) = match login.link.split_once("/sign-in/") {
        Some((url, link)) => (url, Some(link)),
        None => (login.link.as_str(), None),
    };
    let url = url.trim_end_matches('/').to_owned();
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(CommandError::usage(format!("`{url}` is not the address of a council")).hint(
            "write it as `http://127.0.0.1:7420`, or give the link that `council up` printed",
        ));
    }
    let token = match link {
        Some(link) => exchange(&url, link, login.person.as_deref())?,
        None => ask_for_token(context)?,
    };
    let access = Access { url, token: Some(token) };
    let me: Me = Client::to(access.clone())?.get("/api/v1/me")?;
    let file = remember(&context.environment, &access)?;
    let name = me.title.or(me.person).unwrap_or_else(|| "the operator".to_owned());
    context.printer.note(&format!("signed in to {} as {name}", access.url));
    context.printer.note(&format!("remembered in `{}`", file.display()));
    Ok(Outcome::Done)
}

/// Turns a one-time link into a token, through a session that ends right after.
fn exchange(url: &str, link: &str, person: Option<&str>) -> Result<String, CommandError> {
    let client = Client::to(Access { url: url.to_owned(), token: None })?;
    let cookie = client.session("/api/v1/sessions", &json!({ "link": link, "person": person }))?;
    let client = client.with_cookie(cookie);
    let name = "council login";
    let made: Made = client.post("/api/v1/tokens", &json!({ "name": name, "scopes": SCOPES }))?;
    client.delete("/api/v1/sessions/current")?;
    Ok(made.token)
}

fn ask_for_token(context: &Context) -> Result<String, CommandError> {
    if let Some(token) = &context.environment.token {
        return Ok(token.clone());
    }
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        context.printer.note("Paste a token, made on the council's account page:");
    }
    let mut line = String::new();
    stdin
        .lock()
        .read_line(&mut line)
        .map_err(|error| CommandError::failed("the token could not be read").why(error))?;
    match line.trim() {
        "" => Err(CommandError::usage("no token was given")
            .hint("paste one, pipe one in, or use the link that `council up` printed")),
        token => Ok(token.to_owned()),
    }
}

/// Forgets.
pub(crate) fn out(_: &Logout, context: &Context) -> Result<Outcome, CommandError> {
    let was_there = forget(&context.environment)?;
    context.printer.note(if was_there {
        "signed out here; the token itself ends when it is revoked or expires"
    } else {
        "nobody was signed in"
    });
    Ok(Outcome::Done)
}
