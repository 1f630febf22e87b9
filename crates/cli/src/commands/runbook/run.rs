//! `council runbook run`.
//!
//! Each step is announced to the council before it runs and told afterwards, so that the record shows what may have
//! happened when this machine dies in the middle.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use systems::redact::Redactor;
use systems::shell::{Ended, Script, evidence};

use super::below;
use super::show;
use crate::answer::Outcome;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::page::Page;
use crate::runbooks::{self, Detail, Step};

/// Run a runbook step by step, here, with what it prints as evidence
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Run {
    /// Its name
    runbook: String,
    /// What its steps are told; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// A secret that its steps are told, from a file; it is never written down
    #[arg(long, value_name = "NAME=FILE")]
    secret: Vec<String>,
    /// The incident that it is run for
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,
    /// Go on with its last run that has not come to an end
    #[arg(long, conflicts_with_all = ["param", "incident"])]
    resume: bool,
    /// Only show the steps, with what they would be told
    #[arg(long, conflicts_with = "resume")]
    dry_run: bool,
    /// Do not ask before steps that are marked `confirm`
    #[arg(long)]
    yes: bool,
}

/// What a write answers.
#[derive(Deserialize)]
struct Performed {
    stream: String,
}

/// What the steps of one run share.
struct Running<'r> {
    id: String,
    told: BTreeMap<String, String>,
    redactor: Redactor,
    client: &'r Client,
    context: &'r Context,
    yes: bool,
}

impl Run {
    /// Says whether nothing is on record afterwards.
    pub(super) fn looks(&self) -> bool {
        self.dry_run
    }
}

/// Runs it.
pub(super) fn run(run: &Run, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let detail = Detail::of(client, &run.runbook)?;
    let said = pairs(&run.param, "--param")?;
    if run.dry_run {
        return dry(&detail, &said, context);
    }
    let (secrets, redactor) = secrets(&detail, run, context)?;
    let id = if run.resume { unfinished(&detail)? } else { begin(run, &said, client)? };
    let begun = runbooks::Run::of(client, &id)?;
    let mut told = begun.parameters.clone();
    told.extend(secrets);
    let running = Running { id, told, redactor, client, context, yes: run.yes };
    if begun.broken_off {
        let step = begun.next + 1;
        context.printer.warn(&format!("step {step} was begun, and nobody knows how it ended"));
        if !running.agrees("Run it again?")? {
            return Ok(Outcome::Waiting);
        }
    }
    let next = usize::try_from(begun.next).unwrap_or(usize::MAX);
    for (at, step) in detail.steps.iter().enumerate().skip(next) {
        match running.step(at, step, &detail.row.name)? {
            Outcome::Done => {}
            ended @ (Outcome::Findings | Outcome::Waiting) => return Ok(ended),
        }
    }
    let id = &running.id;
    context.printer.note(&format!("`{id}`: all {} steps passed", detail.steps.len()));
    Ok(Outcome::Done)
}

fn pairs(given: &[String], option: &str) -> Result<BTreeMap<String, String>, CommandError> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(CommandError::usage(format!("`{option} {text}` is not understood"))
            .hint(format!("write it as `{option} NAME=VALUE`"))),
    };
    given.iter().map(pair).collect()
}

/// The values of secret parameters, and who keeps them out of everything that is written down.
fn secrets(
    detail: &Detail,
    run: &Run,
    context: &Context,
) -> Result<(BTreeMap<String, String>, Redactor), CommandError> {
    let mut redactor = Redactor::default();
    let mut values = BTreeMap::new();
    for (name, file) in pairs(&run.secret, "--secret")? {
        let value = files::read(&context.environment.directory.join(PathBuf::from(file)))?;
        let value = value.trim_end_matches('\n').to_owned();
        redactor = redactor.hiding(value.clone().into());
        values.insert(name, value);
    }
    let wants = detail.parameters.iter().filter(|one| one.secret);
    let missing = wants.into_iter().find(|one| !values.contains_key(&one.name));
    if let Some(missing) = missing {
        let name = &missing.name;
        return Err(CommandError::usage(format!("nobody said what `{name}` is: {}", missing.asks))
            .hint(format!("put it into a file and name that with `--secret {name}=FILE`")));
    }
    Ok((values, redactor))
}

fn begin(
    run: &Run,
    said: &BTreeMap<String, String>,
    client: &Client,
) -> Result<String, CommandError> {
    let body = json!({ "runbook": run.runbook, "parameters": said, "incident": run.incident });
    let made: Performed = client.post("/api/v1/runbook-runs", &body)?;
    Ok(made.stream.strip_prefix("runbook-run/").unwrap_or(&made.stream).to_owned())
}

fn unfinished(detail: &Detail) -> Result<String, CommandError> {
    let open = |stage: &str| matches!(stage, "running" | "failed");
    let found = detail.runs.iter().find(|run| open(&run.stage));
    found.map(|run| run.id.clone()).ok_or_else(|| {
        let name = &detail.row.name;
        CommandError::failed(format!("no run of `{name}` waits to be gone on with"))
            .hint(format!("begin one with `council runbook run {name}`"))
    })
}

/// Shows what would be run, and with what.
fn dry(
    detail: &Detail,
    said: &BTreeMap<String, String>,
    context: &Context,
) -> Result<Outcome, CommandError> {
    if context.printer.is_machine() {
        context.printer.data(&crate::printer::json(&detail.found))?;
        return Ok(Outcome::Done);
    }
    let mut page = Page::new(context.printer.color_out());
    for one in &detail.parameters {
        let value = match (one.secret, said.get(&one.name).or(one.default.as_ref())) {
            (true, _) => "(a secret)".to_owned(),
            (false, Some(value)) => value.clone(),
            (false, None) => format!("(nobody said; {})", one.asks),
        };
        page.line(format!("{} = {value}", one.name));
    }
    for (at, step) in detail.steps.iter().enumerate() {
        page.gap();
        show::step(&mut page, at + 1, step);
    }
    context.printer.data(&page.finish())?;
    context.printer.note("nothing was run, and nothing is on record");
    Ok(Outcome::Done)
}

impl Running<'_> {
    /// Runs one step, when everybody who has to agree does.
    fn step(&self, at: usize, step: &Step, runbook: &str) -> Result<Outcome, CommandError> {
        let (number, printer) = (at + 1, &self.context.printer);
        let mut page = Page::new(printer.color_err());
        show::step(&mut page, number, step);
        printer.say(&page.finish());
        if step.approve && runbooks::Run::of(self.client, &self.id)?.waits_for_approval {
            let id = &self.id;
            printer.note(&format!(
                "step {number} waits for a second person: `council runbook approve {id} {number}`; \
                 then go on with `council runbook run {runbook} --resume`"
            ));
            return Ok(Outcome::Waiting);
        }
        if step.confirm && !self.yes && !self.agrees("Run it?")? {
            let again = format!("go on with `council runbook run {runbook} --resume`");
            printer.note(&format!("step {number} was not run; {again}"));
            return Ok(Outcome::Waiting);
        }
        let path = |what: &str| below(&self.id, &format!("steps/{at}/{what}"));
        self.client.act(&path("start"), &json!({}))?;
        let within = Duration::from_secs(step.within_seconds);
        let script = Script { text: &step.script, told: &self.told, within };
        let (ended, printed) = self.client.block_on(script.run());
        let ending = judged(&ended, &printed, step);
        let output = evidence(&printed, &self.redactor);
        self.client.act(&path("ending"), &json!({ "ending": ending, "output": output }))?;
        if !printer.is_machine() && !output.is_empty() {
            printer.data(&format!("{}\n", output.trim_end()))?;
        }
        if ending == "passed" {
            return Ok(Outcome::Done);
        }
        printer.warn(&format!(
            "step {number} {}; mend what is wrong, then go on with `council runbook run {runbook} --resume`",
            runbooks::ending(Some(&ending))
        ));
        Ok(Outcome::Findings)
    }

    /// Asks whoever sits there; nobody who does not sit there agrees.
    fn agrees(&self, question: &str) -> Result<bool, CommandError> {
        if self.yes {
            return Ok(true);
        }
        let stdin = std::io::stdin();
        if !stdin.is_terminal() {
            return Err(CommandError::failed(
                "a step asks before it is run, and nobody is there to answer",
            )
            .hint("run it on a terminal, or say `--yes` to all such steps"));
        }
        self.context.printer.note(&format!("{question} Type `yes` to go on."));
        let mut line = String::new();
        let read = stdin.lock().read_line(&mut line);
        read.map_err(|error| CommandError::failed("the answer could not be read").why(error))?;
        Ok(matches!(line.trim(), "y" | "yes"))
    }
}

/// How a step ended, in the words of the API.
fn judged(ended: &Ended, printed: &str, step: &Step) -> Value {
    let as_expected = step.expect.as_ref().is_none_or(|text| printed.contains(text.as_str()));
    match ended {
        Ended::Code(0) if as_expected => json!("passed"),
        Ended::Code(0) => json!("unexpected"),
        Ended::Code(code) => json!({ "code": code }),
        Ended::TimedOut => json!("timed-out"),
        Ended::Lost => json!("lost"),
    }
}
