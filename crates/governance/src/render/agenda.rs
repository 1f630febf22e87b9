//! An agenda, and afterwards the minutes, as Markdown.

use std::fmt::Write as _;

use crate::views::{AgendaEntry, AgendaPart, AgendaView, Urgency};

/// Writes the agenda; once the meeting was opened, with attendance, minutes and actions.
pub fn to_markdown(view: &AgendaView) -> String {
    let mut out = format!("# {}, {}\n\n{}\n\n", view.ritual.title, view.date, view.goal);
    if let Some(local) = &view.local {
        let _ = write!(out, "Begins {local}. ");
    }
    let _ = writeln!(out, "Changes are reported since {}.\n", view.since);
    attendance(view, &mut out);
    for (number, part) in view.parts.iter().enumerate() {
        let _ = writeln!(out, "## {}. {}\n", number + 1, part.title);
        entries(part, &mut out);
        minutes(view, Some(&part.title), &mut out);
    }
    if view.minutes.iter().any(|minute| !belongs(view, minute.item.as_deref())) {
        out.push_str("## Minutes\n\n");
        minutes(view, None, &mut out);
    }
    if !view.actions.is_empty() {
        out.push_str("## Actions\n\n| What | Owner | Due |\n|---|---|---|\n");
        for row in &view.actions {
            let _ = writeln!(out, "| {} | {} | {} |", cell(&row.title), row.owner.title, row.due);
        }
    }
    let mut out = out.trim_end().to_owned();
    out.push('\n');
    out
}

fn attendance(view: &AgendaView, out: &mut String) {
    out.push_str("| Seat | Expected | Came |\n|---|---|---|\n");
    for row in &view.attendees {
        let expected = row.expected.as_ref().map_or("nobody", |person| person.title.as_str());
        let came = match (&row.came, row.delegate) {
            (Some(person), true) => format!("{} (delegate)", person.title),
            (Some(person), false) => person.title.clone(),
            (None, _) => String::new(),
        };
        let _ = writeln!(out, "| {} | {expected} | {came} |", cell(&row.seat.title));
    }
    out.push('\n');
}

fn entries(part: &AgendaPart, out: &mut String) {
    if part.entries.is_empty() {
        if !part.empty.is_empty() {
            let _ = writeln!(out, "_{}_\n", part.empty);
        }
        return;
    }
    for entry in &part.entries {
        let _ = writeln!(out, "- {}", line(entry));
    }
    out.push('\n');
}

fn line(entry: &AgendaEntry) -> String {
    let mut line = match (entry.urgency, entry.day) {
        (Urgency::Overdue, Some(day)) => format!("**overdue since {day}**: "),
        (Urgency::Overdue, None) => "**overdue**: ".to_owned(),
        (Urgency::Due, Some(day)) => format!("**{day}**: "),
        (Urgency::Info, Some(day)) => format!("{day}: "),
        (Urgency::Due | Urgency::Info, None) => String::new(),
    };
    line.push_str(&one_line(&entry.what));
    if let Some(note) = &entry.note {
        let _ = write!(line, " ({})", one_line(note));
    }
    line
}

fn belongs(view: &AgendaView, item: Option<&str>) -> bool {
    item.is_some_and(|item| view.parts.iter().any(|part| part.title == item))
}

/// The remarks under one item; under `None` those that belong to no item.
fn minutes(view: &AgendaView, item: Option<&str>, out: &mut String) {
    let here = |minute: &&crate::views::MinuteRow| match item {
        Some(title) => minute.item.as_deref() == Some(title),
        None => !belongs(view, minute.item.as_deref()),
    };
    let mut any = false;
    for minute in view.minutes.iter().filter(here) {
        any = true;
        let _ = writeln!(out, "> {}", minute.text.trim().replace('\n', "\n> "));
        let _ = writeln!(out, ">\n> — {}", minute.by.title);
    }
    if any {
        out.push('\n');
    }
}

fn cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
