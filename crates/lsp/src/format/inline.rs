//! What happens within a line: quotes, the space after a colon and a dash, and flow collections.

use super::tree::{Look, Shape, Tree};

/// A replacement of a range of bytes.
type Edit = (usize, usize, String);

/// Applies all inline edits to a text.
pub(super) fn tidy(text: &str, tree: &Tree) -> String {
    let mut edits = Vec::new();
    for root in &tree.roots {
        visit(text, root, &mut edits);
    }
    apply(text, edits)
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(start, ..)| *start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, replacement) in edits {
        if start < at {
            continue;
        }
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(&replacement);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

fn visit(text: &str, shape: &Shape, edits: &mut Vec<Edit>) {
    match shape.look {
        Look::SingleQuoted => edits.extend(double_quoted(text, shape)),
        Look::FlowList | Look::FlowMap => {
            if shape.line == shape.last_line
                && let Some(flow) = flow(text, shape)
            {
                edits.push((shape.start, shape.end, flow));
            } else {
                shape.children.iter().for_each(|child| visit(text, child, edits));
            }
        }
        Look::BlockMap => {
            for (key, value) in shape.pairs() {
                edits.extend(one_space(text, key, value));
                visit(text, key, edits);
                visit(text, value, edits);
            }
        }
        Look::BlockList => shape.children.iter().for_each(|child| {
            edits.extend(one_space_after_dash(text, child));
            visit(text, child, edits);
        }),
        Look::Plain | Look::DoubleQuoted | Look::BlockText | Look::Alias => {}
    }
}

/// `key:   value` becomes `key: value` when only spaces stand between.
fn one_space(text: &str, key: &Shape, value: &Shape) -> Option<Edit> {
    let between = text.get(key.end..value.start)?;
    let after = between.trim_start_matches(' ').strip_prefix(':')?;
    let only_spaces = after.len() > 1 && after.bytes().all(|byte| byte == b' ');
    (only_spaces && value.end > value.start).then(|| (key.end, value.start, ": ".to_owned()))
}

/// `-   item` becomes `- item` when the item is a scalar or a flow collection on the dash's line.
///
/// A block collection beside the dash keeps its column here; the indentation pass moves it as a whole.
fn one_space_after_dash(text: &str, item: &Shape) -> Option<Edit> {
    let line = text.get(..item.start)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line..item.start)?;
    let dash = before.trim_end_matches(' ');
    let gap = before.len() - dash.len();
    let simple = !matches!(item.look, Look::BlockMap | Look::BlockList);
    (simple && dash.ends_with('-') && gap > 1 && item.end > item.start)
        .then(|| (line + dash.len(), item.start, " ".to_owned()))
}

/// Single quotes become double ones unless that would need escapes.
fn double_quoted(text: &str, shape: &Shape) -> Option<Edit> {
    let source = text.get(shape.start..shape.end)?;
    let inner = source.strip_prefix('\'')?.strip_suffix('\'')?;
    let needs_escape = inner.contains(['"', '\\', '\n']);
    (!needs_escape).then(|| (shape.start, shape.end, format!("\"{}\"", inner.replace("''", "'"))))
}

/// Writes a flow collection anew; `None` when something in it is better left alone.
fn flow(text: &str, shape: &Shape) -> Option<String> {
    let source = text.get(shape.start..shape.end)?;
    if source.contains(['#', '&', '!', '*', '?']) {
        return None;
    }
    match shape.look {
        Look::FlowList => {
            let items: Option<Vec<String>> =
                shape.children.iter().map(|child| flow(text, child)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Look::FlowMap => {
            let pairs: Option<Vec<String>> =
                shape.pairs().map(|(key, value)| pair(text, key, value)).collect();
            let pairs = pairs?;
            Some(if pairs.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", pairs.join(", "))
            })
        }
        Look::SingleQuoted => {
            double_quoted(text, shape).map(|(_, _, new)| new).or_else(|| Some(source.to_owned()))
        }
        Look::Plain | Look::DoubleQuoted => Some(source.to_owned()),
        Look::BlockText | Look::Alias | Look::BlockList | Look::BlockMap => None,
    }
}

fn pair(text: &str, key: &Shape, value: &Shape) -> Option<String> {
    let between = text.get(key.end..value.start)?;
    if between.trim() != ":" {
        // `{a}` has a value that is nowhere, and `[a: b]` is a map without braces.
        return None;
    }
    Some(format!("{}: {}", flow(text, key)?, flow(text, value)?))
}
