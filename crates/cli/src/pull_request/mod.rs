//! A pull request as this machine sees it: gathered from Git, from the pipeline that runs, and from the record.
//!
//! The playbook is read twice. The *base* (what is merged already) says what is asked for and who sits where, so
//! that a change cannot grant itself its own approval; the *head* is what is checked.

mod ci;
mod codeowners;
mod evidence;
mod incidents;
mod on_forge;
mod show;
pub(crate) mod signed;

use std::sync::Arc;

use gitops::pr::{self, PullRequest, Report};
use playbook::Workspace;
use tempfile::TempDir;

pub(crate) use ci::{Ci, VARIABLES};
use evidence::evidence;
pub(crate) use on_forge::OnForge;
pub(crate) use show::{Output, conclude, write};

use crate::command_error::CommandError;
use crate::context::Context;
use crate::repository::Repository;

/// A playbook that is read from a commit, with the files that it was read from.
#[derive(Debug)]
pub(crate) struct Laid {
    pub(crate) workspace: Workspace,
    /// Keeps the files until nobody needs them.
    pub(crate) directory: TempDir,
}

/// Reads the playbook of a commit.
pub(crate) fn read_at(
    repository: &Repository,
    commit: &str,
    below: &str,
) -> Result<Laid, CommandError> {
    let directory = repository.lay_out(commit, below)?;
    let root = directory.path().join(crate::past::FILES);
    let workspace = Workspace::open(&root, Arc::new(crate::vocabulary())).shown_below(below);
    Ok(Laid { workspace, directory })
}

/// What a change is judged by, and what it is.
#[derive(Debug)]
pub(crate) struct Case<'w> {
    /// The playbook that asks.
    pub(crate) base: &'w Workspace,
    /// The playbook as the change leaves it; the same as `base` for another repository.
    pub(crate) head: &'w Workspace,
    /// The playbook's directory in the repository, when the change is one of the playbook itself.
    pub(crate) below: Option<String>,
    /// The change.
    pub(crate) request: PullRequest,
}

/// Checks it, with places that can be shown from the head's files.
pub(crate) fn check(case: &Case<'_>, context: &Context) -> Report {
    let facts = context.facts(case.base.model());
    let evidence = evidence(case, context);
    let mut report = pr::check(case.base.model(), &case.request, &evidence, &facts);
    for finding in &mut report.findings {
        relocate(finding, case);
    }
    diag::sort(&mut report.findings);
    report
}

/// Moves a place in the base's files to where the same resource stands in the head's.
fn relocate(finding: &mut diag::Diagnostic, case: &Case<'_>) {
    if std::ptr::eq(case.base, case.head) || !pr::RULES.iter().any(|rule| rule.code == finding.code)
    {
        return;
    }
    let of = |workspace: &Workspace| {
        let model = workspace.model();
        let resource = finding.subject.as_deref().and_then(|subject| model.resource(subject))?;
        Some((resource.digest.clone(), resource.extent, resource.place.clone()))
    };
    let (Some((before, from, _)), Some((after, to, place))) = (of(case.base), of(case.head)) else {
        finding.place = diag::Place::whole_file(finding.place.file.clone());
        return;
    };
    let span = finding.place.span;
    finding.place = if before == after {
        let moved = |at: u32| to.start + at.saturating_sub(from.start);
        diag::Place::new(place.file, diag::Span::new(moved(span.start), moved(span.end)))
    } else {
        place
    };
}
