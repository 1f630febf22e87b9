//! Blocks as Markdown.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::block::{Block, Cell, Inline};

/// Writes blocks; links lead to the anchors that the document has, and are plain titles otherwise.
#[derive(Debug, Default)]
pub struct Writer {
    anchors: BTreeSet<String>,
    out: String,
}

impl Writer {
    /// Starts a document that has these anchors (references).
    pub fn new(anchors: BTreeSet<String>) -> Self {
        Self { anchors, out: String::new() }
    }

    /// Writes a heading.
    pub fn heading(&mut self, level: usize, text: &str) {
        self.line(&format!("{} {}", "#".repeat(level), one_line(text)));
    }

    /// Writes a line and the empty line behind it.
    pub fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push_str("\n\n");
    }

    /// Writes a block.
    pub fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(cell) => self.line(&self.cell(cell)),
            Block::Quote(text) => {
                let quoted: Vec<_> = text.trim().lines().map(|line| format!("> {line}")).collect();
                self.line(&quoted.join("\n"));
            }
            Block::List(items) => {
                let items: Vec<_> =
                    items.iter().map(|item| format!("- {}", self.cell(item))).collect();
                self.line(&items.join("\n"));
            }
            Block::Table { columns, rows } => self.table(columns, rows),
            Block::Markdown(text) => self.line(text.trim()),
            Block::Gap { what, owner } => {
                let owner = owner.as_ref().map(|owner| self.inline(&Inline::Link(owner.clone())));
                let owner = owner.unwrap_or_else(|| "nobody yet".to_owned());
                self.line(&format!("> **Gap:** {} Owner: {owner}.", sentence(what)));
            }
        }
    }

    fn table(&mut self, columns: &[String], rows: &[Vec<Cell>]) {
        let mut table = format!("| {} |\n|", columns.join(" | "));
        columns.iter().for_each(|_| table.push_str("---|"));
        for row in rows {
            let cells: Vec<_> =
                row.iter().map(|cell| self.cell(cell).replace('|', "\\|")).collect();
            let _ = write!(table, "\n| {} |", cells.join(" | "));
        }
        self.line(&table);
    }

    fn cell(&self, cell: &Cell) -> String {
        let text: String = cell.iter().map(|inline| self.inline(inline)).collect();
        one_line(&text)
    }

    fn inline(&self, inline: &Inline) -> String {
        match inline {
            Inline::Text(text) => text.clone(),
            Inline::Strong(text) => format!("**{text}**"),
            Inline::Anchor(reference) => format!("<a id=\"{}\"></a>", anchor(reference)),
            Inline::Gap(what) => format!("_gap: {what}_"),
            Inline::Link(party) if self.anchors.contains(&party.reference) => {
                format!("[{}](#{})", party.title, anchor(&party.reference))
            }
            Inline::Link(party) => party.title.clone(),
        }
    }

    /// The document, ending in one newline.
    pub fn finish(self) -> String {
        let mut out = self.out.trim_end().to_owned();
        out.push('\n');
        out
    }
}

/// The anchor of a reference or heading: letters and digits, everything else as dashes.
pub fn anchor(text: &str) -> String {
    let mut out = String::new();
    for letter in text.to_lowercase().chars() {
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// The references that have an anchor among some blocks.
pub fn anchors<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut look = |cell: &Cell| {
        for inline in cell {
            if let Inline::Anchor(reference) = inline {
                found.insert(reference.clone());
            }
        }
    };
    for block in blocks {
        match block {
            Block::Paragraph(cell) => look(cell),
            Block::List(items) => items.iter().for_each(&mut look),
            Block::Table { rows, .. } => rows.iter().flatten().for_each(&mut look),
            Block::Quote(_) | Block::Markdown(_) | Block::Gap { .. } => {}
        }
    }
    found
}

/// Moves the headings of prose down so that its largest is of a level, and drops its first heading
/// where that only repeats the title. Fenced code is left alone.
pub fn demote(body: &str, level: usize, title: Option<&str>) -> String {
    let depth = |line: &str| {
        let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
        (1..=6)
            .contains(&hashes)
            .then_some(hashes)
            .filter(|&it| line.as_bytes().get(it) == Some(&b' '))
    };
    let mut fenced = false;
    let mut lines: Vec<(Option<usize>, &str)> = Vec::new();
    for line in without_resources(body) {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
        }
        lines.push((depth(line).filter(|_| !fenced), line));
    }
    let first = lines.iter().position(|(_, line)| !line.trim().is_empty());
    if let Some(at) = first {
        let heading = lines[at].1.trim_start_matches('#').trim();
        if lines[at].0.is_some() && title == Some(heading) {
            lines.remove(at);
        }
    }
    let top = lines.iter().filter_map(|(depth, _)| *depth).min().unwrap_or(level);
    let shown = lines.iter().map(|(depth, line)| match depth {
        Some(depth) => {
            let hashes = "#".repeat((depth + level - top).min(6));
            format!("{hashes}{}", line.trim_start_matches('#'))
        }
        None => (*line).to_owned(),
    });
    shown.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The lines of prose without the resources that it declares: the document shows those as tables.
fn without_resources(body: &str) -> impl Iterator<Item = &str> {
    let mut fence: Option<&str> = None;
    body.lines().filter(move |line| {
        let line = line.trim();
        match fence {
            Some(end) => {
                if line == end {
                    fence = None;
                }
                false
            }
            None => {
                let info = line.trim_start_matches(['`', '~']);
                let length = line.len() - info.len();
                if length >= 3 && info.trim() == "yaml council" {
                    fence = line.get(..length);
                }
                fence.is_none()
            }
        }
    })
}

/// Text on one line, as table cells and headings need it.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A sentence with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.trim().trim_end_matches('.').chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::block::text;
    use crate::views::PartyRef;

    #[test]
    fn headings_of_prose_fit_below_their_part_and_code_stays() {
        let body = "# Title\n\nText.\n\n## Part\n\n```sh\n# no heading\n```\n\n#### Deep\n";
        let expected = "Text.\n\n### Part\n\n```sh\n# no heading\n```\n\n##### Deep";
        assert_eq!(demote(body, 3, Some("Title")), expected);
        assert_eq!(demote("# Other\n", 4, Some("Title")), "#### Other");
        let own = "Before.\n\n```yaml council\nkind: Seat\n```\n\n```yaml\nkept: true\n```";
        assert_eq!(demote(own, 3, None), "Before.\n\n\n```yaml\nkept: true\n```");
    }

    #[test]
    fn tables_stay_tables_whatever_stands_in_them() {
        let link = |reference: &str| {
            Inline::Link(PartyRef {
                reference: reference.to_owned(),
                title: "Net | Sec".to_owned(),
            })
        };
        let row = vec![vec![Inline::Anchor("seat/net".to_owned())], text("a|b\nc")];
        let blocks = [
            Block::Table { columns: vec!["A".to_owned(), "B".to_owned()], rows: vec![row] },
            Block::Paragraph(vec![link("seat/net"), Inline::text(" "), link("seat/other")]),
        ];
        let mut writer = Writer::new(anchors(&blocks));
        blocks.iter().for_each(|block| writer.block(block));
        assert_eq!(
            writer.finish(),
            "| A | B |\n|---|---|\n| <a id=\"seat-net\"></a> | a\\|b c |\n\n[Net | Sec](#seat-net) Net | Sec\n"
        );
    }
}
