//! `council hook`: what a plain Git server runs, where no forge stands in front of it.

use std::collections::BTreeSet;
use std::io::Read as _;

use clap::Subcommand;
use diag::Sources;
use gitops::pr::{self, Aspect, Part, PullRequest, Report, State};
use gitops::{BranchPolicy, Repository as Declared};
use playbook::{Model, Workspace};

use crate::answer::Outcome;
use crate::arguments::Format;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::pull_request::{self, Case, Laid, Output, Range, signed};
use crate::repository::{EMPTY_TREE, Repository};

/// Refs that one push may change: more is a mirror, which belongs behind another door.
const MOST_UPDATES: usize = 1_000;

/// Run as a hook of a Git server
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Hook {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    PreReceive(PreReceive),
}

/// Refuse pushes that the playbook does not allow
///
/// As `hooks/pre-receive` of a bare repository: `exec council hook pre-receive`. Where the repository is the
/// playbook, what stands on its main branch judges what is pushed; elsewhere name both, `--playbook DIR
/// --repository NAME`.
///
/// Branches must be named after the branch policy, and no commit may bring a secret in plain text. The protected branch
/// only moves forward; what it takes must be described and reviewed, and the guardrails must let its plan pass. Here, a
/// review is a merge commit that the reviewer signed with an SSH key of theirs that the playbook knows
/// (`git merge --no-ff -S BRANCH`).
#[derive(Clone, Debug, clap::Args)]
struct PreReceive {
    /// The repository's name in the playbook, when it is not the playbook's own
    #[arg(long, value_name = "NAME")]
    repository: Option<String>,
}

/// One ref that a push changes.
#[derive(Debug)]
struct Update {
    /// Where it is; `None` when it is new.
    old: Option<String>,
    /// Where it goes; `None` when it is deleted.
    new: Option<String>,
    /// Its whole name.
    name: String,
}

/// Runs it.
pub(crate) fn run(hook: &Hook, context: &Context) -> Result<Outcome, CommandError> {
    let Action::PreReceive(command) = &hook.action;
    let updates = read_updates()?;
    let git = Repository::at(&context.environment.directory)?;
    let judge = Judge::of(command, &git, &updates, context)?;
    let mut refused = false;
    for update in &updates {
        let Some(branch) = update.name.strip_prefix("refs/heads/") else { continue };
        refused |= judge.refuses(update, branch)?;
    }
    Ok(if refused { Outcome::Findings } else { Outcome::Done })
}

fn read_updates() -> Result<Vec<Update>, CommandError> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| CommandError::failed("the updates could not be read").why(error))?;
    let commit = |id: &str| (!id.bytes().all(|byte| byte == b'0')).then(|| id.to_owned());
    let update = |line: &str| {
        let mut words = line.splitn(3, ' ');
        let (old, new) = (words.next()?, words.next()?);
        Some(Update { old: commit(old), new: commit(new), name: words.next()?.to_owned() })
    };
    let updates: Vec<Update> = text.lines().filter_map(update).collect();
    if updates.len() > MOST_UPDATES {
        return Err(CommandError::failed(format!("a push may change {MOST_UPDATES} refs at most"))
            .hint("push in several steps"));
    }
    Ok(updates)
}

/// What pushes are judged by.
struct Judge<'j> {
    git: &'j Repository,
    context: &'j Context,
    /// The playbook that asks.
    base: Workspace,
    /// Keeps its files.
    _laid: Option<tempfile::TempDir>,
    /// The repository's name, when it is not the playbook's own.
    repository: Option<String>,
    /// The playbook's directory in the repository, when it is the playbook's own.
    below: Option<String>,
    protected: BTreeSet<String>,
}

impl<'j> Judge<'j> {
    fn of(
        command: &PreReceive,
        git: &'j Repository,
        updates: &[Update],
        context: &'j Context,
    ) -> Result<Self, CommandError> {
        let main = git.branch();
        let (base, laid, below) = if command.repository.is_some() {
            (context.open(None)?, None, None)
        } else {
            let (Laid { workspace, directory }, below) = own(git, main.as_deref(), updates)?;
            (workspace, Some(directory), Some(below))
        };
        let protected = protected(base.model(), command.repository.as_deref(), main)?;
        let repository = command.repository.clone();
        Ok(Self { git, context, base, _laid: laid, repository, below, protected })
    }

    /// Judges one update, tells what was found, and says whether it is refused.
    fn refuses(&self, update: &Update, branch: &str) -> Result<bool, CommandError> {
        let is_protected = self.protected.contains(branch);
        let Some(new) = update.new.as_deref() else {
            if is_protected {
                self.tell(branch, &rewritten(branch, "a push may not delete it"), &self.base);
            }
            return Ok(is_protected);
        };
        if !is_protected {
            let request = PullRequest { branch: Some(branch.to_owned()), ..PullRequest::default() };
            let request = PullRequest { repository: self.repository.clone(), ..request };
            let range = Some(self.range(update.old.as_deref(), new));
            let case = Case { base: &self.base, head: &self.base, below: None, range, request };
            let (report, texts) = pull_request::check(&case, self.context);
            let refused = report.state() == State::Failed;
            if refused {
                self.tell(branch, &report, &texts);
            }
            return Ok(refused);
        }
        if let Some(old) = update.old.as_deref().filter(|old| !self.git.is_ancestor(old, new)) {
            let lost = self.git.added(Some(new), old)?.len();
            let words = format!("the push takes {} away", diag::words::count(lost, "commit"));
            self.tell(branch, &rewritten(branch, &words), &self.base);
            return Ok(true);
        }
        self.merge(update.old.as_deref(), new, branch)
    }

    /// What a push brings to a branch: what is new since its own newest commit, or since it left a protected branch.
    fn range(&self, old: Option<&str>, new: &str) -> Range<'_> {
        let old = old.filter(|old| self.git.is_ancestor(old, new)).map(str::to_owned);
        let left = || {
            let protected = self.protected.iter().map(|main| format!("refs/heads/{main}"));
            protected.filter_map(|main| self.git.merge_base(&main, new)).next()
        };
        let below = self.below.as_deref().unwrap_or_default();
        Range { git: self.git, base: old.or_else(left), head: new.to_owned(), below }
    }

    /// Judges what the protected branch would take.
    fn merge(&self, old: Option<&str>, new: &str, branch: &str) -> Result<bool, CommandError> {
        let laid = self
            .below
            .as_deref()
            .map(|below| pull_request::read_at(self.git, new, below))
            .transpose()?;
        let head = laid.as_ref().map_or(&self.base, |laid| &laid.workspace);
        let changed = self.git.changed(old.unwrap_or(EMPTY_TREE), new)?;
        let below = self.below.as_deref().unwrap_or_default();
        let files = changed.iter().filter_map(|path| path.strip_prefix(below)).map(str::to_owned);
        let request = PullRequest {
            repository: self.repository.clone(),
            files: files.collect(),
            ..signed::request(self.git, self.base.model(), old, new)?
        };
        // The first push brings the playbook itself; nobody sits anywhere yet who could have reviewed it.
        let request = match old {
            Some(_) => request,
            None => PullRequest { reviews: None, description: None, ..request },
        };
        let range = Some(self.range(old, new));
        let case = Case { base: &self.base, head, below: self.below.clone(), range, request };
        let (report, texts) = pull_request::check(&case, self.context);
        let refused = report.state() > State::Passed;
        if refused {
            self.tell(branch, &report, &texts);
        }
        Ok(refused)
    }

    /// Git shows what a hook says on stderr to whoever pushes.
    fn tell(&self, branch: &str, report: &Report, sources: &dyn Sources) {
        let printer = &self.context.printer;
        printer.say(&format!("council refuses `{branch}`, {}", report.headline()));
        let mut shown = report.clone();
        // Whoever pushes reads what stops them; what nobody asked for here is noise.
        shown.parts.retain(|part| part.state != State::Skipped);
        let output = Output { format: Format::Human, color: false, sources };
        printer.say(pull_request::write(&shown, output).trim_end());
        let waits = |part: &Part| part.aspect == Aspect::Review && part.state == State::Waiting;
        if report.parts.iter().any(waits) {
            printer.say(
                "Here a review is a merge that the reviewer signed: `git merge --no-ff -S BRANCH`",
            );
        }
    }
}

/// The playbook on the main branch, or, at the first push, the one that is pushed.
fn own(
    git: &Repository,
    main: Option<&str>,
    updates: &[Update],
) -> Result<(Laid, String), CommandError> {
    let current = main.and_then(|main| git.commit(&format!("refs/heads/{main}")));
    let pushed = updates.iter().filter_map(|update| update.new.clone());
    for commit in current.into_iter().chain(pushed) {
        if let Some(below) = git.playbook_in(&commit) {
            return Ok((pull_request::read_at(git, &commit, &below)?, below));
        }
    }
    Err(CommandError::failed("there is no playbook in this repository to judge by")
        .hint("name one: `council hook pre-receive --playbook DIR --repository NAME`"))
}

/// The branches that only reviewed changes reach.
fn protected(
    model: &Model,
    repository: Option<&str>,
    main: Option<String>,
) -> Result<BTreeSet<String>, CommandError> {
    let declared = match repository {
        None => None,
        Some(name) => Some(model.get::<Declared>(name).ok_or_else(|| {
            CommandError::usage(format!("the playbook declares no repository `{name}`"))
        })?),
    };
    let own = declared.and_then(|it| it.spec.protected_branch.clone());
    let policies = model.all::<BranchPolicy>().map(|policy| policy.spec.main.clone());
    Ok(policies.chain(own).chain(main).collect())
}

fn rewritten(branch: &str, words: &str) -> Report {
    let message = format!("`{branch}` only moves forward: {words}");
    let finding = diag::Diagnostic::new(
        &pr::HISTORY,
        diag::Place::whole_file(crate::playbook_root::MARKER),
        message.clone(),
    )
    .why("what was reviewed, approved and applied is what the history says")
    .hint("revert what is wrong with `git revert`, and push that");
    let mut report = Report::default();
    report.add((Part::new(Aspect::History, State::Failed, message), vec![finding]));
    report
}
