//! Carrying out commands: policy, then the domain, then the ledger.
//!
//! API and pages share this one way: [`AppState::perform`] asks policy whether the viewer may, asks
//! `governance` what follows, seals texts that people wrote, appends under the versions that were read, and
//! returns when the record contains it. When somebody else wrote meanwhile, everything is decided anew.

mod access;
mod command;
mod rehearse;
pub(crate) mod subject;

pub use command::Command;
use command::{Moment, Recorded};

use axum::http::StatusCode;
use governance::{Refusal, Text};
use ledger::{Append, AppendError, Entry, Expect, Fence, SealError, Stream};
use reliability::record::{Command as Reliability, notification};
use schemars::JsonSchema;
use serde::Serialize;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::Problem;
use crate::http::etag::IfMatch;
use crate::http::idempotency;
use crate::limits::MAX_CONFLICTS;
use crate::notify;

/// What a command has become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Performed {
    /// The stream of the record that the command was about.
    pub stream: String,
    /// The version of that stream now.
    pub version: u64,
    /// The newest entry that was written.
    pub seq: u64,
    /// What happened, in order, such as `decision.voted`, `decision.accepted`.
    pub happened: Vec<String>,
}

/// Whether a command must name the version of the record that it changes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Precondition {
    /// It may.
    Offered(IfMatch),
    /// It must, because it replaces what others may have written.
    Required(IfMatch),
}

impl Performed {
    /// The name of the record that the command was about, such as an action's id.
    pub(crate) fn name(&self) -> &str {
        self.stream.split_once('/').map_or(&self.stream, |(_, name)| name)
    }
}

impl AppState {
    /// Carries out a command for a viewer.
    ///
    /// # Errors
    /// A problem when policy denies it, the domain refuses it, or the ledger cannot take it.
    pub async fn perform(
        &self,
        viewer: &Viewer,
        command: impl Into<Command>,
    ) -> Result<Performed, Problem> {
        self.perform_if(viewer, command, Precondition::Offered(IfMatch::Absent)).await
    }

    /// Carries out a command for a viewer who says which version of the record they have seen.
    pub(crate) async fn perform_if(
        &self,
        viewer: &Viewer,
        command: impl Into<Command>,
        precondition: Precondition,
    ) -> Result<Performed, Problem> {
        let command = command.into();
        let (action, resource) = access::of(&command, &self.lens(), viewer);
        self.authorize(viewer, action, resource)?;
        let actor = viewer.person()?.to_owned();
        let state = self.clone();
        let key = idempotency::take_append_key();
        let work = move || {
            let job = Job { command, actor: Some(&actor), precondition, key, fence: None };
            state.carry_out(&job)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => Err(Problem::internal(&error)),
        }
    }

    /// Carries out a command of the server itself, such as settling what time has brought. Blocks.
    pub(crate) fn perform_itself(&self, command: impl Into<Command>) -> Result<Performed, Problem> {
        self.perform_fenced(command, None)
    }

    /// Carries out a command for a person who has proved otherwise that they may, such as by a signed address. Blocks.
    pub(crate) fn perform_as(
        &self,
        person: &str,
        command: impl Into<Command>,
    ) -> Result<Performed, Problem> {
        let precondition = Precondition::Offered(IfMatch::Absent);
        let command = command.into();
        self.carry_out(&Job { command, actor: Some(person), precondition, key: None, fence: None })
    }

    /// The same, but only as long as a lease has not passed to somebody else. Blocks.
    pub(crate) fn perform_fenced(
        &self,
        command: impl Into<Command>,
        fence: Option<Fence>,
    ) -> Result<Performed, Problem> {
        let precondition = Precondition::Offered(IfMatch::Absent);
        let command = command.into();
        self.carry_out(&Job { command, actor: None, precondition, key: None, fence })
    }

    /// Writes down what a command brings. Every way to carry one out comes here.
    fn carry_out(&self, job: &Job<'_>) -> Result<Performed, Problem> {
        let done = self.write_down(job)?;
        if let (Some(page), Some(person)) = (acknowledged(&job.command), job.actor) {
            notify::see_subject(self, page, person);
        }
        Ok(done)
    }

    fn write_down(&self, job: &Job<'_>) -> Result<Performed, Problem> {
        if let Some(done) = self.done_before(job)? {
            return Ok(done);
        }
        for _ in 0..MAX_CONFLICTS {
            self.keeper().catch_up().map_err(|error| Problem::internal(&error))?;
            let append = self.prepare(job)?;
            match self.ledger().append(append) {
                Ok(appended) => return self.finish(job, &appended.entries),
                Err(AppendError::Conflict { .. }) => {}
                Err(error) => return Err(unrecorded(&error)),
            }
        }
        Err(Problem::conflict("conflict", "Others wrote to the same record again and again.")
            .hint("Try again"))
    }

    /// Decides, and drafts what is to be written.
    fn prepare(&self, job: &Job<'_>) -> Result<Append, Problem> {
        let (snapshot, record) = (self.snapshot(), self.record());
        let version = record.state.version(&job.command.stream());
        match job.precondition {
            Precondition::Offered(seen) => seen.check(version)?,
            Precondition::Required(seen) => seen.require(version)?,
        }
        let now = self.clock().now();
        let moment = Moment { state: self, snapshot: &snapshot, record: &record, now };
        let decided = job.command.decide(&moment, job.actor);
        let mut recorded = decided.map_err(|refusal| refused(&refusal))?;
        let actor =
            job.actor.map_or_else(|| SYSTEM.to_owned(), |person| format!("person/{person}"));
        let mut drafts = Vec::with_capacity(recorded.len());
        let mut expected: Vec<Expect> = Vec::new();
        for one in &mut recorded {
            self.seal(one)?;
            let draft = one.draft(&actor).map_err(|error| invalid_name(&error))?;
            if !expected.iter().any(|known| known.stream == draft.stream) {
                let version = record.state.version(draft.stream.as_str());
                expected.push(Expect { stream: draft.stream.clone(), version });
            }
            drafts.push(draft);
        }
        let (key, fence) = (job.key.clone(), job.fence.clone());
        Ok(Append { expected, key, fence, ..Append::new(drafts, now) })
    }

    /// What the same request has written before, when the server stopped between writing and answering.
    fn done_before(&self, job: &Job<'_>) -> Result<Option<Performed>, Problem> {
        let Some(key) = &job.key else { return Ok(None) };
        let found = self.ledger().written_under(key).map_err(|error| Problem::internal(&error))?;
        found.map(|entries| self.finish(job, &entries)).transpose()
    }

    /// Seals every text that people wrote under the key of its stream.
    fn seal(&self, recorded: &mut Recorded) -> Result<(), Problem> {
        let stream = Stream::new(recorded.stream()).map_err(|error| invalid_name(&error))?;
        for text in recorded.texts() {
            if let Text::Plain(plain) = text {
                let sealed = self.ledger().seal(&stream, plain).map_err(|error| match error {
                    SealError::TooLong(_) => wrong_value("A text is longer than 512 KiB."),
                    other => Problem::internal(&other),
                })?;
                *text = Text::Sealed(sealed);
            }
        }
        Ok(())
    }

    fn finish(&self, job: &Job<'_>, entries: &[Entry]) -> Result<Performed, Problem> {
        // The answer is given when a read that follows it sees what was written.
        self.keeper().catch_up().map_err(|error| Problem::internal(&error))?;
        // What the command is about comes first. A repeated request may have chosen another id this time.
        let stream =
            entries.first().map_or_else(|| job.command.stream(), |entry| entry.stream.to_string());
        let of_stream = entries.iter().rfind(|entry| entry.stream.as_str() == stream);
        for entry in entries {
            tracing::info!(seq = entry.seq, stream = %entry.stream, kind = entry.kind, actor = entry.actor, "recorded");
        }
        Ok(Performed {
            version: of_stream.map_or(0, |entry| entry.version),
            stream,
            seq: entries.last().map_or(0, |entry| entry.seq),
            happened: entries.iter().map(|entry| entry.kind.clone()).collect(),
        })
    }
}

/// The actor of what the server itself writes down.
const SYSTEM: &str = "council";

struct Job<'j> {
    command: Command,
    /// The person; nobody when the server itself does it.
    actor: Option<&'j str>,
    precondition: Precondition,
    /// What identifies the request in the ledger, when its sender may send it again.
    key: Option<String>,
    /// The lease that must not have passed on.
    fence: Option<Fence>,
}

/// The problem of a refusal.
fn refused(refusal: &Refusal) -> Problem {
    let problem = Problem::new(
        StatusCode::CONFLICT,
        refusal.code,
        "Refused by the procedure",
        sentence(&refusal.reasons.join("; ")),
    )
    .reasons(refusal.reasons.clone());
    match refusal.would_pass_if.as_slice() {
        [] => problem,
        conditions => problem.would_pass_if(conditions.join(", or ")),
    }
}

/// A clause as a sentence.
pub(crate) fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first = characters.next().map(char::to_uppercase);
    let mut text: String = first.into_iter().flatten().chain(characters).collect();
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

/// The problem of a value that cannot be.
pub(crate) fn wrong_value(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", "A value is not possible", detail)
}

fn invalid_name(error: &ledger::InvalidName) -> Problem {
    wrong_value(sentence(&error.to_string()))
}

fn unrecorded(error: &AppendError) -> Problem {
    let source: &(dyn std::error::Error + 'static) = error;
    match error {
        AppendError::Fenced { .. } => Problem::conflict("fenced", sentence(&error.to_string())),
        AppendError::Busy => Problem::unavailable("ledger-busy", sentence(&error.to_string())),
        AppendError::Name { source, .. } | AppendError::Condition(source) => invalid_name(source),
        AppendError::Body { .. } | AppendError::TooMany(_) | AppendError::TooLong(_) => {
            wrong_value(sentence(&error.to_string()))
        }
        AppendError::Conflict { .. }
        | AppendError::KeyReused { .. }
        | AppendError::Empty
        | AppendError::ImpossibleTime { .. }
        | AppendError::Closed
        | AppendError::Store(_) => Problem::internal(source),
    }
}

/// The page that a command acknowledges: whoever has it has what it is about, too.
fn acknowledged(command: &Command) -> Option<&str> {
    match command {
        Command::Reliability(Reliability::Notification { id, command }) => {
            matches!(command, notification::Command::Acknowledge {}).then_some(id.as_str())
        }
        Command::Reliability(_)
        | Command::Council(_)
        | Command::Change(_)
        | Command::Hardening(_) => None,
    }
}
