//! `council invite`: a one-time sign-in link for somebody, made beside the running server.

use org::kinds::Person;
use server::auth::operator;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::data_dir;

/// Make a one-time sign-in link for a person
///
/// For whoever runs the council: it is made in the data directory, beside the server. Send the link to that person and to
/// nobody else; it works once, for 15 minutes, in a browser and with `council login`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Invite {
    /// The person, by name
    person: String,
}

/// Runs it.
pub(crate) fn run(invite: &Invite, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let name = invite.person.strip_prefix("person/").unwrap_or(&invite.person);
    if model.get::<Person>(name).is_none() {
        let names = model.all::<Person>().map(|person| person.name().to_owned());
        let names: Vec<String> = names.collect();
        return Err(CommandError::failed(format!("the playbook declares no person `{name}`"))
            .hints(crate::guess::did_you_mean(name, names.iter().map(String::as_str)))
            .hint("list all with `council list person`"));
    }
    let environment = &context.environment;
    let root = context.root(None)?;
    let data = data_dir::of(environment.data.as_deref(), &root, &environment.directory);
    let Some(origin) = data_dir::address(&data) else {
        return Err(CommandError::failed("no council runs here")
            .why(format!("nothing in `{}` says where it answers", data.display()))
            .hint("start it with `council up`, or name its data directory with COUNCIL_DATA"));
    };
    let cannot = |error: &dyn std::error::Error| {
        CommandError::failed("no link could be made").why(error).hint("run it as the server's user")
    };
    let store = operator::open(&data).map_err(|error| cannot(&error))?;
    let now = context.clock_in(model).now();
    let path =
        operator::sign_in_path(&store, Some(name), false, now).map_err(|error| cannot(&error))?;
    context.printer.note("the link works once, for 15 minutes");
    context.printer.data(&format!("{origin}{path}\n"))?;
    Ok(Outcome::Done)
}
