//! Plans as files beside the ledger: the body of each by its hash, and the bytes that its steps write by theirs.
//!
//! The record holds hashes; what they stand for lies here. It is a cache: a plan that is lost is planned again. A file
//! that was edited is not believed, because it does not have its hash any more. What a tool saved for itself is sealed:
//! it may hold secrets.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use plan::{Action, Artefacts, Desired, Digest, Fields, Marks, Plan, ResourceId, Step};
use serde::{Deserialize, Serialize};

use super::sealing::Seal;
use crate::http::Problem;

/// Where plans and bytes are kept.
#[derive(Clone, Debug)]
pub(crate) struct PlanStore {
    plans: PathBuf,
    bytes: PathBuf,
    seal: Seal,
}

impl PlanStore {
    /// Makes the directories below the data directory. Under the secret is sealed what tools saved.
    pub(crate) fn open(data_dir: &Path, secret: &[u8]) -> std::io::Result<Self> {
        let (plans, bytes) = (data_dir.join("plans"), data_dir.join("plans/bytes"));
        std::fs::create_dir_all(&bytes)?;
        Ok(Self { plans, bytes, seal: Seal::new(secret) })
    }

    /// Keeps a plan, and the bytes that its steps write. Secret values are in neither.
    pub(crate) fn keep(&self, plan: &Plan, artefacts: &Artefacts) -> std::io::Result<()> {
        for (step, digest) in payloads(plan) {
            let Some(bytes) = artefacts.bytes(digest) else { continue };
            let name = digest.to_string();
            if is_saved_by_a_tool(step) {
                write_once(&self.bytes.join(&name), &self.seal.close(&name, bytes)?)?;
            } else {
                write_once(&self.bytes.join(&name), bytes)?;
            }
        }
        write_once(&self.plans.join(format!("{}.json", plan.hash())), plan.to_json().as_bytes())
    }

    /// Lets a plan go that nobody will ask for any more. Bytes stay: other plans may write the same.
    pub(crate) fn forget(&self, plan: Digest) {
        for name in [format!("{plan}.json"), format!("{plan}.desired")] {
            match std::fs::remove_file(self.plans.join(&name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    tracing::warn!(%error, name, "an old plan could not be removed");
                }
                Ok(()) | Err(_) => {}
            }
        }
    }

    /// Keeps what a plan makes true, so that a later one can be taken back to it. What holds a secret is left out: it is
    /// set right by planning anew.
    pub(crate) fn keep_desired(&self, plan: Digest, desired: &[Desired]) -> std::io::Result<()> {
        let open = desired.iter().filter(|one| one.secret_fields.is_empty());
        let kept: Vec<Kept> = open.map(Kept::of).collect();
        let text = serde_json::to_string(&kept).map_err(std::io::Error::other)?;
        write_once(&self.plans.join(format!("{plan}.desired")), text.as_bytes())
    }

    /// What a plan made true; nothing when it is not kept any more.
    pub(crate) fn desired(&self, plan: &str) -> Vec<Desired> {
        let name = Digest::from_hex(plan).map(|plan| format!("{plan}.desired"));
        let text = name.and_then(|name| std::fs::read_to_string(self.plans.join(name)).ok());
        let kept = text.and_then(|text| serde_json::from_str::<Vec<Kept>>(&text).ok());
        kept.unwrap_or_default().into_iter().map(Kept::back).collect()
    }

    /// A plan by its hash.
    ///
    /// # Errors
    /// A problem when it is not there, or not what its hash says.
    pub(crate) fn load(&self, hash: &str) -> Result<Plan, Problem> {
        let digest = Digest::from_hex(hash).ok_or_else(|| missing(hash))?;
        let path = self.plans.join(format!("{digest}.json"));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(missing(hash));
            }
            Err(error) => return Err(Problem::internal(&error)),
        };
        let plan = Plan::from_json(&text).ok().filter(|plan| plan.hash() == digest);
        plan.ok_or_else(|| {
            Problem::conflict(
                "plan-edited",
                format!("What is kept as plan `{}` is another one.", digest.short()),
            )
            .hint("Plan again; people approve what the hash stands for")
        })
    }

    /// The bytes that a plan's steps write.
    ///
    /// # Errors
    /// A problem when some are lost or not what their digest says.
    pub(crate) fn artefacts(&self, plan: &Plan) -> Result<Artefacts, Problem> {
        let mut artefacts = Artefacts::new();
        for (step, digest) in payloads(plan) {
            let name = digest.to_string();
            let mut bytes = std::fs::read(self.bytes.join(&name)).unwrap_or_default();
            if is_saved_by_a_tool(step) {
                bytes = self.seal.open(&name, &bytes).unwrap_or_default();
            }
            if artefacts.add(bytes) != digest {
                return Err(Problem::conflict(
                    "artefact-lost",
                    format!("The bytes `{}` of the plan are lost or were changed.", digest.short()),
                )
                .hint("Plan again: they are made anew then"));
            }
        }
        Ok(artefacts)
    }
}

/// The steps that write bytes, with their digests.
fn payloads(plan: &Plan) -> impl Iterator<Item = (&Step, Digest)> {
    plan.steps().iter().filter_map(|step| Some((step, step.payload?)))
}

/// Whether its bytes are a tool's own, in which nobody can say what stands.
fn is_saved_by_a_tool(step: &Step) -> bool {
    step.action == Action::Run
}

/// A desired resource as it lies in a file.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: ResourceId,
    fields: Fields,
    replace_on: BTreeSet<String>,
    identity: BTreeSet<String>,
    payload: Option<Digest>,
    marks: Marks,
}

impl Kept {
    fn of(desired: &Desired) -> Self {
        let Desired { id, fields, replace_on, identity, payload, marks, .. } = desired.clone();
        Self { id, fields, replace_on, identity, payload, marks }
    }

    fn back(self) -> Desired {
        let Self { id, fields, replace_on, identity, payload, marks } = self;
        Desired { fields, replace_on, identity, payload, marks, ..Desired::new(id) }
    }
}

fn missing(hash: &str) -> Problem {
    Problem::not_found(format!("There is no plan `{hash}`."))
        .hint("Plans are a cache beside the ledger; plan again")
}

/// Writes a file under its content's name: whole or not at all, and never twice.
fn write_once(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    // Two may write the same at one moment, a plan and the look for drift; each has a file of its own until it is whole.
    let whole = path.with_extension(format!("{}.part", crate::auth::secret::public_id()));
    let mut file = std::fs::File::create(&whole)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(whole, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_that_write_the_same_at_one_moment_do_not_meet() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("abc");
        for round in 0..200 {
            let path = path.with_extension(round.to_string());
            let write = || write_once(&path, b"the same");
            let results = std::thread::scope(|scope| {
                let writers: Vec<_> = (0..4).map(|_| scope.spawn(write)).collect();
                writers
                    .into_iter()
                    .map(|writer| writer.join().expect("no panic"))
                    .collect::<Vec<_>>()
            });
            assert!(results.iter().all(Result::is_ok), "{results:?}");
            assert_eq!(std::fs::read(&path).expect("the file"), b"the same");
        }
        let left = std::fs::read_dir(folder.path()).expect("a directory").count();
        assert_eq!(left, 200, "nothing half is left behind");
    }
}
