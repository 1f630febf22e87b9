//! One word per concept, nothing half-done, nothing of the machine on which it was written.

use crate::tidy::tree::Tree;

/// Finds what must not land: markers of unfinished work, skipped tests, machine paths.
pub(crate) fn check_unfinished(tree: &Tree) -> Vec<String> {
    // Written apart, so that this file does not find itself.
    let marks = [
        ["to", "do!("].concat(),
        ["un", "implemented!("].concat(),
        ["#[ig", "nore"].concat(),
        ["db", "g!("].concat(),
        ["FIX", "ME"].concat(),
    ];
    let mut findings = Vec::new();
    for (path, text) in tree.below("", ".rs") {
        for mark in marks.iter().filter(|mark| text.contains(mark.as_str())) {
            findings.push(format!("{path}: `{mark}` must not land"));
        }
    }
    let homes =
        ["wo", "ro", "fa"].iter().zip(["rk/", "ot/", "rm/"]).map(|(a, b)| format!("/{a}{b}"));
    let homes: Vec<String> = homes.collect();
    for (path, text) in tree.files.iter().filter(|(path, _)| *path != "Cargo.lock") {
        for line in text.lines() {
            if homes.iter().any(|home| names_a_home(line, home)) {
                findings.push(format!("{path}: names a path of one machine: {}", line.trim()));
            }
        }
    }
    findings
}

/// An absolute path: the slash does not continue a relative one.
fn names_a_home(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || "._-}>*)/".contains(c))
    })
}

/// Finds words that the glossary replaces by another: `Never: a, b` in its last column.
pub(crate) fn check_glossary(tree: &Tree) -> Vec<String> {
    let glossary = tree.files.get("GLOSSARY.md").map_or("", String::as_str);
    let banned: Vec<(String, String)> = glossary.lines().filter_map(row).flatten().collect();
    let mut findings = Vec::new();
    let mut look = |path: &str, text: &str| {
        let text = text.to_lowercase();
        for (word, instead) in &banned {
            if contains_word(&text, word) {
                findings.push(format!("{path}: says `{word}`; the glossary's word is `{instead}`"));
            }
        }
    };
    tree.production()
        .filter(|(path, _)| path.starts_with("crates/"))
        .for_each(|(path, text)| look(path, text));
    tree.below("crates/server/templates/", "").for_each(|(path, text)| look(path, text));
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
        .iter()
        .filter_map(|path| Some((*path, tree.files.get(*path)?)))
        .for_each(|(path, text)| look(path, text));
    findings
}

/// `| **seat** | meaning | role slot, chair |` → what must not be said, and what instead.
fn row(line: &str) -> Option<Vec<(String, String)>> {
    let mut cells = line.trim().strip_prefix("| **")?.strip_suffix(" |")?.split(" | ");
    let word = cells.next()?.trim_end_matches("**").to_owned();
    let never = cells.nth(1)?;
    let never = never.split(", ").map(str::trim).filter(|word| !word.is_empty() && *word != "–");
    Some(never.map(|other| (other.to_lowercase(), word.clone())).collect())
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_the_glossary_replaces_is_named() {
        let tree = Tree::of(&[
            ("GLOSSARY.md", "| **backup** | stands in for the primary | deputy, understudy |\n"),
            ("README.md", "Ask the deputy.\n"),
        ]);
        assert_eq!(
            check_glossary(&tree),
            ["README.md: says `deputy`; the glossary's word is `backup`"]
        );
    }

    #[test]
    fn a_path_of_one_machine_is_named_and_a_relative_one_is_not() {
        let home = ["/wo", "rk/main"].concat();
        let tree = Tree::of(&[
            ("a.md", &format!("see {home}\n")),
            ("b.md", "see docs/work/main and ../work/x\n"),
        ]);
        assert_eq!(check_unfinished(&tree).len(), 1);
    }
}
