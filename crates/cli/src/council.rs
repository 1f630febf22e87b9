//! The council to act on: a running one, or one opened here for as long as a command lasts.
//!
//! Changes are planned, judged and applied by the server's own code, over its API, whether somebody runs it or not: the
//! gate of a laptop must be the gate of the company. Without a running server the ledger of the data directory is opened
//! here, on loopback and a free port, for one person; nobody else learns the session.

use std::sync::Arc;

use server::{Config, Running};
use tokio::runtime::Runtime;

use crate::client::{Access, Client};
use crate::command_error::{Class, CommandError};
use crate::context::Context;
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
}

impl Council {
    /// Reaches the council that is named, that runs, or that can be opened here; in this order.
    pub(crate) fn reach(context: &Context, speaker: &Speaker) -> Result<Self, CommandError> {
        let environment = &context.environment;
        if environment.url.is_some() {
            return Self::running(Access::find(environment)?);
        }
        // Without a playbook at hand there is only what was signed in to.
        let Ok(root) = context.root(None) else {
            return Self::running(Access::find(environment)?);
        };
        let data = data_dir::of(environment.data.as_deref(), &root, &environment.directory);
        if let Some(url) = data_dir::address(&data) {
            let council = Self::running(Access::at(url, environment)?)?;
            // What a server that was killed has left behind leads nowhere.
            if council.client().answers() {
                return Ok(council);
            }
        }
        if !data.join(data_dir::LEDGER).is_file()
            && let Some(access) = Access::stored(environment)?
        {
            return Self::running(access);
        }
        data_dir::prepare(&data, &root)?;
        Self::open(context, Config::local(root, data), speaker)
    }

    fn running(access: Access) -> Result<Self, CommandError> {
        Ok(Self { client: Some(Client::to(access)?), opened: None })
    }

    fn open(context: &Context, config: Config, speaker: &Speaker) -> Result<Self, CommandError> {
        let config = Config { sign_in_as: speaker.person.clone(), ..config };
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
        context.printer.note("no council runs here; its record is opened for this command");
        Ok(Self { client: Some(client), opened: Some((runtime, running)) })
    }

    /// Speaks to it.
    pub(crate) fn client(&self) -> &Client {
        self.client.as_ref().expect("BUG: the client is taken only when the council is dropped")
    }
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
