//! Turns the parser's complaint into words for the person who wrote the file.

use diag::Diagnostic;
use diag::words::quote;
use granit_parser::{ErrorKind, ScanError};

use super::Origin;
use crate::codes;
use crate::limits::MAX_DEPTH;

/// Explains why a text is not YAML.
pub(super) fn explain(text: &str, origin: Origin<'_>, error: &ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let at = text.floor_char_boundary(at);
    if let Some(conflict) = conflict(text, origin) {
        return conflict;
    }
    if let Some(tab) = tab(text, at, error.kind()) {
        let place = origin.place(origin.span(tab, tab + 1));
        return Diagnostic::new(&codes::TAB, place, "a tab is used to indent")
            .why("YAML indents with spaces only")
            .hint("replace the tab by spaces");
    }
    let end =
        text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |one| at + one.len_utf8());
    let place = origin.place(origin.span(at, end));
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(origin, at),
        ErrorKind::UnknownAnchor => {
            let name: String = text
                .get(at..)
                .unwrap_or_default()
                .chars()
                .skip(1)
                .take_while(|one| !one.is_whitespace())
                .collect();
            Diagnostic::new(
                &codes::SYNTAX,
                place,
                format!("no anchor {} stands before this alias", quote(&name)),
            )
            .hint("put text that starts with `*` in quotes, or define the anchor first")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            let found = quote(&character.to_string());
            Diagnostic::new(
                &codes::SYNTAX,
                place,
                format!("this is not YAML: the character {found} may not stand here"),
            )
            .hint("put the text in quotes")
        }
        ErrorKind::MappingValueNotAllowed => {
            Diagnostic::new(&codes::SYNTAX, place, "this is not YAML: a `: ` may not stand here")
                .why("a second key on one line, or the line above is indented differently")
                .hint("put text that contains `: ` in quotes, and align keys of one map")
        }
        kind => Diagnostic::new(&codes::SYNTAX, place, format!("this is not YAML: {kind}"))
            .hint("check quotes, brackets and indentation around this place"),
    }
}

/// The finding that lists and maps are nested too deeply.
pub(super) fn too_deep(origin: Origin<'_>, at: usize) -> Diagnostic {
    let place = origin.place(origin.span(at, at));
    Diagnostic::new(
        &codes::TOO_DEEP,
        place,
        format!("lists and maps are nested more than {MAX_DEPTH} levels deep"),
    )
    .why("nothing in a playbook is that deep, and reading it costs stack")
    .hint("flatten the document")
}

/// Finds a merge conflict that somebody committed.
fn conflict(text: &str, origin: Origin<'_>) -> Option<Diagnostic> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|marker| line.starts_with(marker)) {
            let place = origin.place(origin.span(offset, offset + line.trim_end().len()));
            return Some(
                Diagnostic::new(
                    &codes::MERGE_CONFLICT,
                    place,
                    "a merge conflict was left in the file",
                )
                .why("the two sides of the merge contradict each other here")
                .hint("decide for one side and delete the markers"),
            );
        }
        offset += line.len();
    }
    None
}

/// The tab that indents the line of an error, if that is what the parser stumbled over.
fn tab(text: &str, at: usize, kind: &ErrorKind) -> Option<usize> {
    let about_tabs = matches!(
        kind,
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInPlainScalar
    );
    let start = text.get(..at)?.rfind('\n').map_or(0, |line| line + 1);
    let indentation = text.get(start..)?.split(|one: char| one != ' ' && one != '\t').next()?;
    match indentation.find('\t') {
        Some(tab) => Some(start + tab),
        None if about_tabs => text.get(start..)?.find('\t').map(|tab| start + tab),
        None => None,
    }
}
