//! Files in a Git repository, committed by council and pushed to one branch.
//!
//! A resource is a file below a path of the branch. Commits are made in a bare clone of council's own, without a work tree,
//! and pushed without force: if somebody else pushed meanwhile, the change is made again on top of theirs. What council wrote
//! stands in `.council/manifest.json` below the path, in the same commit, so that both are always of one state.
//!
//! What always holds:
//! * A commit names every step that it carries out in a trailer, `Council-Step: <key>`. A step whose commit is on the branch
//!   and whose effect is not was taken back by somebody, and is not done again behind their back.
//! * Steps that come together share a commit and a push.
//! * A remote that does not answer is silent. History is never rewritten.
//!
//! Absent on purpose: merge requests and reviews, which are the forges', and merging: a file that two write is drift.

mod batch;
mod command;
mod repository;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use plan::{
    Clock, Digest, Effect, Fault, Job, Limits, Observations, Observed, ResourceId, Scope, Target,
    Work,
};
use tokio::sync::{Mutex, oneshot};

use self::batch::Tree;
use self::repository::Repository;
use super::change::{Change, foreign};
use super::directory::FILE;

/// Where the files go.
#[derive(Debug, Clone)]
pub struct Branch {
    /// Any URL or path that `git` takes.
    pub remote: String,
    /// The branch; made with the first commit if it is not there.
    pub branch: String,
    /// The path in the repository below which the files lie; empty for its root.
    pub path: String,
    /// Who commits: `council <council@example.org>`.
    pub author: String,
}

/// A branch of a repository that council writes to.
pub struct GitBranch {
    name: String,
    repository: Repository,
    clock: Arc<dyn Clock>,
    waiting: Mutex<Vec<Waiting>>,
}

/// A step that waits for the commit that will hold it.
struct Waiting {
    change: Change,
    answer: oneshot::Sender<Result<Effect, Fault>>,
}

impl std::fmt::Debug for GitBranch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GitBranch")
            .field("name", &self.name)
            .field("repository", &self.repository)
            .finish_non_exhaustive()
    }
}

impl GitBranch {
    /// Writes to a branch as the target `name`; `clone` is a directory of council's own, made when it is needed.
    pub fn new(
        name: impl Into<String>,
        branch: Branch,
        clone: impl Into<PathBuf>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let repository = Repository::new(branch, clone.into());
        Self { name: name.into(), repository, clock, waiting: Mutex::default() }
    }

    async fn look(&self, asked: &[ResourceId]) -> Result<Observations, Fault> {
        let at = self.clock.now();
        let _one_at_a_time = self.repository.lock().await;
        let head = self.repository.fetch().await?;
        let tree = Tree::read(&self.repository, head.as_deref()).await?;
        let mut observations = Observations::complete(&self.name, at);
        for (path, claim) in &tree.manifest.files {
            let id = ResourceId::new(&self.name, FILE, path);
            let observed = match tree.blobs.get(path) {
                Some(blob) => {
                    let bytes = self.repository.blob(blob).await?;
                    claim.observed(Digest::of(&bytes), at)
                }
                None => Observed::Absent { at },
            };
            observations.mark(id.clone(), claim.marks.clone());
            observations.insert(id, observed);
        }
        for id in asked.iter().filter(|id| !tree.manifest.files.contains_key(&id.name)) {
            if tree.blobs.contains_key(&id.name) {
                let why = foreign(&id.name);
                observations.insert(id.clone(), Observed::Unknown { since: None, why });
            }
        }
        Ok(observations)
    }

    /// Joins the next commit. Whoever comes first makes it for all that have come until then.
    async fn commit(&self, work: Work<'_>) -> Result<Effect, Fault> {
        let change = Change::of(work)?;
        let (answer, mut answered) = oneshot::channel();
        self.waiting.lock().await.push(Waiting { change, answer });
        // Steps that begin in the same moment come in now.
        tokio::task::yield_now().await;
        let _one_at_a_time = self.repository.lock().await;
        if let Ok(result) = answered.try_recv() {
            return result;
        }
        let batch: Vec<Waiting> = std::mem::take(&mut *self.waiting.lock().await);
        let (changes, answers): (Vec<Change>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.change, waiting.answer)).unzip();
        let mut results: BTreeMap<_, _> = batch::commit(&self.repository, &changes).await;
        for (change, answer) in changes.iter().zip(answers) {
            let result = results.remove(&change.key).unwrap_or(Ok(Effect::Unchanged));
            // Nobody listens any more when their time is over; the journal will find the step done.
            if let Err(_nobody_listens) = answer.send(result) {}
        }
        answered.try_recv().unwrap_or_else(|_| {
            Err(Fault::new(plan::FaultKind::Failed, "the commit was given up; try again"))
        })
    }
}

impl Target for GitBranch {
    fn observe<'a>(&'a self, scope: Scope<'a>) -> Job<'a, Observations> {
        Box::pin(async move {
            let asked = match scope {
                Scope::All => &[],
                Scope::Only(ids) => ids,
            };
            self.look(asked)
                .await
                .unwrap_or_else(|fault| Observations::silent(&self.name, None, fault.message))
        })
    }

    fn apply<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        Box::pin(self.commit(work))
    }

    fn limits(&self) -> Limits {
        // As many as should share a commit: a push costs seconds, a file in it nothing.
        Limits { parallel: 1_000, per_minute: 60_000, ..Limits::default() }
    }
}
