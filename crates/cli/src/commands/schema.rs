//! `council schema`: JSON Schemas of the kinds, for editors.

use std::path::PathBuf;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::{files, printer, resources};

/// Print or write the JSON Schemas (draft 2020-12) of the kinds, so that editors complete and validate
///
/// Without a kind it prints the schema of any document of a playbook. Put this line into a file and
/// every editor with a YAML language server validates it:
/// `# yaml-language-server: $schema=schemas/playbook.schema.json`
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Schema {
    /// A kind, such as `seat`
    kind: Option<String>,
    /// Write all of them, one file a kind, into a directory
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "schemas")]
    write: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(schema: &Schema, context: &Context) -> Result<Outcome, CommandError> {
    let vocabulary = crate::vocabulary();
    match (&schema.write, &schema.kind) {
        (Some(directory), _) => {
            let all = vocabulary.schemas();
            let below = context.environment.directory.join(directory);
            for (name, schema) in &all {
                files::write(&below.join(name), printer::json(schema))?;
            }
            let directory = directory.display();
            context.printer.note(&format!("wrote {} schemas to `{directory}`", all.len()));
        }
        (None, Some(kind)) => {
            let kind = resources::kind(&vocabulary, kind)?;
            context.printer.data(&printer::json(&vocabulary.schema(kind)))?;
        }
        (None, None) => context.printer.data(&printer::json(&vocabulary.combined_schema()))?,
    }
    Ok(Outcome::Done)
}
