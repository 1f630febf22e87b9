//! `council logs` and `council traces`: what services wrote and did, and what of it is kept with an incident.

use jiff::{SignedDuration, Timestamp};
use playbook::Period;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::online::segment;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Of when, of which service, and what becomes of it.
#[derive(Clone, Debug, clap::Args)]
struct Window {
    /// How far back, such as `2h`
    #[arg(long, value_name = "PERIOD", default_value = "1h", value_parser = Period::parse, conflicts_with = "from")]
    since: Period,
    /// From when on, such as `2026-12-24T18:00:00Z`
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Until when [default: now]
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// How many at most
    #[arg(long, value_name = "COUNT")]
    limit: Option<u32>,
    /// Keep it as a line of this incident's timeline
    #[arg(long, value_name = "INCIDENT")]
    keep: Option<String>,
    #[command(flatten)]
    speaker: Speaker,
}

impl Window {
    fn moments(&self) -> (Timestamp, Timestamp) {
        let to = self.to.unwrap_or_else(Timestamp::now);
        let back: SignedDuration = self.since.to_duration();
        let from = self.from.unwrap_or_else(|| to.saturating_sub(back).unwrap_or(to));
        (from, to)
    }

    fn query(&self, service: &str, further: &[(&str, Option<String>)]) -> String {
        let (from, to) = self.moments();
        let limit = self.limit.map(|limit| limit.to_string());
        let all =
            [("from", Some(from.to_string())), ("to", Some(to.to_string())), ("limit", limit)];
        let further = all
            .iter()
            .chain(further)
            .filter_map(|(name, value)| Some(format!("&{name}={}", segment(value.as_deref()?))));
        format!("service={}{}", segment(service), further.collect::<String>())
    }
}

/// Show what a service wrote, from the log store that the playbook names
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Logs {
    /// The service
    service: String,
    /// Only lines with this text
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// Only lines at least this bad: debug, info, warn, error or fatal
    #[arg(long, value_name = "SEVERITY")]
    severity: Option<String>,
    #[command(flatten)]
    window: Window,
}

/// Find traces with a service in them, from the trace store that the playbook names; or show one
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Traces {
    /// The service, or a trace's number of 32 hexadecimal digits
    service: String,
    /// Only those that took at least so many milliseconds
    #[arg(long, value_name = "MILLISECONDS")]
    at_least: Option<u64>,
    /// Only those that failed
    #[arg(long)]
    only_errors: bool,
    #[command(flatten)]
    window: Window,
}

/// Runs `council logs`.
pub(crate) fn logs(asked: &Logs, context: &Context) -> Result<Outcome, CommandError> {
    let Logs { service, text, severity, window } = asked;
    if let Some(incident) = &window.keep {
        let (from, to) = window.moments();
        let body = json!({
            "what": "logs", "service": service, "from": from, "to": to, "text": text,
            "severity": severity, "limit": window.limit,
        });
        return keep(incident, &body, window, context);
    }
    let council = Council::look(context, &window.speaker)?;
    let query = window.query(service, &[("text", text.clone()), ("severity", severity.clone())]);
    let found: Value = council.client().get(&format!("/api/v1/logs?{query}"))?;
    let lines = read(&found)?;
    context.printer.show_paged(&Shown { lines: Some(lines), traces: None, trace: None, found })?;
    Ok(Outcome::Done)
}

/// Runs `council traces`.
pub(crate) fn traces(asked: &Traces, context: &Context) -> Result<Outcome, CommandError> {
    let Traces { service, at_least, only_errors, window } = asked;
    let is_number = service.len() == 32 && service.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_number && window.keep.is_some() {
        return Err(CommandError::usage("a single trace cannot be kept")
            .hint("name its service: what is kept is which traces were found"));
    }
    if let Some(incident) = &window.keep {
        let (from, to) = window.moments();
        let body = json!({
            "what": "traces", "service": service, "from": from, "to": to, "at_least": at_least,
            "only_errors": only_errors, "limit": window.limit,
        });
        return keep(incident, &body, window, context);
    }
    let council = Council::look(context, &window.speaker)?;
    if is_number {
        let found: Value = council.client().get(&format!("/api/v1/traces/{service}"))?;
        let trace = read(&found)?;
        let shown = Shown { lines: None, traces: None, trace: Some(trace), found };
        context.printer.show_paged(&shown)?;
        return Ok(Outcome::Done);
    }
    let further = [
        ("at_least", at_least.map(|least| least.to_string())),
        ("only_errors", only_errors.then(|| "true".to_owned())),
    ];
    let query = window.query(service, &further);
    let found: Value = council.client().get(&format!("/api/v1/traces?{query}"))?;
    let traces = read(&found)?;
    context.printer.show_paged(&Shown { lines: None, traces: Some(traces), trace: None, found })?;
    Ok(Outcome::Done)
}

fn keep(
    incident: &str,
    body: &Value,
    window: &Window,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let council = Council::reach(context, &window.speaker)?;
    council.client().act(&format!("/api/v1/incidents/{}/evidence", segment(incident)), body)?;
    context.printer.note(&format!("it is in the timeline of `{incident}`"));
    Ok(Outcome::Done)
}

fn read<T: serde::de::DeserializeOwned>(found: &Value) -> Result<T, CommandError> {
    T::deserialize(found)
        .map_err(|error| CommandError::failed("the answer is no excerpt").why(error))
}

#[derive(Debug, Deserialize)]
struct Lines {
    store: String,
    lines: Vec<Line>,
    truncated: bool,
    missing: Vec<String>,
    link: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Line {
    at: Timestamp,
    severity: Option<String>,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Found {
    store: String,
    found: Vec<Row>,
    truncated: bool,
    missing: Vec<String>,
    link: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    root_service: String,
    root_name: String,
    start: Timestamp,
    milliseconds: f64,
    errors: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Trace {
    spans: Vec<Span>,
    missing: Vec<String>,
    link: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Span {
    depth: usize,
    service: String,
    name: String,
    after_milliseconds: f64,
    milliseconds: f64,
    failed: bool,
    said: String,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown {
    found: Value,
    #[serde(skip)]
    lines: Option<Lines>,
    #[serde(skip)]
    traces: Option<Found>,
    #[serde(skip)]
    trace: Option<Trace>,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        if let Some(found) = &self.lines {
            for line in &found.lines {
                let at = page.tone(Tone::Quiet, line.at.strftime("%Y-%m-%d %H:%M:%S%.3fZ"));
                let severity = match line.severity.as_deref() {
                    None => String::new(),
                    Some(word @ ("error" | "fatal")) => page.tone(Tone::Error, word) + " ",
                    Some("warn") => page.tone(Tone::Warning, "warn") + " ",
                    Some(word) => page.tone(Tone::Quiet, word) + " ",
                };
                page.line(format!("{at} {severity}{}", line.text));
            }
            let counted = diag::words::count(found.lines.len(), "line");
            end(
                page,
                (&found.store, counted, found.truncated),
                &found.missing,
                found.link.as_deref(),
            );
        }
        if let Some(found) = &self.traces {
            let mut table = Table::new(&["Trace", "Began", "Took", "Root", ""]);
            for row in &found.found {
                let errors = row.errors.filter(|errors| *errors > 0);
                table.row([
                    page.tone(Tone::Name, &row.id),
                    row.start.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                    format!("{:.1} ms", row.milliseconds),
                    format!("{} {}", row.root_service, row.root_name),
                    errors
                        .map(|count| page.tone(Tone::Error, format!("{count} failed")))
                        .unwrap_or_default(),
                ]);
            }
            page.table(&table);
            let counted = diag::words::count(found.found.len(), "trace");
            end(
                page,
                (&found.store, counted, found.truncated),
                &found.missing,
                found.link.as_deref(),
            );
        }
        if let Some(trace) = &self.trace {
            let mut table = Table::new(&["After", "Took", "Service", "Span", ""]);
            for span in &trace.spans {
                let failed =
                    if span.failed { page.tone(Tone::Error, "failed ") } else { String::new() };
                table.row([
                    format!("{:.1} ms", span.after_milliseconds),
                    format!("{:.1} ms", span.milliseconds),
                    span.service.clone(),
                    format!("{}{}", "  ".repeat(span.depth.min(12)), span.name),
                    format!("{failed}{}", span.said),
                ]);
            }
            page.table(&table);
            rest(page, &trace.missing, trace.link.as_deref());
        }
    }
}

fn end(
    page: &mut Page,
    (store, counted, truncated): (&str, String, bool),
    missing: &[String],
    link: Option<&str>,
) {
    let more = if truncated { ", and more" } else { "" };
    page.line(page.tone(Tone::Quiet, format!("{counted}{more}, from {store}")));
    rest(page, missing, link);
}

fn rest(page: &mut Page, missing: &[String], link: Option<&str>) {
    for sentence in missing {
        let label = page.tone(Tone::Warning, "missing:");
        page.line(format!("{label} {sentence}"));
    }
    if let Some(link) = link {
        page.line(page.tone(Tone::Quiet, link));
    }
}
