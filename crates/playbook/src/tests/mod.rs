//! Tests of the whole room: what a person writes, and what is said about it.

mod bad_input;
mod files;
mod fuzz;
mod markdown;
mod pages;
mod references;
mod updates;
mod vocabulary;

use std::sync::Arc;

use diag::{Diagnostic, LineIndex};

use crate::{Facts, Workspace};

/// The day on which everything is checked.
fn facts() -> Facts {
    Facts { today: jiff::civil::date(2026, 11, 22) }
}

fn workspace<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Workspace {
    Workspace::of_texts(files, Arc::new(vocabulary::vocabulary()))
}

/// Checks files and describes each finding as `CODE file:line:column marked text`.
fn findings<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Vec<String> {
    let workspace = workspace(files);
    let found = workspace.check(&facts());
    found.iter().map(|one| describe(&workspace, one)).collect()
}

fn describe(workspace: &Workspace, one: &Diagnostic) -> String {
    use diag::Sources as _;
    let Some(text) = workspace.text(&one.place.file) else {
        return format!("{} {}", one.code, one.place.file);
    };
    let at = LineIndex::new(text).position(text, one.place.span.start);
    let marked = text
        .get(one.place.span.start as usize..one.place.span.end as usize)
        .expect("on boundaries");
    format!(
        "{} {}:{}:{} {}",
        one.code,
        one.place.file,
        at.line,
        at.column,
        marked.lines().next().unwrap_or_default()
    )
}

/// Checks one text of one YAML file.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found = findings([("a.yaml", text)]);
    let expected: Vec<String> =
        expected.iter().map(|one| one.replacen(' ', " a.yaml:", 1)).collect();
    assert_eq!(found, expected, "{text}");
}
