//! `council roles`: the structure of Ansible roles against the standard.

use std::path::PathBuf;

use gitops::roles::{self, Roles as Found};
use ignore::WalkBuilder;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};

/// Check the structure of Ansible roles: every one in a domain of the standard, with tasks and meta
///
/// Looks at the names of the files below a repository of roles. Exits with 1 when something is not as the Ansible
/// standard of the playbook says.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Roles {
    /// The repository [default: the working directory]
    directory: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(command: &Roles, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let here = &context.environment.directory;
    let directory = command.directory.as_ref().map_or(here.clone(), |named| here.join(named));
    if !directory.is_dir() {
        return Err(CommandError::usage(format!("`{}` is not a directory", directory.display()))
            .hint("name the repository that holds `roles/`"));
    }
    let mut walk = WalkBuilder::new(&directory);
    walk.require_git(false).sort_by_file_path(Ord::cmp);
    let files = walk.build().filter_map(Result::ok);
    let paths: Vec<String> = files
        .filter(|entry| entry.file_type().is_some_and(|sort| sort.is_file()))
        .filter_map(|entry| {
            Some(entry.path().strip_prefix(&directory).ok()?.to_string_lossy().into_owned())
        })
        .collect();
    let found = roles::roles(workspace.model(), paths.iter().map(String::as_str));
    let is_right = found.findings.is_empty();
    context.printer.show(&Shown(found))?;
    Ok(if is_right { Outcome::Done } else { Outcome::Findings })
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Found);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        for (domain, roles) in &self.0.by_domain {
            let domain = page.tone(Tone::Heading, domain);
            page.line(format!("{domain}: {}", roles.join(", ")));
        }
        page.gap();
        for finding in &self.0.findings {
            let role = page.tone(Tone::Name, &finding.role);
            page.line(format!("{role}: {}", finding.text));
            let hint = page.tone(Tone::Quiet, format!("  {}", finding.hint));
            page.line(hint);
        }
    }
}
