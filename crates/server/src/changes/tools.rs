//! Tools that plan by themselves, Ansible and Terraform: what they would change.
//!
//! Asking one takes minutes and costs the systems something. Whoever plans a change asks anew and waits. Whoever only shows
//! what differs takes what was said last; what is old is asked again behind its back, one tool at a time each, and the page
//! is told when the answer is there.
//!
//! It is a memory, not a truth: after a start the tools are asked again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use plan::{Fault, Held, Observations, Proposed, Reason, ResourceId, Targets, Terms};
use tokio::sync::Semaphore;

use crate::limits::{MAX_TOOLS, TOOL_POLL};
use crate::{AppState, Snapshot};

/// Whether tools are asked what they would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ask {
    /// All of them, now.
    #[default]
    Anew,
    /// None; what they said last counts, and what is old is asked behind our back.
    Behind,
    /// None, and nothing counts: each of them has proven by itself what it did.
    Nobody,
}

/// What a tool said.
#[derive(Clone, Debug)]
pub(super) struct Said {
    at: Timestamp,
    revision: String,
    what: Result<Proposed, Fault>,
}

/// What each tool said last.
#[derive(Debug)]
pub(crate) struct Tools {
    said: Mutex<BTreeMap<String, Said>>,
    asking: Mutex<BTreeSet<String>>,
    places: Semaphore,
}

impl Default for Tools {
    fn default() -> Self {
        let places = Semaphore::new(MAX_TOOLS);
        Self { said: Mutex::default(), asking: Mutex::default(), places }
    }
}

impl Tools {
    /// Forgets what tools said of targets that were changed since.
    pub(super) fn forget<'a>(&self, targets: impl IntoIterator<Item = &'a String>) {
        let mut said = lock(&self.said);
        for target in targets {
            said.remove(target);
        }
    }

    fn remembered(&self, target: &str) -> Option<Said> {
        lock(&self.said).get(target).cloned()
    }

    /// Asks a target; nothing when council plans for it.
    async fn ask(
        &self,
        (name, target): (&str, &dyn plan::Target),
        revision: &str,
        at: Timestamp,
    ) -> Option<Said> {
        // A closed semaphore would be a bug of ours, and asking one tool too many harms nobody.
        let _place = self.places.acquire().await.ok();
        let what = target.propose().await.transpose()?;
        let said = Said { at, revision: revision.to_owned(), what };
        lock(&self.said).insert(name.to_owned(), said.clone());
        Some(said)
    }
}

impl Said {
    fn is_old(&self, revision: &str, now: Timestamp) -> bool {
        self.revision != revision || now.duration_since(self.at) >= TOOL_POLL
    }

    /// Joins what was said into what a plan is made of. Half a plan is none: a tool that failed holds everything there.
    pub(super) fn join(
        self,
        target: &str,
        terms: &mut Terms,
        (artefacts, observed): (&mut plan::Artefacts, &mut Observations),
    ) {
        match self.what {
            Ok(proposed) => {
                terms.proposals.extend(proposed.proposals);
                artefacts.extend(proposed.artefacts);
                observed.extend(Observations::complete(target, self.at));
            }
            Err(fault) => {
                terms.held.push(held(target, &fault));
                observed.extend(Observations::silent(target, None, fault.message));
            }
        }
    }
}

fn held(target: &str, fault: &Fault) -> Held {
    Held {
        resource: ResourceId::new(target, "tool", "plan"),
        would: None,
        reason: Reason::Silent,
        text: format!("`{target}` could not be planned ({fault}); everything there stays as it is"),
    }
}

impl AppState {
    /// What the tools among these targets say, by target.
    pub(super) async fn ask_tools(
        &self,
        targets: &Targets,
        snapshot: &Snapshot,
        (ask, only): (Ask, &BTreeSet<String>),
    ) -> Vec<(String, Said)> {
        let wanted = |name: &str| only.is_empty() || only.contains(name);
        let (revision, now) = (&snapshot.revision.id, self.clock().now());
        let targets = targets.iter().filter(|(name, _)| wanted(name));
        match ask {
            Ask::Nobody => Vec::new(),
            Ask::Anew => {
                let asked = targets.map(|(name, target)| async move {
                    let said = self.tools().ask((name, target), revision, now).await?;
                    Some((name.to_owned(), said))
                });
                join_all(asked).await.into_iter().flatten().collect()
            }
            Ask::Behind => {
                let mut known = Vec::new();
                for (name, _) in targets {
                    let said = self.tools().remembered(name);
                    if said.as_ref().is_none_or(|said| said.is_old(revision, now)) {
                        self.ask_behind(name);
                    }
                    known.extend(said.map(|said| (name.to_owned(), said)));
                }
                known
            }
        }
    }

    /// Asks a tool without anybody waiting, unless somebody asks it already.
    fn ask_behind(&self, name: &str) {
        let snapshot = self.snapshot();
        let plans_itself =
            snapshot.model().get::<gitops::kinds::Target>(name).is_some_and(|found| {
                matches!(
                    found.spec.via,
                    gitops::kinds::Via::Ansible(_) | gitops::kinds::Via::Terraform(_)
                )
            });
        if !plans_itself || !lock(&self.tools().asking).insert(name.to_owned()) {
            return;
        }
        let (state, name) = (self.clone(), name.to_owned());
        self.applying().spawn(async move {
            let targets = state.targets(&snapshot);
            if let Some(target) = targets.get(&name) {
                let now = state.clock().now();
                let asked = state.tools().ask((&name, target), &snapshot.revision.id, now);
                tokio::select! {
                    _ = asked => {}
                    () = state.stopping().cancelled() => {}
                }
            }
            lock(&state.tools().asking).remove(&name);
            state.board().nudge(crate::workers::DRIFT);
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often at least a target must be looked at, so that what was seen of it is never older than the gate allows.
pub(crate) fn look_within(snapshot: &Snapshot) -> Option<SignedDuration> {
    let policy = gitops::gate::policy(snapshot.model()).observe_within;
    let targets = snapshot.model().all::<gitops::kinds::Target>();
    let limits = targets.map(|target| target.spec.observe_within.unwrap_or(policy).to_duration());
    limits.min()
}
