//! Rule files as YAML, written by hand: the shape is fixed, and a hundred thousand rules are written in
//! the time that a general serializer needs for its tree.

use std::fmt::Write as _;

use super::group::{Group, Rule, RuleKind};

/// Writes a comment, on one line.
pub(super) fn comment(text: &mut String, words: &str) {
    push(text, format_args!("# {}\n", words.replace(['\n', '\r'], " ")));
}

/// Writes one group, as an item of `groups`.
pub(super) fn group(text: &mut String, group: &Group) {
    let Group { name, interval, rules } = group;
    push(text, format_args!("- name: {}\n  interval: {interval}\n  rules:\n", Quoted(name)));
    for rule in rules {
        self::rule(text, rule);
    }
}

fn rule(text: &mut String, rule: &Rule) {
    match &rule.kind {
        RuleKind::Record(name) => push(text, format_args!("  - record: {name}\n")),
        RuleKind::Alert { name, .. } => push(text, format_args!("  - alert: {}\n", Quoted(name))),
    }
    text.push_str("    expr: ");
    block(text, &rule.expression, "      ");
    if let RuleKind::Alert { hold: Some(hold), .. } = &rule.kind {
        push(text, format_args!("    for: {hold}\n"));
    }
    pairs(text, "labels", &rule.labels);
    if let RuleKind::Alert { annotations, .. } = &rule.kind {
        pairs(text, "annotations", annotations);
    }
}

fn pairs(text: &mut String, name: &str, pairs: &[(String, String)]) {
    if pairs.is_empty() {
        return;
    }
    push(text, format_args!("    {name}:\n"));
    for (key, value) in pairs {
        push(text, format_args!("      {key}: {}\n", Quoted(value)));
    }
}

/// Writes a query: as a block that people can read, or in quotes where a block would change it.
fn block(text: &mut String, query: &str, indent: &str) {
    let is_plain = !query.starts_with([' ', '\n'])
        && !query.ends_with([' ', '\n'])
        && !query.contains(|one: char| one.is_control() && one != '\n');
    if !is_plain {
        push(text, format_args!("{}\n", Quoted(query)));
        return;
    }
    text.push_str("|-\n");
    for line in query.lines() {
        push(text, format_args!("{indent}{line}\n"));
    }
}

/// A text in double quotes, escaped as JSON does, which YAML reads the same.
pub(super) struct Quoted<'t>(pub(super) &'t str);

impl std::fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_char('"')?;
        for one in self.0.chars() {
            match one {
                '"' => formatter.write_str("\\\"")?,
                '\\' => formatter.write_str("\\\\")?,
                '\n' => formatter.write_str("\\n")?,
                // YAML also breaks lines at these three.
                one if one.is_control() || matches!(one, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                    write!(formatter, "\\u{:04x}", u32::from(one))?;
                }
                one => formatter.write_char(one)?,
            }
        }
        formatter.write_char('"')
    }
}

/// Writing into a string cannot fail.
pub(super) fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("BUG: a string takes every text");
}
