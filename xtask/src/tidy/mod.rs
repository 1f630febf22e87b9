//! The house rules that a compiler does not know, as a command and as a test.
//!
//! Each rule is a function from the tree to findings; a finding names a file and says what to do. The
//! rules read text, not syntax: they are cheap, and a false alarm is a reason to write more plainly.

mod budgets;
mod law;
mod pages;
mod safety;
mod threats;
mod tree;
mod words;

use std::path::Path;

use anyhow::bail;

use crate::say;
use tree::Tree;

/// Runs every rule and lists all findings.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let tree = Tree::read(root)?;
    let findings = findings(&tree);
    for finding in &findings {
        say(finding);
    }
    if !findings.is_empty() {
        bail!("tidy: {} findings", findings.len());
    }
    say(&format!("tidy: {} files, no findings; {}", tree.files.len(), budgets::summary(&tree)));
    Ok(())
}

fn findings(tree: &Tree) -> Vec<String> {
    let rules: [fn(&Tree) -> Vec<String>; 8] = [
        law::check,
        law::check_document,
        budgets::check,
        pages::check,
        safety::check,
        threats::check,
        words::check_unfinished,
        words::check_glossary,
    ];
    rules.iter().flat_map(|rule| rule(tree)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let tree = Tree::read(&crate::root()).unwrap();
        let findings = findings(&tree);
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }
}
