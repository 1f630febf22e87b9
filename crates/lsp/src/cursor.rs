//! Where the cursor stands: in which document, below which keys, at a key or at a value.
//!
//! While somebody types, the text is rarely valid YAML, so this reads lines and indentation instead of
//! a tree. It is exact for block style, which is what people write, and good enough within `{ }` and `[ ]`.

/// One step from a document's root to the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into an item of a list.
    Item,
}

/// What the person is writing at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A key of the map that the path leads to, or an item where the path leads to a list.
    Key,
    /// The value that the path leads to.
    Value,
}

/// The cursor in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) path: Vec<Step>,
    pub(crate) slot: Slot,
    /// What is already written of the word at the cursor.
    pub(crate) prefix: String,
    /// Byte offset where the word begins.
    pub(crate) word: usize,
    /// Keys that the map at the path already has.
    pub(crate) siblings: Vec<String>,
}

/// Finds out where an offset stands; `None` outside of council's YAML, such as in the prose of a Markdown file.
pub(crate) fn at(text: &str, offset: usize, is_markdown: bool) -> Option<Cursor> {
    let (from, to) = document(text, offset, is_markdown)?;
    let body = text.get(from..to)?;
    let before = text.get(from..offset)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.get(line_start..)?;
    let header = |key: &str| {
        let prefix = format!("{key}:");
        let found = body.lines().find_map(|line| line.strip_prefix(prefix.as_str()));
        found.unwrap_or_default().trim().trim_matches(['"', '\'']).to_owned()
    };
    let (mut path, own_column) = enclosing(before.get(..line_start)?, line);
    let (slot, prefix) = within(line, &mut path);
    let siblings = match slot {
        Slot::Key => siblings(body, line_start, own_column),
        Slot::Value => Vec::new(),
    };
    Some(Cursor {
        api_version: header("apiVersion"),
        kind: header("kind"),
        path,
        slot,
        word: offset - prefix.len(),
        prefix,
        siblings,
    })
}

/// The range of the document around an offset: between `---` lines, or within a fenced block.
fn document(text: &str, offset: usize, is_markdown: bool) -> Option<(usize, usize)> {
    let (mut from, mut to) = (0, text.len());
    let mut fenced = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let mark = line.trim_end();
        if is_markdown && mark.starts_with("```") {
            match fenced {
                None if mark.starts_with("```yaml council") => fenced = Some(end),
                None => fenced = Some(usize::MAX),
                Some(begin) if begin <= offset && offset <= at => {
                    return Some(inner(text, begin, at, offset));
                }
                Some(_) => fenced = None,
            }
        } else if !is_markdown && mark == "---" {
            if end <= offset {
                from = end;
            } else if at >= offset {
                to = to.min(at);
            }
        }
        at = end;
    }
    (!is_markdown).then_some((from, to))
}

/// A fenced block may hold several documents too.
fn inner(text: &str, begin: usize, end: usize, offset: usize) -> (usize, usize) {
    let block = text.get(begin..end).unwrap_or_default();
    document(block, offset - begin, false)
        .map_or((begin, end), |(from, to)| (begin + from, begin + to))
}

/// The keys and items that are open at a line, and the column at which its own content starts.
fn enclosing(above: &str, line: &str) -> (Vec<Step>, usize) {
    let mut open: Vec<(usize, Step)> = Vec::new();
    let is_text = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    for line in above.lines().filter(is_text) {
        enter(&mut open, line);
        if let Some((key, rest)) = key_of(line)
            && (rest.trim().is_empty() || rest.trim().starts_with(['&', '#']))
        {
            open.push((content_column(line), Step::Key(key.to_owned())));
        }
    }
    enter(&mut open, line);
    (open.into_iter().map(|(_, step)| step).collect(), content_column(line))
}

/// Closes what a line ends by its indentation, and opens its dashes.
fn enter(open: &mut Vec<(usize, Step)>, line: &str) {
    for column in dashes(line) {
        // A list may stand as deep as its key, so a key at the dash's own column stays open.
        open.retain(|(at, step)| *at < column || (*at == column && *step != Step::Item));
        open.push((column, Step::Item));
    }
    // A dash stands before the content, so the items just opened stay.
    let content = content_column(line);
    open.retain(|(at, _)| *at < content);
}

/// Reads the cursor's own line: `key: val|` steps into the key, `[a, b|` into an item, `{ a: b|` into a field.
fn within(line: &str, path: &mut Vec<Step>) -> (Slot, String) {
    let content = line.get(content_column(line)..).unwrap_or_default();
    let Some((key, rest)) = key_of(line) else {
        return (Slot::Key, content.to_owned());
    };
    path.push(Step::Key(key.to_owned()));
    flow(rest.trim_start(), path)
}

fn flow(rest: &str, path: &mut Vec<Step>) -> (Slot, String) {
    if let Some(inner) = rest.strip_prefix('[') {
        path.push(Step::Item);
        let last = inner.rsplit(',').next().unwrap_or_default().trim_start();
        return flow(last, path);
    }
    if let Some(inner) = rest.strip_prefix('{') {
        let last = last_field(inner).trim_start();
        return match last.split_once(": ") {
            Some((key, value)) => {
                path.push(Step::Key(key.trim().to_owned()));
                flow(value.trim_start(), path)
            }
            None => (Slot::Key, last.to_owned()),
        };
    }
    (Slot::Value, rest.trim_start_matches(['"', '\'']).to_owned())
}

/// The field after the last comma that is not inside an inner collection.
fn last_field(inner: &str) -> &str {
    let mut depth = 0_i32;
    let mut begin = 0;
    for (at, character) in inner.char_indices() {
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            ',' if depth == 0 => begin = at + 1,
            _ => {}
        }
    }
    inner.get(begin..).unwrap_or_default()
}

/// Keys at the same column around the cursor's line.
fn siblings(body: &str, line_start: usize, column: usize) -> Vec<String> {
    let same = |line: &&str| !line.trim().is_empty() && content_column(line) >= column;
    let above = body.get(..line_start).unwrap_or_default();
    let below = body.get(line_start..).unwrap_or_default();
    let keys = |line: &str| {
        (content_column(line) == column)
            .then(|| key_of(line))
            .flatten()
            .map(|(key, _)| key.to_owned())
    };
    let mut found: Vec<String> = above.lines().rev().take_while(same).filter_map(keys).collect();
    found.extend(below.lines().skip(1).take_while(same).filter_map(keys));
    found
}

/// The key at the start of a line's content, and what follows its colon.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let content = line.get(content_column(line)..)?;
    let (key, rest) = content.split_once(':')?;
    let is_key = !key.is_empty()
        && !key.contains(['{', '[', '#', ' '])
        && (rest.is_empty() || rest.starts_with([' ', '\r']));
    is_key.then(|| (key.trim_matches(['"', '\'']), rest))
}

/// Where the content starts behind the indentation and dashes.
fn content_column(line: &str) -> usize {
    let mut rest = line.trim_start_matches(' ');
    while let Some(after) = rest.strip_prefix("- ") {
        rest = after.trim_start_matches(' ');
    }
    line.len() - rest.len()
}

/// The columns of the dashes that a line begins with.
fn dashes(line: &str) -> Vec<usize> {
    let mut columns = Vec::new();
    let mut rest = line.trim_start_matches(' ');
    while let Some(after) = rest.strip_prefix("- ") {
        columns.push(line.len() - rest.len());
        rest = after.trim_start_matches(' ');
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cursor is the `|` of the text.
    #[track_caller]
    fn check(marked: &str, path: &str, slot: Slot, prefix: &str) -> Cursor {
        let offset = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let cursor = at(&text, offset, marked.contains("```")).unwrap();
        let shown: Vec<&str> = cursor
            .path
            .iter()
            .map(|step| match step {
                Step::Key(key) => key.as_str(),
                Step::Item => "-",
            })
            .collect();
        assert_eq!(
            (shown.join("."), cursor.slot, cursor.prefix.as_str()),
            (path.to_owned(), slot, prefix)
        );
        cursor
    }

    #[test]
    fn a_key_below_spec_knows_its_siblings() {
        let cursor =
            check("kind: Seat\nspec:\n  owns: x\n  pri|\n  notes: y\n", "spec", Slot::Key, "pri");
        assert_eq!(cursor.siblings, ["owns", "notes"]);
        assert_eq!(cursor.kind, "Seat");
    }

    #[test]
    fn a_value_leads_into_its_key() {
        check("spec:\n  primary: person/a|\n", "spec.primary", Slot::Value, "person/a");
        check("ki|", "", Slot::Key, "ki");
        check("kind: |", "kind", Slot::Value, "");
    }

    #[test]
    fn items_of_lists_are_known_in_both_places() {
        check("spec:\n  primaries:\n    - a\n    - b|\n", "spec.primaries.-", Slot::Key, "b");
        check("spec:\n  primaries:\n  - a\n  - b|\n", "spec.primaries.-", Slot::Key, "b");
        check("spec:\n  primaries: [a, b|\n", "spec.primaries.-", Slot::Value, "b");
    }

    #[test]
    fn maps_in_lists_and_flow_maps_are_followed() {
        check("spec:\n  agenda:\n    - title: x\n      sou|\n", "spec.agenda.-", Slot::Key, "sou");
        check(
            "spec:\n  agenda:\n    - title: x\n      source: o|\n",
            "spec.agenda.-.source",
            Slot::Value,
            "o",
        );
        check("spec:\n  rule: { agree: a|\n", "spec.rule.agree", Slot::Value, "a");
        check("spec:\n  rule: { agree: all, la|\n", "spec.rule", Slot::Key, "la");
    }

    #[test]
    fn the_document_around_the_cursor_counts() {
        let cursor =
            check("kind: A\n---\nkind: B\nspec:\n  x|\n---\nkind: C\n", "spec", Slot::Key, "x");
        assert_eq!(cursor.kind, "B");
    }

    #[test]
    fn markdown_counts_only_within_council_blocks() {
        let cursor =
            check("# T\n\n```yaml council\nkind: A\nspec:\n  x|\n```\n", "spec", Slot::Key, "x");
        assert_eq!(cursor.kind, "A");
        assert_eq!(at("# Title", 3, true), None);
    }

    #[test]
    fn no_offset_of_a_text_panics() {
        let text = "a:\n- b: {c: [d, e]}\n  - 'f\n\n# g\nß: é\n```\n---\n:\n";
        for offset in (0..=text.len()).filter(|&offset| text.is_char_boundary(offset)) {
            for markdown in [false, true] {
                let cursor = at(text, offset, markdown);
                assert!(cursor.is_none_or(|cursor| cursor.word <= offset));
            }
        }
    }
}
