//! `council boot`: what machines read while they boot and are set up, shown or served.

mod dhcp;
mod render;
mod serve;

use clap::Subcommand;
use fleet::render::Setup;
use jiff::civil::Date;
use playbook::Model;

use crate::answer::Outcome;
use crate::booting;
use crate::command_error::CommandError;
use crate::context::Context;

/// Where machines would find the service when nobody says otherwise: what `boot serve` listens on by itself.
const BASE: &str = "http://127.0.0.1:7469";

/// Start machines from the network: show what each one reads, and serve it
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Boot {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    Render(render::Render),
    Dhcp(dhcp::Dhcp),
    Serve(serve::Serve),
}

/// Runs it.
pub(crate) fn run(boot: &Boot, context: &Context) -> Result<Outcome, CommandError> {
    match &boot.action {
        Action::Render(action) => render::run(action, context),
        Action::Dhcp(action) => dhcp::run(action, context),
        Action::Serve(action) => serve::run(action, context),
    }
}

/// How a machine or a `role/…` is set up, or why it cannot be.
fn setup<'m>(model: &'m Model, name: &str, today: Date) -> Result<Setup<'m>, CommandError> {
    let found = booting::setup(model, name, today).ok_or_else(|| unknown(model, name, today))?;
    found.map_err(|error| {
        CommandError::failed(format!("`{name}` cannot be installed"))
            .why(&error.what)
            .hint(&error.hint)
    })
}

fn unknown(model: &Model, name: &str, today: Date) -> CommandError {
    let names: Vec<String> =
        booting::bootables(model, today).into_iter().map(|one| one.name).collect();
    CommandError::failed(format!("there is no machine and no role `{name}`"))
        .hints(crate::guess::did_you_mean(name, names.iter().map(String::as_str)))
        .hint("list machines with `council list machine`; a role is written `role/NAME`")
}
