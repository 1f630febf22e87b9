//! Exchanges or adds one value in the text of a file, and leaves every other byte where it is.

use std::ops::Range;

use super::cipher::{Sealed, Type};
use super::file::{SopsError, SopsFile};
use super::metadata::KEY;
use super::tree::{Entry, Node, Shape};

/// Puts a sealed value at a path. `seal` makes it, for the type that stood there before and the keys above it.
pub(super) fn put(
    file: &SopsFile,
    path: &str,
    seal: impl Fn(Type, &[String]) -> Result<String, SopsError>,
) -> Result<String, SopsError> {
    let parts: Vec<&str> = path.split('.').collect();
    let (Some((last, above)), false) = (parts.split_last(), parts.first() == Some(&KEY)) else {
        return Err(SopsError::CannotSet(format!("`{path}` is not a place for a value")));
    };
    let mut node = &file.root;
    let mut keys = Vec::new();
    for (depth, part) in above.iter().enumerate() {
        note_key(node, part, &mut keys);
        node = child(node, part).ok_or_else(|| {
            let missing = parts.get(..=depth).unwrap_or_default().join(".");
            SopsError::CannotSet(format!(
                "there is no `{missing}` in the file; a value is added below what is there"
            ))
        })?;
    }
    note_key(node, last, &mut keys);
    let mut text = file.text.clone();
    if let Some(found) = child(node, last) {
        let Shape::Scalar { text: old, .. } = &found.shape else {
            return Err(SopsError::CannotSet(format!(
                "`{path}` is not one value; name one below it"
            )));
        };
        let sort = Sealed::read(old).map_or(Type::Text, |sealed| sealed.sort);
        splice(&mut text, found.range.clone(), &seal(sort, &keys)?);
    } else {
        let Shape::Map { flow, .. } = &node.shape else {
            return Err(SopsError::CannotSet(format!(
                "`{path}` is in no map; only maps can be added to"
            )));
        };
        let is_root = above.is_empty();
        let mut entries = node.entries().iter().filter(|entry| !(is_root && entry.key == KEY));
        let Some(last_entry) = entries.next_back() else {
            return Err(SopsError::CannotSet(
                "the map is empty; add its first value with SOPS".to_owned(),
            ));
        };
        let key = format!("{}: ", quoted(last, *flow));
        let (at, added) = addition(&text, last_entry, *flow, &key);
        let sealed = seal(Type::Text, &keys)?;
        let value = if *flow { format!("\"{sealed}\"") } else { sealed };
        text.insert_str(at, &format!("{added}{value}"));
    }
    Ok(text)
}

/// Keys are bound into what is sealed below them, the numbers of list items are not.
fn note_key(node: &Node, part: &str, keys: &mut Vec<String>) {
    if matches!(node.shape, Shape::Map { .. }) {
        keys.push(part.to_owned());
    }
}

fn child<'n>(node: &'n Node, part: &str) -> Option<&'n Node> {
    match &node.shape {
        Shape::Map { .. } => node.get(part),
        Shape::List(items) => items.get(part.parse::<usize>().ok()?),
        Shape::Scalar { .. } => None,
    }
}

/// Where a new entry of a map goes, and what stands before its value: after the last entry that is not the metadata.
fn addition(text: &str, last: &Entry, flow: bool, key: &str) -> (usize, String) {
    let line_start =
        text.get(..last.at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let indent = text.get(line_start..last.at).unwrap_or_default();
    let own_line = indent.trim().is_empty();
    let end = last.value.end();
    if flow {
        let between =
            if own_line && line_start > 0 { format!(",\n{indent}") } else { ", ".to_owned() };
        return (end, format!("{between}{key}"));
    }
    // A map in a list begins behind the dash; its next key stands below its first.
    let indent: String = indent.chars().map(|one| if one == '-' { ' ' } else { one }).collect();
    let body = text.get(..end).unwrap_or_default().trim_end().len();
    let rest = text.get(body..).unwrap_or_default();
    let line_end = body + rest.find('\n').unwrap_or(rest.len());
    (line_end, format!("\n{indent}{key}"))
}

fn quoted(key: &str, flow: bool) -> String {
    let is_plain = key.chars().all(|one| one.is_ascii_alphanumeric() || one == '_' || one == '-')
        && key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if flow || !is_plain { serde_json::Value::from(key).to_string() } else { key.to_owned() }
}

/// Exchanges a scalar for another, in quotes where the old one had them.
pub(super) fn splice(text: &mut String, range: Range<usize>, new: &str) {
    let old = text.get(range.clone()).unwrap_or_default();
    let quote = old.chars().next().filter(|first| matches!(first, '"' | '\''));
    let new = quote.map_or_else(|| new.to_owned(), |quote| format!("{quote}{new}{quote}"));
    text.replace_range(range, &new);
}
