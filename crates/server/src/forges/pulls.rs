//! The turn over all pull requests that are open, or that a change still waits for.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use gitops::pr::Review;
use gitops::record::change::{Origin, State as Change};
use systems::forge::{PullRequest, Stage};
use systems::git::Mirror;

use super::answer::{Answer, Posted};
use super::study::{Basis, Study};
use super::{merged, propose, study, voices};
use crate::http::problem::Chain;
use crate::remote::ForgeConfig;
use crate::{AppState, Record};

/// Why something about pull requests could not be done.
pub(super) type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// What is known of the pull requests of one project.
#[derive(Debug)]
pub(crate) struct Pulls {
    pub(super) config: ForgeConfig,
    pub(super) mirror: Mirror,
    /// The branch that is followed.
    main: String,
    /// Where the playbook is in the repository: `""`, or `docs/`.
    pub(super) below: String,
    known: BTreeMap<u64, Known>,
}

/// What is remembered of one: losing it costs a look.
#[derive(Debug, Default)]
struct Known {
    study: Option<(Basis, Arc<Study>)>,
    posted: Posted,
}

/// One pull request, with everything that was read of it.
pub(super) struct Case<'c> {
    pub(super) pulls: &'c Pulls,
    pub(super) state: &'c AppState,
    pub(super) request: &'c PullRequest,
    pub(super) reviews: &'c [Review],
    /// What is to be said of it besides what the checks say.
    pub(super) notes: Vec<String>,
}

impl Pulls {
    /// Where a forge is known, and the remote whose pull requests are there.
    pub(crate) fn of(state: &AppState) -> Option<Self> {
        let remote = &state.config().remote;
        let (config, follower) = (remote.forge.clone()?, remote.follower.as_ref()?);
        let mirror = follower.mirror(state.config().data_dir.join("pulls/mirror"));
        // One of the two may be named through a link.
        let root = state.config().playbook.canonicalize().ok()?;
        let below = root.strip_prefix(follower.directory().canonicalize().ok()?).ok()?.to_owned();
        let below = below.to_string_lossy().replace('\\', "/");
        let below = if below.is_empty() { String::new() } else { below + "/" };
        let main = follower.branch().to_owned();
        Some(Self { config, mirror, main, below, known: BTreeMap::new() })
    }

    /// Looks at all of them once; says in words what there was.
    pub(crate) async fn turn(&mut self, state: &AppState) -> Result<String, Trouble> {
        let base = self.mirror.fetch(&format!("refs/heads/{}", self.main)).await?;
        let open = self.config.forge.open_requests().await?;
        let open = open.into_iter().filter(|request| request.base == self.main);
        let mut requests: BTreeMap<u64, PullRequest> =
            open.map(|request| (request.number, request)).collect();
        let count = requests.len();
        for number in self.awaited(&state.record()) {
            if let Entry::Vacant(missing) = requests.entry(number) {
                missing.insert(self.config.forge.pull_request(number).await?);
            }
        }
        self.known.retain(|number, _| requests.contains_key(number));
        let mut troubles = Vec::new();
        for (number, request) in &requests {
            let mut known = self.known.remove(number).unwrap_or_default();
            match self.look(state, request, &base, &mut known).await {
                // What has come to its end was told of now, and is looked at no more.
                Ok(is_over) if is_over => continue,
                Ok(_) => {}
                Err(trouble) => {
                    let words = format!("{number}: {}", Chain(trouble.as_ref()));
                    tracing::warn!(number, trouble = words, "a pull request is not followed");
                    troubles.push(words);
                }
            }
            self.known.insert(*number, known);
        }
        let open = diag::words::count(count, "open pull request");
        Ok(match troubles.as_slice() {
            [] => open,
            troubles => format!("{open}; trouble with {}", troubles.join("; ")),
        })
    }

    /// The numbers of those whose change has not come to its end, or that were open at the last turn.
    fn awaited(&self, record: &Record) -> Vec<u64> {
        let prefix = self.config.prefix();
        let changes = record.state.changes.changes.values().filter(|change| is_open(change));
        let number = |change: &Change| match &change.origin {
            Origin::PullRequest(address) => address.strip_prefix(&prefix)?.parse().ok(),
            Origin::Person | Origin::RollbackOf(_) => None,
        };
        changes.filter_map(number).chain(self.known.keys().copied()).collect()
    }

    /// Looks at one, and says whether it is over.
    async fn look(
        &self,
        state: &AppState,
        request: &PullRequest,
        base: &str,
        known: &mut Known,
    ) -> Result<bool, Trouble> {
        let reviews = self.config.forge.reviews(request.number).await?;
        let notes = Vec::new();
        let mut case = Case { pulls: self, state, request, reviews: &reviews, notes };
        let change = match &request.stage {
            Stage::Open => {
                let basis = Basis::of(&case, base);
                if known.study.as_ref().is_none_or(|(made_of, _)| *made_of != basis) {
                    known.study = Some((basis, Arc::new(study::study(&case, base).await?)));
                }
                let study = known.study.as_ref().map(|(_, study)| study.clone());
                let change = match &study {
                    Some(study) => propose::propose(&mut case, study).await?,
                    None => None,
                };
                if let Some(id) = &change {
                    voices::follow(&mut case, id).await;
                }
                change
            }
            Stage::Closed => propose::given_up(&mut case).await,
            Stage::Merged(commit) => merged::go_on(&mut case, commit.as_deref()).await?,
        };
        // Asked before it is told of: what ends while it is told is told of once more.
        let may_happen = case.change().is_some_and(|(_, change)| is_open(&change));
        let is_over = request.stage != Stage::Open && !may_happen;
        let study = known.study.as_ref().map(|(_, study)| &**study);
        let answer = Answer::of(&case, study, change.as_deref());
        answer.post(&case, &mut known.posted).await?;
        Ok(is_over)
    }
}

impl Case<'_> {
    /// What the pull request is called in the record.
    pub(super) fn address(&self) -> String {
        format!("{}{}", self.pulls.config.prefix(), self.request.number)
    }

    /// The newest change that it is; one that was given up is no change any more.
    pub(super) fn change(&self) -> Option<(String, Change)> {
        let (record, address) = (self.state.record(), Origin::PullRequest(self.address()));
        let changes = record.state.changes.changes.iter().rev();
        let mut ours = changes.filter(|(_, change)| change.origin == address);
        ours.find(|(_, change)| change.stage != gitops::record::change::Stage::Abandoned)
            .map(|(id, change)| (id.clone(), change.clone()))
    }

    pub(super) fn note(&mut self, words: impl Into<String>) {
        self.notes.push(words.into());
    }
}

/// Says whether something may still happen to a change.
fn is_open(change: &Change) -> bool {
    use gitops::record::change::Stage;
    match change.stage {
        Stage::Draft
        | Stage::Planned
        | Stage::AwaitingApproval
        | Stage::Approved
        | Stage::Applying
        | Stage::Verifying
        | Stage::Failed => true,
        Stage::Done | Stage::RolledBack | Stage::Abandoned => false,
    }
}
