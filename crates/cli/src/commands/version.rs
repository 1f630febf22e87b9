//! `council version`.

use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::Page;

/// Print the version
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Version {}

/// Runs it.
pub(crate) fn run(_: &Version, context: &Context) -> Result<Outcome, CommandError> {
    context
        .printer
        .show(&Versions { council: env!("CARGO_PKG_VERSION"), playbook: "council/v1" })?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Versions {
    council: &'static str,
    playbook: &'static str,
}

impl Answer for Versions {
    fn write(&self, page: &mut Page) {
        page.line(format!("council {} (reads {})", self.council, self.playbook));
    }
}
