//! Many steps, one commit.

use std::collections::BTreeMap;

use plan::{Digest, Effect, Fault, FaultKind, IdempotencyKey};

use super::repository::{MOVED, Repository};
use crate::target::change::{Change, edited, foreign};
use crate::target::manifest::Manifest;

/// How often a commit is made again because the branch moved. Somebody who pushes more often than that pushes all day.
const TRIES: usize = 5;

/// Where the manifest lies below the path.
const MANIFEST: &str = ".council/manifest.json";

/// What is on the branch below the path.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) manifest: Manifest,
    pub(super) blobs: BTreeMap<String, String>,
}

type Results = BTreeMap<IdempotencyKey, Result<Effect, Fault>>;

/// What names a step in the commit that carries it out.
fn trailer(change: &Change) -> String {
    format!("Council-Step: {}", change.key)
}

impl Tree {
    pub(super) async fn read(repository: &Repository, head: Option<&str>) -> Result<Self, Fault> {
        let blobs = match head {
            Some(head) => repository.tree(head).await?,
            None => BTreeMap::new(),
        };
        let manifest = match blobs.get(MANIFEST) {
            Some(blob) => Some(repository.blob(blob).await?),
            None => None,
        };
        let manifest =
            Manifest::read(manifest.as_deref()).map_err(|error| refused(error.to_string()))?;
        Ok(Self { manifest, blobs })
    }
}

/// Commits what can be committed, and says for each step how it went.
pub(super) async fn commit(repository: &Repository, changes: &[Change]) -> Results {
    for _ in 0..TRIES {
        match attempt(repository, changes).await {
            Err(fault) if fault.message == MOVED => {}
            Err(fault) => return all(changes, &fault),
            Ok(results) => return results,
        }
    }
    let text = format!("the branch moved {TRIES} times while the commit was made; try again");
    all(changes, &Fault::new(FaultKind::Failed, text))
}

fn all(changes: &[Change], fault: &Fault) -> Results {
    changes.iter().map(|change| (change.key, Err(fault.clone()))).collect()
}

async fn attempt(repository: &Repository, changes: &[Change]) -> Result<Results, Fault> {
    let head = repository.fetch().await?;
    let mut tree = Tree::read(repository, head.as_deref()).await?;
    let mut results = Results::new();
    let mut changed: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut told: Vec<&Change> = Vec::new();
    for change in changes {
        match enter(repository, head.as_deref(), &mut tree, change).await? {
            Ok(Some(blob)) => {
                changed.insert(change.name().to_owned(), blob);
                told.push(change);
            }
            Ok(None) => {
                results.insert(change.key, Ok(Effect::Unchanged));
            }
            Err(fault) => {
                results.insert(change.key, Err(fault));
            }
        }
    }
    if !told.is_empty() {
        let manifest = repository.store(&tree.manifest.write()).await?;
        changed.insert(MANIFEST.to_owned(), Some(manifest));
        let commit = repository.push(head.as_deref(), &changed, &message(&told)).await?;
        let short: String = commit.chars().take(12).collect();
        let effect = Effect::Changed { note: format!("commit {short}") };
        results.extend(told.iter().map(|change| (change.key, Ok(effect.clone()))));
    }
    Ok(results)
}

/// The blob to set (none inside to remove), nothing if it is so already, or why not. The outer error concerns all.
async fn enter(
    repository: &Repository,
    head: Option<&str>,
    tree: &mut Tree,
    change: &Change,
) -> Result<Result<Option<Option<String>>, Fault>, Fault> {
    let name = change.name();
    let there = match tree.blobs.get(name) {
        Some(blob) => Some(Digest::of(&repository.blob(blob).await?)),
        None => None,
    };
    let wanted = change.digest();
    let claim = tree.manifest.files.get(name).map(|claim| claim.sha256);
    if there == wanted && claim == wanted {
        return Ok(Ok(None));
    }
    if let Some(head) = head
        && let Some(commit) = repository.names(head, &trailer(change)).await?
    {
        return Ok(Err(refused(format!(
            "commit {commit} did this step, and somebody has taken it back since; talk to them, then plan again"
        ))));
    }
    if let Some(there) = there.filter(|there| Some(*there) != wanted) {
        if claim.is_none() {
            return Ok(Err(refused(foreign(name))));
        }
        let ours = change.bytes.is_none() && claim == Some(there);
        if !ours && !change.saw(there) {
            return Ok(Err(refused(edited(name))));
        }
    }
    let blob = match &change.bytes {
        Some(bytes) => {
            tree.manifest.claim(name, Digest::of(bytes), &change.step);
            Some(repository.store(bytes).await?)
        }
        None => {
            tree.manifest.files.remove(name);
            None
        }
    };
    Ok(Ok(Some(blob)))
}

fn message(told: &[&Change]) -> String {
    let line = |change: &Change| format!("{} {}", change.step.action, change.step.resource.name);
    let subject = match told {
        [one] => format!("council: {}", line(one)),
        many => format!("council: {} files", many.len()),
    };
    let body: Vec<String> = told.iter().map(|change| format!("* {}", line(change))).collect();
    let trailers: Vec<String> = told.iter().map(|change| trailer(change)).collect();
    format!("{subject}\n\n{}\n\n{}\n", body.join("\n"), trailers.join("\n"))
}

fn refused(text: String) -> Fault {
    Fault::new(FaultKind::Refused, text)
}
