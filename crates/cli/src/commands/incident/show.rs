//! `council incident show`, and how an incident looks on a terminal.

use serde::Deserialize;

use crate::answer::Outcome;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::incidents::{Countdown, Detail, Line, lasting, path};
use crate::page::{Page, Tone};
use crate::printer;
use crate::table::Table;

/// Show an incident: how it stands, who leads it, which clocks run, what happened
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Show {
    /// The incident, such as `INC-2026-0007`
    incident: String,
}

#[derive(Deserialize)]
struct Story {
    lines: Vec<Line>,
}

/// Runs it.
pub(crate) fn run(
    show: &Show,
    client: &Client,
    context: &Context,
) -> Result<Outcome, CommandError> {
    whole(&show.incident, client, context)?;
    Ok(Outcome::Done)
}

/// Shows an incident whole: machines get everything, people the page, and on stderr what comes next.
pub(crate) fn whole(id: &str, client: &Client, context: &Context) -> Result<(), CommandError> {
    let detail = Detail::of(client, id)?;
    if context.printer.is_machine() {
        return context.printer.data(&printer::json(&detail.found));
    }
    let story: Story = client.get(&path(id, "timeline"))?;
    let mut page = Page::new(context.printer.color_out());
    write(&mut page, &detail);
    if !story.lines.is_empty() {
        page.heading("What happened");
        let table = lines(&page, &story.lines);
        page.table(&table);
    }
    context.printer.data(&page.finish())?;
    next(&detail, context);
    Ok(())
}

fn write(page: &mut Page, detail: &Detail) {
    let row = &detail.row;
    let id = page.tone(Tone::Name, &row.id);
    let title = page.tone(Tone::Heading, &row.title);
    page.line(format!("{id} {title}"));
    let mut words = vec![stage(page, &row.stage)];
    words.extend(row.severity.clone());
    words.extend(row.minutes.map(|minutes| format!("for {}", lasting(minutes))));
    words.push(match &row.leads {
        Some(person) => format!("{} leads", person.title),
        None => "nobody leads".to_owned(),
    });
    words.extend(row.test.then(|| "a drill".to_owned()));
    words.extend(row.private.then(|| "private".to_owned()));
    page.line(words.join(", "));
    if !row.services.is_empty() {
        page.line(format!("  hurts {}", row.services.join(", ")));
    }
    for wait in &row.waits {
        page.line(format!("  waits: {wait}"));
    }
    if let Some(proposal) = &detail.proposal {
        let reasons = proposal.reasons.join("; ");
        page.line(format!("  it looks like `{}`: {reasons}", proposal.severity));
    }
    if let Some(next) = detail.next_update {
        page.line(format!("  the next update is due at {}", next.strftime("%Y-%m-%d %H:%M UTC")));
    }
    roles(page, detail);
    checklist(page, detail);
    notices(page, &detail.notices);
    follow_ups(page, detail);
}

fn roles(page: &mut Page, detail: &Detail) {
    if detail.roles.is_empty() {
        return;
    }
    page.heading("Roles");
    let mut table = Table::default();
    for role in &detail.roles {
        let holder = match (&role.holder, role.required) {
            (Some(person), _) => person.title.clone(),
            (None, true) => page.tone(Tone::Warning, "nobody yet"),
            (None, false) => page.tone(Tone::Quiet, "nobody"),
        };
        let name = page.tone(Tone::Quiet, &role.role);
        table.row([format!("  {}", role.title), holder, name]);
    }
    page.table(&table);
    if detail.people_minutes > 0 {
        let cost = format!("  {} of people's time so far", lasting(detail.people_minutes));
        let cost = page.tone(Tone::Quiet, cost);
        page.line(cost);
    }
}

fn checklist(page: &mut Page, detail: &Detail) {
    if detail.checklist.is_empty() {
        return;
    }
    page.heading("Checklist");
    for (at, item) in detail.checklist.iter().enumerate() {
        let mark = if item.done_by.is_some() { "x" } else { " " };
        let by = item.done_by.as_ref().map(|by| format!(" ({})", by.title)).unwrap_or_default();
        page.line(format!("  [{mark}] {}. {}{by}", at + 1, item.item));
    }
}

/// What laws want to be told, with how much time is left.
fn notices(page: &mut Page, notices: &[Countdown]) {
    let owed = |one: &&Countdown| one.standing != "not-needed";
    if !notices.iter().any(|one| owed(&one)) {
        return;
    }
    page.heading("Notices");
    let mut table = Table::default();
    for one in notices.iter().filter(owed) {
        let (tone, word) = match one.standing.as_str() {
            "overdue" => (Tone::Error, "overdue"),
            "running" => (Tone::Warning, "running"),
            "unanswered" => (Tone::Warning, "its questions are open"),
            _ => (Tone::Good, "sent"),
        };
        let left = one.minutes_left.map(|minutes| match minutes {
            0.. => format!("{} left", lasting(minutes)),
            _ => format!("{} too late", lasting(-minutes)),
        });
        let due = one.due.map(|due| due.strftime("%Y-%m-%d %H:%M UTC").to_string());
        table.row([
            format!("  {}", one.title),
            page.tone(tone, word),
            left.unwrap_or_default(),
            page.tone(Tone::Quiet, due.unwrap_or_default()),
            page.tone(Tone::Quiet, &one.duty),
        ]);
    }
    page.table(&table);
    for one in notices.iter().filter(|one| one.standing == "unanswered") {
        page.line(format!("  {}:", one.duty));
        for question in &one.questions {
            page.line(format!("    - {question}"));
        }
    }
}

fn follow_ups(page: &mut Page, detail: &Detail) {
    if detail.follow_ups.is_empty() {
        return;
    }
    page.heading("What came of it");
    let mut table = Table::default();
    for action in &detail.follow_ups {
        let waits = match &action.waits {
            Some(why) => page.tone(Tone::Warning, why),
            None => page.tone(Tone::Good, "verified"),
        };
        let id = page.tone(Tone::Name, &action.id);
        table.row([format!("  {id}"), action.due.clone(), action.title.clone(), waits]);
    }
    page.table(&table);
}

fn lines(page: &Page, lines: &[Line]) -> Table {
    let mut table = Table::default();
    for line in lines {
        let said = line.said.as_ref().map(|said| format!(": {said}")).unwrap_or_default();
        table.row([
            page.tone(Tone::Quiet, format!("  {}", line.at.strftime("%Y-%m-%d %H:%M"))),
            line.by.title.clone(),
            format!("{}{said}", line.what),
        ]);
    }
    table
}

/// Says on stderr what somebody would do now.
fn next(detail: &Detail, context: &Context) {
    let id = &detail.row.id;
    let severity = detail.proposal.as_ref().map_or("SEVERITY", |found| found.severity.as_str());
    let missing = detail.roles.iter().find(|role| role.required && role.holder.is_none());
    let next = match (detail.row.stage.as_str(), missing) {
        ("detected", _) => {
            format!("say how bad it is with `council incident triage {id} {severity}`")
        }
        ("triaged" | "contained", Some(role)) => {
            format!(
                "give the lead to somebody with `council incident assign {id} {} PERSON`",
                role.role
            )
        }
        ("triaged", None) => {
            format!("once it gets no worse: `council incident contain {id} 'how'`")
        }
        ("contained", None) => {
            format!("once nobody is hurt any more: `council incident resolve {id} 'how'`")
        }
        ("resolved", _) => format!("learn from it with `council postmortem show {id}`"),
        ("reviewed", _) => format!("close it with `council incident close {id}`"),
        _ => return,
    };
    context.printer.note(&format!("next: {next}"));
}

/// The stage of an incident, in its tone.
pub(super) fn stage(page: &Page, stage: &str) -> String {
    let tone = match stage {
        "detected" => Tone::Error,
        "triaged" | "contained" => Tone::Warning,
        "closed" | "merged" => Tone::Quiet,
        _ => Tone::Good,
    };
    page.tone(tone, stage)
}
