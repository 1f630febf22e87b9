//! `council man`: manual pages in roff.

use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use clap_mangen::Man as Roff;

use crate::answer::Outcome;
use crate::arguments::Arguments;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;

/// Print the manual page, or write one page a command into a directory
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Man {
    /// Write `council.1`, `council-check.1` and so on here
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(man: &Man, context: &Context) -> Result<Outcome, CommandError> {
    let mut command = Arguments::command();
    command.build();
    match &man.out {
        None => context.printer.data(&roff(&command, "council"))?,
        Some(directory) => {
            let pages =
                write_all(&command, "council", &context.environment.directory.join(directory))?;
            context.printer.note(&format!("wrote {pages} pages to `{}`", directory.display()));
        }
    }
    Ok(Outcome::Done)
}

fn write_all(command: &clap::Command, name: &str, directory: &Path) -> Result<usize, CommandError> {
    files::write(&directory.join(format!("{name}.1")), roff(command, name))?;
    let mut pages = 1;
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        pages += write_all(subcommand, &format!("{name}-{}", subcommand.get_name()), directory)?;
    }
    Ok(pages)
}

fn roff(command: &clap::Command, name: &str) -> String {
    let mut page = Vec::new();
    Roff::new(command.clone().name(name.to_owned()))
        .render(&mut page)
        .expect("BUG: writing to memory does not fail");
    String::from_utf8_lossy(&page).into_owned()
}
