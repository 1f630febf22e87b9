//! Terraform and OpenTofu: a saved plan is a source of steps, and the same saved plan is what is applied.
//!
//! [`Terraform::propose`] runs `plan -out` and `show -json`: every change of a resource becomes a proposal, carried by one
//! that applies the saved file. The file's digest is what people approve; the apply gets exactly these bytes, and
//! Terraform itself refuses them when its state has moved on. Afterwards a second plan must be empty; otherwise
//! the run has failed as not idempotent, and the resources are named.
//!
//! Invariants: values that Terraform calls sensitive are fingerprints, and so is whatever else looks like a secret; the
//! saved plan, which holds them in plain text, is kept in memory and on disk only while the program reads it, in a
//! directory for us alone.
//!
//! Absent on purpose: state, locks and providers, which are Terraform's own; `init`, because what it downloads is chosen
//! where the configuration is tested.

mod change;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use plan::{
    Action, Artefacts, Effect, Fault, FaultKind, Job, Limits, Marks, Observations, Proposal,
    Proposed, ResourceId, Scope, Target, Work,
};

use crate::program::{self, Printed, Program};
use crate::redact::Redactor;
use change::Shown;

/// The exit code of `plan -detailed-exitcode` when something would change.
const WOULD_CHANGE: i32 = 2;

/// How long it waits for its state: a look for drift and an apply, or a colleague's own plan, meet there, and neither is wrong.
const LOCK: &str = "-lock-timeout=10m";

/// The most resources that a message names.
const MAX_NAMED: usize = 20;

/// The most lines of a mistake that a message repeats: who holds the lock of a state stands on the ninth.
const MAX_LINES: usize = 10;

/// A configuration that council may plan and apply.
#[derive(Debug, Clone)]
pub struct Terraform {
    /// The target's name.
    pub name: String,
    /// `terraform` or `tofu`, or the path to it.
    pub program: PathBuf,
    /// The directory of the configuration, initialized.
    pub directory: PathBuf,
    /// The workspace; the one that is selected when left out.
    pub workspace: Option<String>,
    /// How long a run may take.
    pub timeout: Duration,
    /// What must not be shown.
    pub redactor: Redactor,
    /// Labels, failure domain and the like, for all steps.
    pub marks: Marks,
}

impl Terraform {
    /// Makes a plan and proposes its changes.
    ///
    /// # Errors
    /// A [`Fault`] when it cannot be run or does not come to a plan.
    pub async fn propose(&self) -> Result<Proposed, Fault> {
        let mut artefacts = Artefacts::new();
        let Some((saved, shown)) = self.plan().await? else {
            return Ok(Proposed { proposals: Vec::new(), artefacts });
        };
        let mut run = Proposal::new(self.run_id(), Action::Run);
        run.payload = Some(artefacts.add(saved.as_slice()));
        run.marks = self.marks.clone();
        let mut proposals: Vec<Proposal> = shown.proposals(&self.name, &self.redactor);
        for proposal in &mut proposals {
            proposal.carried_by = Some(self.run_id());
            let own = std::mem::take(&mut proposal.marks);
            proposal.marks = Marks { depends_on: own.depends_on, ..self.marks.clone() };
        }
        proposals.push(run);
        Ok(Proposed { proposals, artefacts })
    }

    fn run_id(&self) -> ResourceId {
        let name = self.workspace.as_deref().unwrap_or("default");
        ResourceId::new(&self.name, "apply", name)
    }

    /// Makes a plan; none when nothing would change. The saved bytes hold secrets.
    async fn plan(&self) -> Result<Option<(zeroize::Zeroizing<Vec<u8>>, Shown)>, Fault> {
        self.refuse_unknown_workspace().await?;
        let scratch = program::scratch()?;
        let file = scratch.path().join("plan");
        let mut arguments: Vec<OsString> =
            ["plan", "-input=false", "-no-color", LOCK, "-detailed-exitcode"]
                .map(OsString::from)
                .into();
        arguments.push(option("-out=", &file));
        let planned = self.program().run(&arguments).await?;
        match planned.code {
            Some(0) => return Ok(None),
            Some(WOULD_CHANGE) => {}
            Some(_) | None => return Err(self.failed("plan", &planned)),
        }
        let show: Vec<OsString> = vec!["show".into(), "-json".into(), file.clone().into()];
        let shown = self.program().run(&show).await?;
        if shown.code != Some(0) {
            return Err(self.failed("show", &shown));
        }
        let saved = std::fs::read(&file).map(zeroize::Zeroizing::new).map_err(|error| {
            let why = format!("`{}` saved no plan ({error})", self.program().name());
            Fault::new(FaultKind::Garbage, why)
        })?;
        let shown = Shown::read(&shown.out)?;
        // Outputs alone may change, too; then there is something to apply and nothing to show.
        Ok(Some((saved, shown)))
    }

    /// Refuses a workspace that is not there: Terraform makes it without a word, with nothing in it, and would build
    /// everything a second time.
    async fn refuse_unknown_workspace(&self) -> Result<(), Fault> {
        let Some(wanted) = self.workspace.as_deref().filter(|name| *name != "default") else {
            return Ok(());
        };
        let list = self.program().run(&["workspace".into(), "list".into()]).await?;
        if list.code != Some(0) {
            return Err(self.failed("workspace list", &list));
        }
        let text = String::from_utf8_lossy(&list.out);
        // The selected one is marked.
        let is_it = |line: &str| line.trim_start_matches(['*', ' ']).trim_end() == wanted;
        if text.lines().any(is_it) {
            return Ok(());
        }
        let name = self.program().name();
        let why = format!(
            "there is no workspace `{wanted}`; correct its name, or make it with `{name} workspace new {wanted}`"
        );
        Err(Fault::new(FaultKind::Refused, why))
    }

    async fn carry_out(&self, work: Work<'_>) -> Result<Effect, Fault> {
        let refused = |why: String| Fault::new(FaultKind::Refused, why);
        if work.step.resource != self.run_id() {
            return Err(refused(format!("`{}` is not carried out by itself", work.step.resource)));
        }
        let saved = work.step.payload.and_then(|digest| work.artefacts.bytes(digest));
        let saved = saved.ok_or_else(|| {
            refused("the saved plan that was approved is no longer there; plan again".to_owned())
        })?;
        let scratch = program::scratch()?;
        let file = scratch.path().join("plan");
        program::write(&file, saved)?;
        let apply: Vec<OsString> = vec![
            "apply".into(),
            "-input=false".into(),
            "-no-color".into(),
            LOCK.into(),
            file.into(),
        ];
        let applied = self.program().run(&apply).await?;
        if applied.code != Some(0) {
            if self.plan().await.is_ok_and(|left| left.is_none()) {
                // An earlier try got through: Terraform refuses a plan twice, and nothing is left to do.
                return Ok(Effect::Unchanged);
            }
            return Err(self.failed("apply", &applied));
        }
        if let Some((_, left)) = self.plan().await? {
            let why = format!(
                "not idempotent: right after the apply, a second plan would change {}; make the configuration say what \
                 the provider reports",
                left.named(MAX_NAMED)
            );
            return Err(Fault::new(FaultKind::Failed, why));
        }
        let note = "the saved plan was applied; a second plan is empty".to_owned();
        Ok(Effect::Changed { note })
    }

    fn program(&self) -> Program {
        let mut environment: Vec<(&'static str, OsString)> = vec![
            ("TF_IN_AUTOMATION", "1".into()),
            ("TF_INPUT", "0".into()),
            ("CHECKPOINT_DISABLE", "1".into()),
            // A trace would hold every value.
            ("TF_LOG", "".into()),
        ];
        if let Some(workspace) = &self.workspace {
            environment.push(("TF_WORKSPACE", workspace.into()));
        }
        Program {
            path: self.program.clone(),
            directory: self.directory.clone(),
            environment,
            timeout: self.timeout,
        }
    }

    fn failed(&self, what: &str, printed: &Printed) -> Fault {
        let said = self.redactor.message(&mistake(&printed.err));
        let name = self.program().name();
        Fault::new(FaultKind::Failed, format!("`{name} {what}` failed: {said}"))
    }
}

/// What went wrong, of everything that was printed: from the first mistake on, because advice comes after it.
fn mistake(printed: &[u8]) -> String {
    let text = String::from_utf8_lossy(printed);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    match lines.iter().position(|line| line.starts_with("Error: ")) {
        Some(first) => {
            lines.iter().skip(first).take(MAX_LINES).copied().collect::<Vec<_>>().join("\n")
        }
        None => program::last_lines(printed),
    }
}

fn option(name: &str, value: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(value);
    option
}

impl Target for Terraform {
    /// Says nothing about resources: only a plan could, and that is one.
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
        // Apply and second plan, with room; the state is locked, so two at a time would only wait.
        let timeout = SignedDuration::try_from(self.timeout * 2).unwrap_or(SignedDuration::MAX);
        Limits { parallel: 1, timeout, ..Limits::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As OpenTofu 1.12 prints it.
    const LOCKED: &str = "\
There are some problems with the CLI configuration:

Error: Error acquiring the state lock

Error message: resource temporarily unavailable
Lock Info:
  ID:        42d40dd1-1685-3300-01f1-6fd057be75b5
  Path:      terraform.tfstate
  Operation: OperationTypeApply
  Who:       ana@laptop
  Version:   1.12.6
  Created:   2026-11-23 19:43:01.732722432 +0000 UTC
  Info:      


OpenTofu acquires a state lock to protect the state from being written
by multiple users at the same time. Please resolve the issue above and try
again. For most commands, you can disable locking with the \"-lock=false\"
flag, but this is not recommended.
";

    #[test]
    fn a_mistake_is_told_from_its_beginning_and_without_the_advice() {
        let told = mistake(LOCKED.as_bytes());
        assert!(told.starts_with("Error: Error acquiring the state lock\n"), "{told}");
        assert!(told.contains("Who:       ana@laptop") && told.contains("Created:"), "{told}");
        assert!(!told.contains("-lock=false"), "{told}");
        assert_eq!(mistake(b"one\n\ntwo\n"), "one\ntwo");
    }
}
