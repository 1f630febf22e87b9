//! A pull request on its forge: what reviewers said there, and the status and comment that council leaves.

use gitops::pr::{self, Report, Review, State};
use systems::forge::{Connection, Forge, ForgeError, Posted, Status, StatusState};

use super::Ci;
use crate::command_error::CommandError;
use crate::context::Context;

/// What the status on the forge is called.
const STATUS: &str = "council/pr";

/// A pull request that can be read and answered.
#[derive(Debug)]
pub(crate) struct OnForge {
    forge: Forge,
    number: u64,
    runtime: tokio::runtime::Runtime,
}

impl OnForge {
    /// The pull request that the pipeline runs for; `None` without a token, or where there is no forge.
    pub(crate) fn of(ci: Option<&Ci>, context: &Context) -> Result<Option<Self>, CommandError> {
        let token = context.environment.forge_token.clone();
        let (Some(ci), Some(token)) = (ci, token) else { return Ok(None) };
        let (Some(api), Some(project), Some(number)) = (&ci.api, &ci.project, ci.number) else {
            return Ok(None);
        };
        drop(rustls::crypto::ring::default_provider().install_default());
        let connection = Connection::new(api, token, reqwest::Client::new());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| CommandError::failed("the runtime could not be started").why(error))?;
        let forge = Forge::of(ci.system, connection, project);
        Ok(forge.map(|forge| Self { forge, number, runtime }))
    }

    /// Reads what reviewers said.
    pub(crate) fn reviews(&self) -> Result<Vec<Review>, CommandError> {
        self.runtime.block_on(self.forge.reviews(self.number)).map_err(|error| refused(&error))
    }

    /// Leaves the status and the comment; says what became of the comment.
    pub(crate) fn post(&self, report: &Report, head: &str) -> Result<&'static str, CommandError> {
        let state = match report.state() {
            State::Failed => StatusState::Failure,
            State::Waiting => StatusState::Pending,
            State::Passed | State::Skipped => StatusState::Success,
        };
        let status =
            Status { state, name: STATUS.to_owned(), description: report.headline(), url: None };
        let posted = self.runtime.block_on(async {
            self.forge.set_status(head, &status).await?;
            self.forge.comment(self.number, pr::MARKER, &pr::comment(report)).await
        });
        Ok(match posted.map_err(|error| refused(&error))? {
            Posted::Made => "the comment was posted",
            Posted::Replaced => "the comment was replaced",
            Posted::Unchanged => "the comment says the same already",
        })
    }
}

fn refused(error: &ForgeError) -> CommandError {
    let error_text = crate::causes::failed(error);
    if error.is_retryable() {
        error_text.hint("try again in a while")
    } else {
        error_text.hint("check what the token in COUNCIL_FORGE_TOKEN may do")
    }
}
