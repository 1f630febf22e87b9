//! The order of a document's top-level fields: `apiVersion`, `kind`, `metadata`, `spec`.

use super::tree::{Look, Shape, Tree};

const ORDER: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// Moves the top-level fields of each document, with the comments that stand before them.
pub(super) fn order(text: &str, tree: &Tree) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for root in &tree.roots {
        reorder(text, root, &mut lines);
    }
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn reorder<'t>(text: &'t str, root: &Shape, lines: &mut Vec<&'t str>) {
    if root.look != Look::BlockMap || root.column != 0 {
        return;
    }
    let keys: Vec<(usize, usize)> = root
        .pairs()
        .map(|(key, _)| {
            let name = text.get(key.start..key.end).unwrap_or_default();
            let rank = ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
            (rank, key.line)
        })
        .collect();
    if keys.is_sorted_by_key(|(rank, _)| *rank) {
        return;
    }
    // A field's block begins at the comments before its key; the first field's comments belong to the document.
    let first = keys[0].1;
    let begins: Vec<usize> = keys
        .iter()
        .map(|&(_, line)| if line == first { line } else { with_comments(lines, line) })
        .collect();
    let end = root.last_line + 1;
    let mut blocks: Vec<(usize, Vec<&str>)> = Vec::new();
    for (at, (rank, _)) in keys.iter().enumerate() {
        let stop = begins.get(at + 1).copied().unwrap_or(end);
        blocks.push((*rank, lines[begins[at]..stop].to_vec()));
    }
    blocks.sort_by_key(|(rank, _)| *rank);
    let ordered: Vec<&str> = blocks.into_iter().flat_map(|(_, block)| block).collect();
    lines.splice(first..end, ordered);
}

fn with_comments(lines: &[&str], key: usize) -> usize {
    let before = lines[..key].iter().rev().take_while(|line| line.starts_with('#')).count();
    key - before
}
