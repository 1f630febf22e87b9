//! `council pr codeowners`: the file in which a forge reads who must look at what.

use std::path::{Path, PathBuf};

use gitops::Repository as Declared;
use gitops::render::codeowners::{Scope, codeowners, drift};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::repository::Repository;

/// Write CODEOWNERS from seats and teams, or compare a file with them
///
/// Exits with 1 when the file to check says something else than the playbook.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Codeowners {
    /// The forge whose handles to use, as in a person's `handles` [default: the repository's, or `github`]
    #[arg(long = "for", value_name = "SYSTEM")]
    system: Option<String>,
    /// The repository's name in the playbook, when it is not the playbook's own
    #[arg(long, value_name = "NAME")]
    repository: Option<String>,
    /// Compare this file instead of writing one
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
}

pub(super) fn run(command: &Codeowners, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let declared = command.repository.as_deref().and_then(|name| model.get::<Declared>(name));
    if let (Some(name), None) = (&command.repository, &declared) {
        return Err(CommandError::usage(format!("the playbook declares no repository `{name}`"))
            .hint("list them with `council list repository`"));
    }
    let provider = declared.and_then(|it| it.spec.provider);
    let provider = provider.map(|provider| provider.word().to_owned());
    let system = command.system.clone().or(provider).unwrap_or_else(|| "github".to_owned());
    let below = below(workspace.root());
    let scope = Scope {
        repository: command.repository.as_deref(),
        below: &below,
        system: &system,
        today: context.facts(model).today,
    };
    let Some(path) = &command.check else {
        context.printer.data(&codeowners(model, &scope))?;
        return Ok(Outcome::Done);
    };
    let found = files::read(&context.environment.directory.join(path))?;
    let drifts = drift(model, &scope, &found);
    for one in &drifts {
        let place = one.line.map_or_else(String::new, |line| format!(":{line}"));
        context.printer.data(&format!("{}{place}: {}\n", path.display(), one.text))?;
    }
    Ok(if drifts.is_empty() { Outcome::Done } else { Outcome::Findings })
}

/// Where the playbook is in its repository; its root when there is none.
fn below(root: &Path) -> String {
    Repository::at(root).ok().and_then(|git| super::own(&git, root)).unwrap_or_default()
}
