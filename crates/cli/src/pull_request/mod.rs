//! A pull request as this machine sees it: gathered from Git, from the pipeline that runs, and from the record.
//!
//! The playbook is read twice. The *base* (what is merged already) says what is asked for and who sits where, so
//! that a change cannot grant itself its own approval; the *head* is what is checked.

mod ci;
mod codeowners;
mod evidence;
mod incidents;
mod on_forge;
mod planned;
mod secrets;
mod show;
pub(crate) mod signed;
mod texts;

use std::sync::Arc;

use gitops::pr::{self, PullRequest, Report};
use playbook::Workspace;
use tempfile::TempDir;

pub(crate) use ci::{Ci, VARIABLES};
use evidence::evidence;
pub(crate) use on_forge::OnForge;
pub(crate) use show::{Output, conclude, write};
pub(crate) use texts::Texts;

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
    /// The commits that it is made of, when there are any.
    pub(crate) range: Option<Range<'w>>,
    /// The change.
    pub(crate) request: PullRequest,
}

/// Commits of a repository: everything that the one has and the other has not.
#[derive(Clone, Debug)]
pub(crate) struct Range<'g> {
    /// The repository.
    pub(crate) git: &'g Repository,
    /// Where the change begins; `None` when everything is new.
    pub(crate) base: Option<String>,
    /// Where it ends.
    pub(crate) head: String,
    /// Where the playbook is in it, `""` or `docs/`: findings name files from there.
    pub(crate) below: &'g str,
}

/// Checks it, with the texts in which places can be shown.
pub(crate) fn check<'w>(case: &Case<'w>, context: &Context) -> (Report, Texts<'w>) {
    let facts = context.facts(case.base.model());
    let mut texts = Texts::of(case.head);
    let evidence = evidence(case, context, &mut texts);
    let mut report = pr::check(case.base.model(), &case.request, &evidence, &facts);
    for finding in &mut report.findings {
        relocate(finding, case);
    }
    diag::sort(&mut report.findings);
    (report, texts)
}

/// Moves a place in the base's files to where the same resource stands in the head's.
fn relocate(finding: &mut diag::Diagnostic, case: &Case<'_>) {
    let of_base = pr::FROM_BASE.iter().any(|rule| rule.code == finding.code);
    if std::ptr::eq(case.base, case.head) || !of_base {
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
