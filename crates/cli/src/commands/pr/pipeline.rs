//! `council pr pipeline`: the file that a CI system reads.

use std::path::PathBuf;

use gitops::render::pipeline::{path, pipeline};
use gitops::{BranchPolicy, Pipeline as Declared};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::guess::did_you_mean;

/// Write the file of a pipeline, for GitHub Actions, GitLab CI or Jenkins
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Pipeline {
    /// The pipeline's name
    name: String,
    /// The root of the repository to write it into, where its system looks for it [default: stdout]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

pub(super) fn run(command: &Pipeline, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let Some(declared) = model.get::<Declared>(&command.name) else {
        let names = model.all::<Declared>().map(|one| one.name());
        return Err(CommandError::usage(format!("there is no pipeline `{}`", command.name))
            .hints(did_you_mean(&command.name, names))
            .hint("list them with `council list pipeline`"));
    };
    let repository = declared.spec.repository.as_ref().and_then(|name| model.follow(name));
    let branch = repository.and_then(|it| it.spec.protected_branch.clone());
    let policy = || model.all::<BranchPolicy>().next().map(|policy| policy.spec.main.clone());
    let main = branch.or_else(policy).unwrap_or_else(|| "main".to_owned());
    let text = pipeline(declared.spec, &main);
    let Some(root) = &command.into else {
        context.printer.data(&text)?;
        return Ok(Outcome::Done);
    };
    let file = path(declared.spec.system);
    files::write(&context.environment.directory.join(root).join(file), text)?;
    context.printer.note(&format!("wrote `{}`", root.join(file).display()));
    Ok(Outcome::Done)
}
