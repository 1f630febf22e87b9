//! `council kinds`: what a playbook may declare.

use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::kind_page::{self, KindPage};
use crate::page::Page;

/// List the kinds that a playbook may declare
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Kinds {}

/// Runs it.
pub(crate) fn run(_: &Kinds, context: &Context) -> Result<Outcome, CommandError> {
    let kinds = crate::vocabulary().kinds().iter().map(kind_page::of).collect();
    context.printer.show(&All(kinds))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct All(Vec<KindPage>);

impl Answer for All {
    fn write(&self, page: &mut Page) {
        kind_page::write_table(page, &self.0);
    }
}
