//! What happens at the start of a line: indentation, empty lines, trailing space.
//!
//! Each line gets a plan: the column it starts at, or leave it. Lines of block collections are planned
//! by their depth; the lines of a long scalar or flow collection move with the line that begins it.

use super::tree::{Look, Shape, Tree};

/// Spaces a level.
const STEP: usize = 2;

/// What becomes of one line.
#[derive(Clone, Copy, Debug)]
enum Plan {
    /// Nobody claimed it: a comment, an empty line, a separator.
    Open,
    /// Starts at this column.
    Column(usize),
    /// Content of a block scalar: its column moves by so much, and its trailing space stays.
    Content(isize),
}

/// Indents a whole text.
pub(super) fn tidy(text: &str, tree: &Tree) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut planner = Planner { lines: &lines, plan: vec![Plan::Open; lines.len()] };
    for root in &tree.roots {
        planner.node(root, 0);
    }
    planner.comments();
    planner.write()
}

struct Planner<'t> {
    lines: &'t [&'t str],
    plan: Vec<Plan>,
}

impl Planner<'_> {
    /// Plans the lines of a node whose block collections start at `column`.
    fn node(&mut self, shape: &Shape, column: usize) {
        match shape.look {
            Look::BlockMap => self.map(shape, column),
            Look::BlockList => self.list(shape, column),
            Look::BlockText => self.block_text(shape, column),
            Look::Plain
            | Look::SingleQuoted
            | Look::DoubleQuoted
            | Look::FlowList
            | Look::FlowMap => {
                self.continued(shape, column);
            }
            Look::Alias => {}
        }
    }

    fn map(&mut self, shape: &Shape, column: usize) {
        for (key, value) in shape.pairs() {
            self.begins(key, column);
            self.node(key, column + STEP);
            if value.line > key.last_line
                && !matches!(value.look, Look::BlockMap | Look::BlockList | Look::BlockText)
            {
                self.begins(value, column + STEP);
            }
            self.node(value, column + STEP);
        }
    }

    fn list(&mut self, shape: &Shape, column: usize) {
        // The parser places a list that is not indented below its key at its first item, not at the dash.
        let line = self.lines[shape.line];
        let at_dash = line.get(shape.column..).is_some_and(|rest| rest.starts_with('-'))
            && shape.children.first().is_none_or(|item| item.start > shape.start);
        let dashes = if at_dash { shape.column } else { indent_of(line) };
        for item in &shape.children {
            if let Some(line) = self.dash_line(dashes, item) {
                self.plan[line] = Plan::Column(column);
            }
            self.node(item, column + STEP);
        }
    }

    /// The line whose first character is the dash of this item; `None` when the dash stands behind another.
    fn dash_line(&self, column: usize, item: &Shape) -> Option<usize> {
        (0..=item.line)
            .rev()
            .find(|&line| !self.lines[line].trim().is_empty() && !is_comment(self.lines[line]))
            .filter(|&line| {
                let text = self.lines[line];
                indent_of(text) == column && text.trim_start().starts_with('-')
            })
    }

    /// Plans the line of a node when the node is the first thing on it.
    fn begins(&mut self, shape: &Shape, column: usize) {
        if indent_of(self.lines[shape.line]) == shape.column {
            self.plan[shape.line] = Plan::Column(column);
        }
    }

    /// Lines after the first of a scalar or flow collection. Their indentation means nothing, so a
    /// scalar's are aligned and a flow collection's keep their distance from its first line.
    fn continued(&mut self, shape: &Shape, column: usize) {
        if shape.line == shape.last_line {
            return;
        }
        let rest = shape.line + 1..=shape.last_line;
        let flow = shape.is_flow();
        let closing = self.lines[shape.last_line].trim_start().starts_with([']', '}']);
        for line in rest {
            let deeper = flow && !(closing && line == shape.last_line);
            let base = if flow { column.saturating_sub(STEP) } else { column };
            self.plan[line] = Plan::Column(base + if deeper { STEP } else { 0 });
        }
    }

    /// The parser places block text at its first line that is not empty; its mark stands above.
    fn block_text(&mut self, shape: &Shape, column: usize) {
        if shape.start == shape.end {
            return;
        }
        let is_text = |line: &usize| !self.lines[*line].trim().is_empty();
        let mark = (0..shape.line).rev().find(is_text).unwrap_or(0);
        let header = self.lines[mark].split(" #").next().unwrap_or_default().trim_end();
        // `|2` counts from its parent, so its content may only move with it: it is left where it is.
        let marks = header.rsplit(['|', '>']).next().unwrap_or_default();
        let explicit = marks.contains(|mark: char| mark.is_ascii_digit());
        let old = indent_of(self.lines[shape.line]);
        let target = if explicit { old } else { column };
        for line in mark + 1..=shape.last_line.min(self.lines.len() - 1) {
            self.plan[line] = Plan::Content(target.cast_signed() - old.cast_signed());
        }
    }

    /// A comment goes with the next planned line, or with the one before when it stands deeper there.
    fn comments(&mut self) {
        for line in 0..self.lines.len() {
            if !matches!(self.plan[line], Plan::Open) || !is_comment(self.lines[line]) {
                continue;
            }
            let old = indent_of(self.lines[line]);
            let planned = |at: usize| match self.plan[at] {
                Plan::Column(column) => Some((indent_of(self.lines[at]), column)),
                Plan::Open | Plan::Content(_) => None,
            };
            let before = (0..line).rev().filter_map(planned).find(|(was, _)| *was == old);
            let after = (line + 1..self.lines.len()).find_map(planned);
            let column = match (after, before) {
                (Some((was, column)), None) if was >= old || line == 0 => column,
                (Some((was, column)), _) if was == old => column,
                (_, Some((_, column))) => column,
                (Some((_, column)), None) => column,
                (None, None) => 0,
            };
            self.plan[line] = Plan::Column(column);
        }
    }

    fn write(&self) -> String {
        let mut out = String::new();
        let mut empty = false;
        for (line, text) in self.lines.iter().enumerate() {
            let content = matches!(self.plan[line], Plan::Content(_));
            if text.trim().is_empty() && !content {
                empty = !out.is_empty();
                continue;
            }
            if std::mem::take(&mut empty) {
                out.push('\n');
            }
            self.write_line(&mut out, line, text);
            out.push('\n');
        }
        let end = out.trim_end_matches('\n').len();
        let keep = out.len() - end;
        // A block scalar that keeps its last newlines (`|+`) means them; anything else ends with one.
        if !matches!(self.plan.last(), Some(Plan::Content(_))) && keep > 1 {
            out.truncate(end + 1);
        }
        out
    }

    fn write_line(&self, out: &mut String, line: usize, text: &str) {
        match self.plan[line] {
            Plan::Open => out.push_str(text.trim_end()),
            Plan::Column(column) => {
                out.extend(std::iter::repeat_n(' ', column));
                out.push_str(&compact_dashes(text.trim()));
            }
            Plan::Content(_) if text.trim().is_empty() => out.push_str(text.trim()),
            Plan::Content(by) => {
                let column = indent_of(text).checked_add_signed(by).unwrap_or(0);
                out.extend(std::iter::repeat_n(' ', column));
                out.push_str(text.trim_start_matches(' '));
            }
        }
    }
}

/// `-   name: x` becomes `- name: x`: the lines below are planned for one space.
fn compact_dashes(text: &str) -> String {
    let mut rest = text;
    let mut dashes = String::new();
    while let Some(after) = rest.strip_prefix("- ") {
        dashes.push_str("- ");
        rest = after.trim_start_matches(' ');
    }
    dashes + rest
}

fn indent_of(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

fn is_comment(text: &str) -> bool {
    text.trim_start().starts_with('#')
}
