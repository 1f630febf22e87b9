//! `council fleet import`: machines and racks from a CSV file.

use std::path::PathBuf;

use diag::words::count;
use fleet::import::{self, Noun};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;

/// How many mistakes are told; the first few show what is wrong with all.
const TOLD: usize = 20;

/// Turn a CSV file of machines or racks into resources of the playbook
///
/// The first line names the columns: the fields of the kind, such as `name,site,rack,unit,role,serial`. Commas and
/// semicolons both separate. Prints YAML; `--output` writes a new file of the playbook instead.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Import {
    /// What the file lists
    noun: Listed,
    /// The file
    file: PathBuf,
    /// Write the resources to this file, which must not exist yet
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Listed {
    Machines,
    Racks,
}

/// Runs it.
pub(super) fn run(command: &Import, context: &Context) -> Result<Outcome, CommandError> {
    let noun = match command.noun {
        Listed::Machines => Noun::Machines,
        Listed::Racks => Noun::Racks,
    };
    let directory = &context.environment.directory;
    let text = files::read(&directory.join(&command.file))?;
    let imported = import::import(noun, &text).map_err(|mistakes| {
        let name = command.file.display();
        let message = format!("`{name}` has {}", count(mistakes.len(), "mistake"));
        let told = mistakes.iter().take(TOLD);
        let told = told.map(|mistake| format!("{name}:{}: {}", mistake.line, mistake.what));
        CommandError::failed(message).why("nothing was written").hints(told)
    })?;
    let Some(output) = &command.output else {
        context.printer.data(&imported.yaml)?;
        return Ok(Outcome::Done);
    };
    let path = directory.join(output);
    if path.exists() {
        return Err(CommandError::failed(format!("`{}` exists already", output.display()))
            .why("what people have written there would be lost")
            .hint("choose another name, or move the old file away"));
    }
    files::write(&path, &imported.yaml)?;
    context.printer.note(&format!(
        "wrote {} to `{}`; look at it with `council check`",
        count(imported.count, "resource"),
        output.display()
    ));
    Ok(Outcome::Done)
}
