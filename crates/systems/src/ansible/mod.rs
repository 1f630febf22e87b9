//! Ansible: a play in check mode is a source of plans, and a run of it carries an approved one out.
//!
//! [`Ansible::propose`] runs `ansible-playbook --check --diff`: every task that would change something on a host becomes a
//! proposal, carried by one that runs the play. What was approved is what runs: the run names a digest over every
//! file of the directory and the inventory, and refuses when one differs.
//!
//! **Idempotency is proven, not believed**: after the run the check is repeated, and it must find nothing left to change;
//! otherwise the run has failed as not idempotent, and the tasks are named.
//!
//! Invariants: what a task shows goes through the [`Redactor`]; `no_log` tasks show nothing at all; what the play prints
//! is read in memory.
//!
//! Absent on purpose: taking a run back. Ansible knows no undo; a rollback is a run of the earlier revision.

mod events;
mod manifest;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use plan::{
    Action, Artefacts, Digest, Effect, Fault, FaultKind, FieldChange, Job, Limits, Marks,
    Observations, Proposal, Proposed, ResourceId, Scope, Target, Work,
};

use crate::program::{self, Program};
use crate::redact::Redactor;
use events::{Event, Outcome};
use manifest::Manifest;

/// Prints results as lines that we read.
const CALLBACK: &str = include_str!("council_events.py");

/// The most tasks that a message names; who needs all of them runs the check by hand.
const MAX_NAMED: usize = 20;

/// A play that council may run.
#[derive(Debug, Clone)]
pub struct Ansible {
    /// The target's name.
    pub name: String,
    /// `ansible-playbook`, or the path to it.
    pub program: PathBuf,
    /// The directory that it runs in and depends on.
    pub directory: PathBuf,
    /// The play, relative to the directory.
    pub playbook: String,
    /// Where hosts come from.
    pub inventory: Inventory,
    /// Only these hosts or groups.
    pub limit: Option<String>,
    /// How long a run may take.
    pub timeout: Duration,
    /// What must not be shown.
    pub redactor: Redactor,
    /// Labels, failure domain and the like, for all steps.
    pub marks: Marks,
}

/// Where hosts come from.
#[derive(Debug, Clone)]
pub enum Inventory {
    /// A file or script, relative to the directory.
    File(String),
    /// The answer to `--list`, as council's own inventory gives it.
    Listed(Vec<u8>),
}

impl Ansible {
    /// Runs the check and proposes what it finds.
    ///
    /// # Errors
    /// A [`Fault`] when the play cannot be run, fails, or a host does not answer: half a plan is none.
    pub async fn propose(&self) -> Result<Proposed, Fault> {
        let manifest = self.manifest()?;
        let events = self.play(true).await?;
        let mut proposals = self.tasks(&events);
        let mut artefacts = Artefacts::new();
        let unpredicted: Vec<&Event> = events.iter().filter(|one| one.is_unpredicted()).collect();
        if proposals.is_empty() && unpredicted.is_empty() {
            return Ok(Proposed { proposals, artefacts });
        }
        let mut run = Proposal::new(self.run_id(), Action::Run);
        run.payload = Some(artefacts.add(manifest.to_bytes()));
        run.marks = self.marks.clone();
        if !unpredicted.is_empty() {
            let said = format!("cannot be predicted, and will run: {}", named(&unpredicted));
            run.fields.push(FieldChange::new("unpredicted", None, Some(said.into())));
        }
        proposals.push(run);
        Ok(Proposed { proposals, artefacts })
    }

    fn run_id(&self) -> ResourceId {
        ResourceId::new(&self.name, "play", &self.playbook)
    }

    /// The tasks that would change something, one proposal a task and host.
    fn tasks(&self, events: &[Event]) -> Vec<Proposal> {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let changing = events.iter().filter(|event| event.changed);
        changing
            .map(|event| {
                let mut name = format!("{}/{}", event.host, event.task);
                let times = seen.entry(name.clone()).or_default();
                *times += 1;
                if *times > 1 {
                    name = format!("{name} ({times})");
                }
                let id = ResourceId::new(&self.name, "task", name);
                let mut proposal = Proposal::new(id, Action::Update);
                proposal.fields = self.fields(event);
                proposal.carried_by = Some(self.run_id());
                proposal.marks = self.marks.clone();
                proposal.marks.labels.insert("host".to_owned(), event.host.clone());
                proposal
            })
            .collect()
    }

    fn fields(&self, event: &Event) -> Vec<FieldChange> {
        if event.hidden {
            let said = "hidden by `no_log`";
            return vec![FieldChange::new("task", None, Some(said.into()))];
        }
        let fields: Vec<FieldChange> = event
            .differences
            .iter()
            .filter(|one| one.before != one.after || one.prepared.is_some())
            .map(|one| {
                let name = if one.name.is_empty() { "content" } else { &one.name };
                let after = one.after.as_deref().or(one.prepared.as_deref());
                self.redactor.change(name, one.before.as_deref(), after)
            })
            .collect();
        if fields.is_empty() {
            let place = event.place.rsplit('/').next().unwrap_or_default();
            return vec![FieldChange::new(
                "task",
                None,
                Some(format!("changes at {place}").into()),
            )];
        }
        fields
    }

    fn manifest(&self) -> Result<Manifest, Fault> {
        let inventory = match &self.inventory {
            Inventory::File(path) => {
                let path = self.directory.join(path);
                let bytes = std::fs::read(&path).map_err(|error| {
                    let why =
                        format!("the inventory `{}` cannot be read ({error})", path.display());
                    Fault::new(FaultKind::Refused, why)
                })?;
                Digest::of(&bytes)
            }
            Inventory::Listed(bytes) => Digest::of(bytes),
        };
        Ok(Manifest {
            playbook: self.playbook.clone(),
            limit: self.limit.clone(),
            inventory: inventory.to_string(),
            files: Manifest::files(&self.directory)?,
        })
    }

    /// Refuses unless everything is as it was approved.
    fn require_approved(&self, work: Work<'_>) -> Result<(), Fault> {
        let manifest = self.manifest()?;
        let refused = |why: String| Err(Fault::new(FaultKind::Refused, why));
        let Some(approved) = work.step.payload else {
            return refused("the step does not say what was approved; plan again".to_owned());
        };
        if Digest::of(&manifest.to_bytes()) == approved {
            return Ok(());
        }
        let kept = work.artefacts.bytes(approved);
        let kept = kept.and_then(|bytes| serde_json::from_slice::<Manifest>(bytes).ok());
        let what = kept.map_or("something".to_owned(), |kept| manifest.difference(&kept));
        refused(format!(
            "what would run is not what was approved: {what} changed since; plan again"
        ))
    }

    async fn carry_out(&self, work: Work<'_>) -> Result<Effect, Fault> {
        if work.step.resource != self.run_id() {
            let why = format!("`{}` is not carried out by itself", work.step.resource);
            return Err(Fault::new(FaultKind::Refused, why));
        }
        self.require_approved(work)?;
        let events = self.play(false).await?;
        let changed = events.iter().filter(|event| event.changed).count();
        let again = self.play(true).await?;
        let left: Vec<&Event> = again.iter().filter(|event| event.changed).collect();
        if !left.is_empty() {
            let why = format!(
                "not idempotent: right after the run, a second check would change {}; make these tasks say truthfully \
                 whether they change something",
                named(&left)
            );
            return Err(Fault::new(FaultKind::Failed, why));
        }
        if changed == 0 {
            return Ok(Effect::Unchanged);
        }
        let hosts = events.iter().filter(|event| event.changed).map(|event| &event.host);
        let hosts = hosts.collect::<std::collections::BTreeSet<_>>().len();
        Ok(Effect::Changed {
            note: format!(
                "{changed} tasks changed something on {hosts} hosts; a second check finds nothing left"
            ),
        })
    }

    /// Runs the play, for real or as a check, and returns what happened if all of it went well.
    async fn play(&self, check: bool) -> Result<Vec<Event>, Fault> {
        let scratch = program::scratch()?;
        program::write(&scratch.path().join("council_events.py"), CALLBACK.as_bytes())?;
        let inventory = match &self.inventory {
            Inventory::File(path) => self.directory.join(path),
            Inventory::Listed(bytes) => list(scratch.path(), bytes)?,
        };
        let mut arguments: Vec<OsString> =
            vec!["--inventory".into(), inventory.into(), "--diff".into()];
        if check {
            arguments.push("--check".into());
        }
        if let Some(limit) = &self.limit {
            arguments.extend(["--limit".into(), limit.into()]);
        }
        arguments.push((&self.playbook).into());
        let program = Program {
            path: self.program.clone(),
            directory: self.directory.clone(),
            environment: vec![
                ("ANSIBLE_CALLBACK_PLUGINS", scratch.path().into()),
                ("ANSIBLE_STDOUT_CALLBACK", "council_events".into()),
                ("ANSIBLE_NOCOLOR", "1".into()),
                ("ANSIBLE_RETRY_FILES_ENABLED", "0".into()),
                ("ANSIBLE_LOG_PATH", "/dev/null".into()),
                ("PYTHONDONTWRITEBYTECODE", "1".into()),
            ],
            timeout: self.timeout,
        };
        let printed = program.run(&arguments).await?;
        let events = events::read(&printed.out).map_err(|fault| {
            let said = self.redactor.message(&program::last_lines(&printed.err));
            Fault::new(fault.kind, format!("{}: {said}", fault.message))
        })?;
        self.judge(&events, printed.code)?;
        Ok(events)
    }

    fn judge(&self, events: &[Event], code: Option<i32>) -> Result<(), Fault> {
        let failed: Vec<&Event> = events.iter().filter(|event| event.is_failure()).collect();
        if let Some(first) = failed.first() {
            let said = match &first.message {
                Some(message) if !first.hidden => self.redactor.message(message),
                Some(_) | None => "no message".to_owned(),
            };
            let kind = if failed.iter().all(|event| event.outcome == Outcome::Unreachable) {
                FaultKind::Unreachable
            } else {
                FaultKind::Failed
            };
            return Err(Fault::new(kind, format!("{} failed: {said}", named(&failed))));
        }
        if events.iter().any(|event| event.outcome == Outcome::Nobody) {
            let why = format!(
                "a play of `{}` matches no host; check its hosts, the inventory and the limit",
                self.playbook
            );
            return Err(Fault::new(FaultKind::Refused, why));
        }
        if code != Some(0) {
            let why = format!("`ansible-playbook` ended with {code:?} and named no task");
            return Err(Fault::new(FaultKind::Failed, why));
        }
        Ok(())
    }
}

impl Target for Ansible {
    /// Says nothing about tasks: only a check could, and that is a plan.
    fn observe<'a>(&'a self, _: Scope<'a>) -> Job<'a, Observations> {
        Box::pin(async { Observations::complete(&self.name, Timestamp::now()) })
    }

    fn apply<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        Box::pin(self.carry_out(work))
    }

    fn propose(&self) -> Job<'_, Result<Option<Proposed>, Fault>> {
        Box::pin(async { Self::propose(self).await.map(Some) })
    }

    fn limits(&self) -> Limits {
        // Run and second check, with room; two plays at a time would meet on the same hosts.
        let timeout = SignedDuration::try_from(self.timeout * 2).unwrap_or(SignedDuration::MAX);
        Limits { parallel: 1, timeout, ..Limits::default() }
    }
}

/// Names tasks, at most so many.
fn named(events: &[&Event]) -> String {
    let mut words: Vec<String> = events.iter().map(|event| event.words()).collect();
    words.dedup();
    let more = words.len().saturating_sub(MAX_NAMED);
    words.truncate(MAX_NAMED);
    if more > 0 {
        words.push(format!("{more} more"));
    }
    words.join(", ")
}

/// Writes an inventory script that answers what it was given.
fn list(directory: &std::path::Path, bytes: &[u8]) -> Result<PathBuf, Fault> {
    use std::os::unix::fs::PermissionsExt as _;
    program::write(&directory.join("inventory.json"), bytes)?;
    let script = directory.join("inventory.sh");
    program::write(&script, b"#!/bin/sh\nexec cat \"$(dirname \"$0\")/inventory.json\"\n")?;
    let executable = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(&script, executable).map_err(|error| {
        Fault::new(FaultKind::Refused, format!("the inventory cannot be made executable ({error})"))
    })?;
    Ok(script)
}
