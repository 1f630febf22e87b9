//! Sizes: a file that passes its budget is two files, a function that does is two functions.

use crate::tidy::tree::Tree;

/// No production file may have more lines. Above it nobody reads a file from top to bottom.
const FILE_LIMIT: usize = 600;
/// No function may have more lines between its braces: it no longer fits on a screen.
const FUNCTION_LIMIT: usize = 70;

/// Finds files and functions over budget, and modules that do not say what they are.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in tree.production() {
        let lines = text.lines().count();
        if lines > FILE_LIMIT {
            findings.push(format!("{path}: {lines} lines; split it (at most {FILE_LIMIT})"));
        }
        if !text.starts_with("//!") {
            findings.push(format!(
                "{path}: opens without `//!`; say what the module is, its invariants and why"
            ));
        }
        findings.extend(long_functions(text).map(|(name, length)| {
            format!("{path}: `{name}` has {length} lines; split it (at most {FUNCTION_LIMIT})")
        }));
    }
    findings
}

/// The shape of the tree in one line.
pub(crate) fn summary(tree: &Tree) -> String {
    let mut sizes: Vec<usize> = tree.production().map(|(_, text)| text.lines().count()).collect();
    sizes.sort_unstable();
    let at = |percent: usize| sizes.get(sizes.len() * percent / 100).copied().unwrap_or(0);
    format!(
        "{} Rust files, {} production lines, p50 {}, p90 {}",
        sizes.len(),
        sizes.iter().sum::<usize>(),
        at(50),
        at(90)
    )
}

fn long_functions(text: &str) -> impl Iterator<Item = (String, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        match &open {
            None => open = function_name(line).map(|name| (number, indent, name)),
            Some((start, at, name)) if indent == *at && line.trim_start().starts_with('}') => {
                found.push((name.clone(), number - start - 1));
                open = None;
            }
            // A declaration without a body, or a body on one line, ends at once.
            Some((start, ..))
                if *start + 1 == number && text.lines().nth(*start).is_some_and(ends_at_once) =>
            {
                open = function_name(line).map(|name| (number, indent, name));
            }
            Some(_) => {}
        }
    }
    found.into_iter().filter(|(_, length)| *length > FUNCTION_LIMIT)
}

fn ends_at_once(line: &str) -> bool {
    line.ends_with(';') || line.ends_with('}')
}

fn function_name(line: &str) -> Option<String> {
    let line = line.trim_start();
    let rest = ["pub(crate) ", "pub(super) ", "pub "]
        .iter()
        .find_map(|prefix| line.strip_prefix(prefix))
        .unwrap_or(line);
    let rest = rest.strip_prefix("const ").unwrap_or(rest);
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    let name: String = rest
        .strip_prefix("fn ")?
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_function_is_named_and_a_short_one_is_not() {
        let body = "    let x = 1;\n".repeat(71);
        let text = format!("//! m\nfn long() {{\n{body}}}\n\nfn short() {{\n    let y = 2;\n}}\n");
        let findings = check(&Tree::of(&[("crates/a/src/lib.rs", &text)]));
        assert_eq!(findings, ["crates/a/src/lib.rs: `long` has 71 lines; split it (at most 70)"]);
    }

    #[test]
    fn a_module_without_an_essay_is_named() {
        let findings = check(&Tree::of(&[("crates/a/src/lib.rs", "mod b;\n")]));
        assert_eq!(findings.len(), 1, "{findings:?}");
    }
}
