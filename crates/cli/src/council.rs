//! The council to act on: a running one, or one opened here for as long as a command lasts.
//!
//! Changes are planned, judged and applied by the server's own code, over its API, whether somebody runs it or not: the
//! gate of a laptop must be the gate of the company. Without a running server the ledger of the data directory is opened
//! here, on loopback and a free port, for one person; nobody else learns the session. Who only looks leaves nothing
//! behind: where there is no record yet, the council stands in a directory that is gone with the command.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use server::{Clock, Config, Running};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::client::{Access, Client};
use crate::command_error::{Class, CommandError};
use crate::context::Context;
use crate::environment::Environment;
use crate::ledger_place::LedgerPlace;
use crate::{data_dir, start_error};

/// Who acts, where no sign-in says so.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Speaker {
    /// Who acts, when no council runs and its record is opened here
    #[arg(long = "as", value_name = "PERSON")]
    person: Option<String>,
}

/// A council that answers.
#[derive(Debug)]
pub(crate) struct Council {
    client: Option<Client>,
    opened: Option<(Runtime, Running)>,
    /// Where it stands when it leaves nothing behind; gone after everything else.
    passing: Option<TempDir>,
}

/// What a server of this binary is composed of, before anything was asked of it. Opens the ledger that COUNCIL_LEDGER
/// names, if any.
pub(crate) fn config(
    root: PathBuf,
    data: PathBuf,
    environment: &Environment,
) -> Result<Config, CommandError> {
    Ok(Config {
        shared_ledger: LedgerPlace::of(&data, environment)?.open_shared()?,
        document_parts: crate::document_parts(),
        artefacts: crate::artefacts::artefacts(),
        variable: crate::environment::variable,
        hosts: |model, today| crate::hosts::declared(model, today).collect(),
        ..Config::local(root, data)
    })
}

impl Council {
    /// Reaches the council that is named, that runs, or that can be opened here, in this order, to do something.
    pub(crate) fn reach(context: &Context, speaker: &Speaker) -> Result<Self, CommandError> {
        match Self::there(context)? {
            There::Running(access) => Self::running(access),
            There::Here { root, data } => {
                if speaker.person.is_none() {
                    return Err(nobody());
                }
                data_dir::prepare(&data, &root)?;
                context.printer.note("no council runs here; its record is opened for this command");
                Self::open(context, config(root, data, &context.environment)?, speaker)
            }
        }
    }

    /// The council that is named or that runs here; none is opened.
    pub(crate) fn running_one(context: &Context) -> Result<Option<Self>, CommandError> {
        match Self::there(context)? {
            There::Running(access) => Self::running(access).map(Some),
            There::Here { .. } => Ok(None),
        }
    }

    /// Reaches it to look at something: nothing is there afterwards that was not there before.
    pub(crate) fn look(context: &Context, speaker: &Speaker) -> Result<Self, CommandError> {
        match Self::there(context)? {
            There::Running(access) => Self::running(access),
            There::Here { root, data } if has_record(&data, context)? => {
                context.printer.note("no council runs here; its record is opened for this command");
                Self::open(context, config(root, data, &context.environment)?, speaker)
            }
            There::Here { root, .. } => {
                let passing = tempfile::tempdir().map_err(|error| {
                    CommandError::failed("no directory could be made to plan in").why(error)
                })?;
                let data = passing.path().join("data");
                let mut opened =
                    Self::open(context, config(root, data, &context.environment)?, speaker)?;
                opened.passing = Some(passing);
                Ok(opened)
            }
        }
    }

    fn there(context: &Context) -> Result<There, CommandError> {
        let environment = &context.environment;
        if environment.url.is_some() {
            return Access::find(environment).map(There::Running);
        }
        // Without a playbook at hand there is only what was signed in to.
        let Ok(root) = context.root(None) else {
            return Access::find(environment).map(There::Running);
        };
        let data = data_dir::of(environment.data.as_deref(), &root, &environment.directory);
        if let Some(url) = data_dir::address(&data) {
            let access = Access::at(url, environment)?;
            // What a server that was killed has left behind leads nowhere.
            if Client::to(access.clone())?.answers() {
                return Ok(There::Running(access));
            }
        }
        if !has_record(&data, context)?
            && let Some(access) = Access::stored(environment)?
        {
            return Ok(There::Running(access));
        }
        Ok(There::Here { root, data })
    }

    fn running(access: Access) -> Result<Self, CommandError> {
        Ok(Self { client: Some(Client::to(access)?), opened: None, passing: None })
    }

    fn open(context: &Context, config: Config, speaker: &Speaker) -> Result<Self, CommandError> {
        let clock = match context.options.date {
            Some(_) => context.clock_in(context.open(None)?.model()),
            None => Clock::system(),
        };
        let config = Config { sign_in_as: speaker.person.clone(), clock, ..config };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| CommandError::failed("no threads could be started").why(error))?;
        let running = runtime
            .block_on(server::start(config, Arc::new(crate::vocabulary())))
            .map_err(|error| start_error::explain(&error))?;
        if running.state.snapshot().is_broken() {
            return Err(CommandError::failed(
                "the playbook has errors; nothing is planned from it",
            )
            .hint("see them with `council check`"));
        }
        let client = sign_in(&running, speaker)?;
        Ok(Self { client: Some(client), opened: Some((runtime, running)), passing: None })
    }

    /// Speaks to it.
    pub(crate) fn client(&self) -> &Client {
        self.client.as_ref().expect("BUG: the client is taken only when the council is dropped")
    }

    /// Says whether it began with this command, and so has not looked at anything before.
    pub(crate) fn is_fresh(&self) -> bool {
        self.opened.is_some()
    }
}

/// Where the council is.
enum There {
    /// Somebody runs it.
    Running(Access),
    /// Its record can be opened.
    Here { root: PathBuf, data: PathBuf },
}

/// Whether there is a record to act on.
fn has_record(data: &Path, context: &Context) -> Result<bool, CommandError> {
    Ok(LedgerPlace::of(data, &context.environment)?.is_there())
}

fn nobody() -> CommandError {
    CommandError::usage("nobody is named to act")
        .why("no council runs here, so that no sign-in says who you are")
        .hint("name yourself with `--as PERSON`; `council list person` has the names")
        .hint("or sign in to a running council with `council login LINK`")
}

impl Drop for Council {
    fn drop(&mut self) {
        // An open connection would hold the server back.
        drop(self.client.take());
        if let Some((runtime, running)) = self.opened.take() {
            // What was acknowledged is durable; there is nobody left to tell of an untidy end.
            drop(runtime.block_on(running.stop()));
        }
    }
}

fn sign_in(running: &Running, speaker: &Speaker) -> Result<Client, CommandError> {
    let url = running.state.origin().to_owned();
    let client = Client::to(Access { url, token: None })?;
    let Some((_, link)) = running.sign_in_link.split_once("/sign-in/") else {
        return Err(CommandError::new(Class::Bug, "a sign-in link has no link"));
    };
    let asked = serde_json::json!({ "link": link, "person": speaker.person });
    let cookie = client.session("/api/v1/sessions", &asked)?;
    Ok(client.with_cookie(cookie))
}
