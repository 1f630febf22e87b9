//! `council pr check`: what a pull request still lacks.

use std::path::{Path, PathBuf};

use gitops::Repository as Declared;
use gitops::pr::{self, Identity, PullRequest, Report, Review, Verdict};
use playbook::Workspace;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::guess::did_you_mean;
use crate::page::{Tone, paint};
use crate::pull_request::{self, Case, Ci, OnForge, Output, Texts};
use crate::repository::Repository;

/// Check whether a change may be merged: branch, description, review, playbook, plan, guardrails, secrets
///
/// Runs anywhere: in a pipeline of GitHub, GitLab, Forgejo, Gitea or Jenkins it reads what that says about the
/// pull request, elsewhere it takes the branch that is checked out. What is asked for comes from the playbook as it
/// is on the base, so that no change approves itself. The plan is what merging would do at targets that are as the base
/// wants them; no target is asked. Secrets are looked for in every line that any of the commits adds.
///
/// Exits with 0 when it may be merged, 1 when something must be changed, 3 when somebody else must agree first.
/// `--format` also takes `sarif`, `github` and `gitlab`; `--comment` writes the text for the forge.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Check {
    /// The branch or commit that it would be merged into [default: as the pipeline says, or `main`]
    #[arg(long, value_name = "REVISION")]
    base: Option<String>,
    /// The newest commit of the change [default: as the pipeline says, or what is checked out]
    #[arg(long, value_name = "REVISION")]
    head: Option<String>,
    /// The name of the branch, where Git does not know it
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// The repository's name in the playbook, when it is not the playbook's own
    #[arg(long, value_name = "NAME")]
    repository: Option<String>,
    /// A file with the description; `-` takes the messages of the commits [default: as the pipeline says, or `-`]
    #[arg(long, value_name = "FILE")]
    description: Option<PathBuf>,
    /// Somebody who approved the newest commit: a person, a mail address, or `github:LOGIN`; may be repeated
    #[arg(long, value_name = "WHO")]
    approved_by: Vec<String>,
    /// Write the report to a file instead of stdout
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the text of a comment for the forge to a file
    #[arg(long, value_name = "FILE")]
    comment: Option<PathBuf>,
    /// Leave a status and the comment on the forge; takes the token in COUNCIL_FORGE_TOKEN
    #[arg(long)]
    post: bool,
}

/// Runs it.
pub(super) fn run(check: &Check, context: &Context) -> Result<Outcome, CommandError> {
    let directory = &context.environment.directory;
    let git = Repository::at(directory)?;
    let ci = Ci::of(&context.environment.pipeline)?;
    let checked_out = context.open(None)?;
    let range = Range::of(check, ci.as_ref(), &git)?;
    let own = super::own(&git, checked_out.root());
    let own = own.filter(|_| check.repository.is_none());
    let read = |commit: &str| {
        own.as_deref().and_then(|below| pull_request::read_at(&git, commit, below).ok())
    };
    // What is checked out is the head, unless another one was named.
    let head_laid = check.head.as_ref().and_then(|_| read(&range.head));
    let head = head_laid.as_ref().map_or(&checked_out, |laid| &laid.workspace);
    // A base without a playbook asks for nothing; then the change itself says what it asks for.
    let base_laid = read(&range.base).filter(|laid| !laid.workspace.model().is_empty());
    let base = base_laid.as_ref().map_or(head, |laid| &laid.workspace);
    let source = Source { check, ci: ci.as_ref(), git: &git, range: &range, own: own.as_deref() };
    let request = request(&source, base, directory)?;
    let on_forge = OnForge::of(ci.as_ref(), context)?;
    if check.post && on_forge.is_none() {
        return Err(CommandError::usage("there is no pull request on a forge to post to")
            .why("`--post` needs a pipeline of a pull request and a token in COUNCIL_FORGE_TOKEN")
            .hint("write the text to a file with `--comment FILE` instead"));
    }
    let request = match &on_forge {
        Some(forge) => read_back(request, forge)?,
        None => request,
    };
    let commits = pull_request::Range {
        git: &git,
        base: Some(range.base.clone()),
        head: range.head.clone(),
        below: own.as_deref().unwrap_or_default(),
    };
    let case = Case { base, head, below: own.clone(), range: Some(commits), request };
    let (report, texts) = pull_request::check(&case, context);
    tell(check, &report, &texts, context)?;
    if let Some(forge) = on_forge.filter(|_| check.post) {
        context.printer.note(forge.post(&report, &range.head)?);
    }
    Ok(pull_request::conclude(&report))
}

/// Writes the report and the comment where they were asked for.
fn tell(
    check: &Check,
    report: &Report,
    sources: &Texts<'_>,
    context: &Context,
) -> Result<(), CommandError> {
    let directory = &context.environment.directory;
    let color = check.output.is_none() && context.printer.color_out();
    let output = Output { format: context.printer.format(), color, sources };
    let text = pull_request::write(report, output);
    match &check.output {
        Some(path) => files::write(&directory.join(path), &text)?,
        None => context.printer.data(&text)?,
    }
    if let Some(path) = &check.comment {
        files::write(&directory.join(path), pr::comment(report))?;
    }
    let tone = match pull_request::conclude(report) {
        Outcome::Done => Tone::Good,
        Outcome::Waiting => Tone::Warning,
        Outcome::Findings => Tone::Error,
    };
    context.printer.note(&paint(context.printer.color_err(), tone, report.headline()));
    Ok(())
}

/// What reviewers said on the forge, before what the command line says.
fn read_back(request: PullRequest, forge: &OnForge) -> Result<PullRequest, CommandError> {
    let mut reviews = forge.reviews()?;
    reviews.extend(request.reviews.into_iter().flatten());
    Ok(PullRequest { reviews: Some(reviews), ..request })
}

/// From where to where the change goes.
struct Range {
    base: String,
    head: String,
}

impl Range {
    fn of(check: &Check, ci: Option<&Ci>, git: &Repository) -> Result<Self, CommandError> {
        let head = check.head.clone().or_else(|| ci?.head.clone());
        let head = find(git, &head.unwrap_or_else(|| "HEAD".to_owned()))?;
        let named = check.base.clone().or_else(|| ci?.base.clone());
        let candidates = match &named {
            Some(name) => vec![name.clone(), format!("origin/{name}")],
            None => vec!["origin/main".to_owned(), "main".to_owned()],
        };
        let base = candidates.iter().find_map(|name| git.commit(name)).ok_or_else(|| {
            let names: Vec<String> = candidates.iter().map(|name| format!("`{name}`")).collect();
            CommandError::usage(format!("there is no {} to compare with", names.join(" or ")))
                .hint("name the branch that it would be merged into with `--base`")
                .hint("a pipeline that fetches only one commit must fetch the base, too")
        })?;
        // What others merged meanwhile is not a part of this change.
        let base = git.merge_base(&base, &head).unwrap_or(base);
        Ok(Self { base, head })
    }
}

fn find(git: &Repository, name: &str) -> Result<String, CommandError> {
    git.commit(name).ok_or_else(|| {
        CommandError::usage(format!("`{name}` is no commit of this repository"))
            .hint("see the branches with `git branch --all`")
    })
}

/// What the change is gathered from.
struct Source<'s> {
    check: &'s Check,
    ci: Option<&'s Ci>,
    git: &'s Repository,
    range: &'s Range,
    /// Where the playbook is in the repository, when the change is one of the playbook's own.
    own: Option<&'s str>,
}

fn request(
    source: &Source<'_>,
    base: &Workspace,
    directory: &Path,
) -> Result<PullRequest, CommandError> {
    let Source { check, ci, git, range, own } = source;
    let commits = git.added(Some(&range.base), &range.head)?;
    let opened = ci.and_then(|ci| Some(Identity::on(ci.system, ci.author.clone()?)));
    let wrote = commits.iter().filter(|commit| !commit.is_merge);
    let wrote = wrote.map(|commit| Identity::plain(commit.author.clone()));
    let messages =
        || commits.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join("\n\n");
    let description = match (&check.description, ci) {
        (Some(path), _) if path.as_os_str() == "-" => Some(messages()),
        (Some(path), _) => Some(files::read(&directory.join(path))?),
        (None, Some(ci)) => ci.description.clone(),
        (None, None) => Some(messages()),
    };
    let below = own.unwrap_or_default();
    let changed = git.changed(&range.base, &range.head)?;
    let approved: Vec<Review> =
        check.approved_by.iter().map(|who| approval(who, &range.head)).collect();
    Ok(PullRequest {
        repository: repository(check, *own, base)?,
        branch: check
            .branch
            .clone()
            .or_else(|| ci.and_then(|ci| ci.branch.clone()).or_else(|| git.branch())),
        head: Some(range.head.clone()),
        authors: wrote.chain(opened).collect(),
        description,
        files: changed
            .iter()
            .filter_map(|file| file.strip_prefix(below))
            .map(str::to_owned)
            .collect(),
        // A pipeline that was told nothing of reviews does not know them; a person who says nothing has none.
        reviews: (ci.is_none() || !approved.is_empty()).then_some(approved),
    })
}

/// The repository's name in the playbook; `None` for the playbook's own.
fn repository(
    check: &Check,
    own: Option<&str>,
    base: &Workspace,
) -> Result<Option<String>, CommandError> {
    let Some(name) = check.repository.as_deref() else {
        return own.map(|_| None).ok_or_else(|| {
            CommandError::usage("the playbook is not in this repository")
                .why("without the repository's name, no policy can be found that covers it")
                .hint("name it as the playbook does: `--repository infra-network`")
        });
    };
    if base.model().get::<Declared>(name).is_some() {
        return Ok(Some(name.to_owned()));
    }
    let names: Vec<&str> = base.model().all::<Declared>().map(|one| one.name()).collect();
    Err(CommandError::usage(format!("the playbook declares no repository `{name}`"))
        .hints(did_you_mean(name, names))
        .hint("list them with `council list repository`"))
}

/// Somebody's word that somebody approved: `ana`, `ana@example.org`, `github:ana-dev`.
fn approval(who: &str, head: &str) -> Review {
    let by = match who.split_once(':') {
        Some((system, login)) => Identity::on(system, login),
        None => Identity::plain(who),
    };
    Review { by, verdict: Verdict::Approved, commit: Some(head.to_owned()) }
}
