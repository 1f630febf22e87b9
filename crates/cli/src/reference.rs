//! The written reference: every command, every rule and every kind as Markdown, from the same words
//! that `--help` and `council explain` print.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory as _};
use playbook::Vocabulary;

use crate::arguments::Arguments;
use crate::kind_page;

/// Writes the page of the command line.
pub(crate) fn commands() -> String {
    let mut root = Arguments::command();
    root.build();
    let mut text = String::from(
        "# The command line\n\n\
         Written by `council reference --cli` from the program itself.\n\n",
    );
    push_about(&mut text, &root);
    text.push_str("## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (code, meaning) in EXIT_CODES {
        push(&mut text, format_args!("| {code} | {meaning} |\n"));
    }
    text.push_str("\n## Options of every command\n\n");
    let global = |arg: &&Arg| arg.is_global_set() && !arg.is_hide_set();
    root.get_arguments().filter(global).for_each(|arg| push_argument(&mut text, arg));
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        push_command(&mut text, command, "council");
    }
    text
}

/// What every exit code means.
const EXIT_CODES: [(u8, &str); 6] = [
    (0, "done"),
    (1, "findings, or a refusal with its reasons"),
    (2, "the command line cannot be understood, or names what is not there"),
    (3, "waiting: somebody else must act first"),
    (4, "conflict: somebody else was faster"),
    (70, "a bug in council"),
];

fn push_command(text: &mut String, command: &Command, parent: &str) {
    let name = format!("{parent} {}", command.get_name());
    push(text, format_args!("\n## `{name}`\n\n"));
    push_about(text, command);
    if command.get_subcommands().next().is_none() {
        let usage = command.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").trim();
        push(text, format_args!("```\n{usage}\n```\n\n"));
    }
    let own = |arg: &&Arg| !arg.is_global_set() && !arg.is_hide_set() && arg.get_id() != "help";
    command.get_arguments().filter(own).for_each(|arg| push_argument(text, arg));
    for subcommand in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        push_command(text, subcommand, &name);
    }
}

fn push_about(text: &mut String, command: &Command) {
    let about = command.get_long_about().or_else(|| command.get_about());
    if let Some(about) = about {
        push(text, format_args!("{}\n\n", about.to_string().trim_end()));
    }
}

fn push_argument(text: &mut String, arg: &Arg) {
    let help = arg.get_long_help().or_else(|| arg.get_help());
    let help = help.map(|help| help.to_string().replace('\n', " ")).unwrap_or_default();
    let default: Vec<_> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let default = match default.as_slice() {
        [value] if arg.get_action().takes_values() => format!(" (default: `{value}`)"),
        _ => String::new(),
    };
    push(text, format_args!("- `{}`: {help}{default}\n", spelled(arg)));
}

/// How an argument is written: `--listen <ADDRESS>`, `<NAME>`, `--check`.
fn spelled(arg: &Arg) -> String {
    let value = || {
        let names = arg.get_value_names().unwrap_or_default();
        let names: Vec<String> = names.iter().map(|name| format!("<{name}>")).collect();
        names.join(" ")
    };
    match arg.get_long() {
        Some(long) if arg.get_action().takes_values() => format!("--{long} {}", value()),
        Some(long) => format!("--{long}"),
        None => value(),
    }
}

/// Writes the OpenAPI description of the HTTP API.
pub(crate) fn openapi() -> String {
    server::api::document()
}

/// Writes a page for every rule and kind, and an index.
pub(crate) fn pages(vocabulary: &Vocabulary) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut index = String::from(
        "# Rules and kinds\n\n\
         Written by `council reference --pages` from the program itself; `council explain NAME` shows the same.\n\n\
         ## Rules\n\n| code | severity | what must hold |\n|---|---|---|\n",
    );
    for rule in vocabulary.rules_info() {
        let severity = kind_page::severity(rule.severity);
        let file = format!("rules/{}.md", rule.code);
        push(
            &mut index,
            format_args!("| [{}]({file}) | {severity} | {} |\n", rule.code, rule.summary),
        );
        let page = format!(
            "# {} {}\n\n{} ({severity})\n\n{}\n",
            rule.code,
            rule.name,
            rule.summary,
            rule.page.trim()
        );
        pages.insert(file, page);
    }
    index.push_str("\n## Kinds\n\n| kind | apiVersion | what it is |\n|---|---|---|\n");
    for kind in vocabulary.kinds() {
        let page = kind_page::of(kind);
        let file = format!("kinds/{}.md", page.file_stem());
        push(&mut index, format_args!("| [{}]({file}) | {} |\n", page.name(), page.row()));
        pages.insert(file, page.markdown());
    }
    pages.insert("index.md".to_owned(), index);
    pages
}

/// Adds formatted text.
fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("BUG: writing to memory does not fail");
}
