//! Tables in plain text: columns as wide as their widest cell, two spaces between, no rules.
//!
//! Cells may carry escape codes; they do not count as width. Nothing is ever cut off: a terminal
//! that is too narrow wraps the last column, and a pipe gets every word.

/// Space between columns.
const GUTTER: &str = "  ";

/// Rows of cells under headings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Makes an empty table; without headings it has no heading line.
    pub(crate) fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// Says whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Draws it; `heading` gives a heading its looks.
    pub(crate) fn render(&self, heading: impl Fn(&str) -> String) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0).max(self.headings.len());
        let mut widths = vec![0; columns];
        for (at, text) in self.headings.iter().enumerate() {
            widths[at] = width(text);
        }
        for (at, text) in self.rows.iter().flat_map(|row| row.iter().enumerate()) {
            widths[at] = widths[at].max(width(text));
        }
        let mut text = String::new();
        if !self.headings.is_empty() {
            let headings: Vec<String> = self.headings.iter().map(|text| heading(text)).collect();
            push(&mut text, &headings, &widths);
        }
        for row in &self.rows {
            push(&mut text, row, &widths);
        }
        text
    }
}

fn push(text: &mut String, cells: &[String], widths: &[usize]) {
    let mut line = String::new();
    let last = cells.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0);
    for (at, cell) in cells.iter().take(last + 1).enumerate() {
        line.push_str(cell);
        if at < last {
            line.extend(std::iter::repeat_n(' ', widths[at].saturating_sub(width(cell))));
            line.push_str(GUTTER);
        }
    }
    text.push_str(&line);
    text.push('\n');
}

/// Counts characters, without escape codes.
pub(crate) fn width(text: &str) -> usize {
    let mut in_escape = false;
    text.chars()
        .filter(|&character| {
            let shown = !in_escape && character != '\u{1b}';
            in_escape = (in_escape && character != 'm') || character == '\u{1b}';
            shown
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_color() {
        let mut table = Table::new(&["Seat", "Primary"]);
        table.row(["\u{1b}[36mnetwork-security\u{1b}[0m".into(), "ana".into()]);
        table.row(["finops".into(), "ben".into()]);
        let text = table.render(str::to_uppercase);
        let columns: Vec<usize> = text
            .lines()
            .map(|line| {
                let name = ["PRIMARY", "ana", "ben"].into_iter().find_map(|name| line.find(name));
                width(line.get(..name.expect("the second column")).expect("a boundary"))
            })
            .collect();
        assert_eq!(columns, [18, 18, 18]);
    }
}
