//! The help of `council` itself, with the commands grouped by what people come for.
//!
//! clap lists commands in one column; with thirty of them nobody finds anything. The groups are a
//! table here; a command that is in none of them is listed at the end, so that none is ever hidden.

use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::{Command, CommandFactory as _};

use crate::arguments::{Arguments, STYLES};

/// What people come for, in the order in which they meet it.
const GROUPS: [(&str, &[&str]); 9] = [
    ("Begin", &["init", "up", "login", "logout", "invite", "today"]),
    ("The playbook", &["check", "fmt", "explain", "kinds", "list", "show", "schema", "doc"]),
    ("Who and what if", &["who", "can", "whatif", "seats", "raci"]),
    ("The council's work", &["decision", "ritual", "action", "question", "feedback", "calendar"]),
    ("Changes", &["plan", "change", "approve", "apply", "freeze", "drift", "break-glass"]),
    ("Code and machines", &["pr", "hook", "fleet", "boot", "inventory", "roles", "secrets"]),
    (
        "Reliability",
        &[
            "slo",
            "probe",
            "oncall",
            "page",
            "alert",
            "silence",
            "incident",
            "logs",
            "traces",
            "runbook",
            "postmortem",
            "status",
            "trends",
        ],
    ),
    ("The record", &["ledger", "events", "token"]),
    ("This program", &["lsp", "completions", "man", "version"]),
];

/// The command line, with its grouped help.
pub(crate) fn command() -> Command {
    let command = Arguments::command();
    let template = template(&command);
    command.help_template(template)
}

fn template(command: &Command) -> StyledStr {
    let header = STYLES.get_header();
    let mut text = String::from("{about}\n\n{usage-heading} {usage}\n");
    for (title, names) in groups(command) {
        push(&mut text, format_args!("\n{header}{title}:{header:#}\n"));
        for name in names {
            push_command(&mut text, command, name);
        }
    }
    push(&mut text, format_args!("\n{header}Options of every command:{header:#}\n"));
    text.push_str("{options}{after-help}");
    StyledStr::from(text)
}

/// The groups with the commands that there are, and what is in none of them.
fn groups(command: &Command) -> Vec<(&'static str, Vec<&str>)> {
    let visible = command.get_subcommands().filter(|command| !command.is_hide_set());
    let visible: Vec<&str> = visible.map(Command::get_name).collect();
    let there = |names: &[&'static str]| {
        names.iter().copied().filter(|name| visible.contains(name)).collect::<Vec<&str>>()
    };
    let mut groups: Vec<(&str, Vec<&str>)> =
        GROUPS.iter().map(|(title, names)| (*title, there(names))).collect();
    let grouped = |name: &&str| GROUPS.iter().any(|(_, names)| names.contains(name));
    let rest: Vec<&str> = visible.iter().copied().filter(|name| !grouped(name)).collect();
    groups.push(("More", rest));
    groups.retain(|(_, names)| !names.is_empty());
    groups
}

fn push_command(text: &mut String, command: &Command, name: &str) {
    let literal = STYLES.get_literal();
    let about = command.find_subcommand(name).and_then(Command::get_about);
    let about = about.map(ToString::to_string).unwrap_or_default();
    push(text, format_args!("  {literal}{name:<12}{literal:#} {about}\n"));
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("BUG: writing to memory does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let command = Arguments::command();
        assert!(
            groups(&command).iter().all(|(title, _)| *title != "More"),
            "{:?}",
            groups(&command)
        );
        let mut names: Vec<&str> =
            GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
