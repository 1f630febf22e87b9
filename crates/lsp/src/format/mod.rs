//! The formatter behind `council fmt` and the editor's "format document".
//!
//! One way to write a playbook: two spaces a level, lists indented below their key, `{ a: 1 }` and `[a, b]`,
//! double quotes, the envelope's fields in their usual order, no trailing space, at most one empty line in
//! a row, one newline at the end. Comments stay with what they stand before.
//!
//! Invariant: the formatted text means the same. The events of both texts are compared, and where they
//! differ, or where the text is no YAML, the text is left as it is and the caller is told why. Formatting
//! twice changes nothing more.
//!
//! Absent on purpose: line length. Where a sentence breaks is the writer's choice.

mod envelope;
mod indent;
mod inline;
mod tree;

use tree::Tree;

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formatted {
    /// The formatted text; it may equal the original.
    Text(String),
    /// The text was left alone, and why, for a person.
    Refused(String),
}

/// Formats the YAML documents of one file.
pub fn yaml(text: &str) -> Formatted {
    let clean = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let original = match Tree::read(&clean) {
        Ok(tree) => tree,
        Err(why) => return Formatted::Refused(why),
    };
    if original.roots.is_empty() {
        return Formatted::Text(
            clean.trim_end().to_owned() + if clean.trim().is_empty() { "" } else { "\n" },
        );
    }
    let formatted = Tree::read(&inline::tidy(&clean, &original))
        .and_then(|tree| Tree::read(&indent::tidy(&tree.text, &tree)))
        .and_then(|tree| Tree::read(&envelope::order(&tree.text, &tree)));
    match formatted {
        Ok(tree) if tree.means_the_same(&original) => Formatted::Text(tree.text),
        Ok(_) => Formatted::Refused(
            "formatting would change what the file means; please report it".to_owned(),
        ),
        Err(why) => Formatted::Refused(why),
    }
}

/// Formats the `yaml council` blocks of a Markdown file and leaves the rest alone.
pub fn markdown(text: &str) -> Formatted {
    let mut out = String::with_capacity(text.len());
    let mut block: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let fence = line.trim_end();
        match &mut block {
            None => {
                out.push_str(line);
                if fence.starts_with("```yaml council") {
                    block = Some(String::new());
                }
            }
            Some(inner) if fence == "```" => {
                match yaml(inner) {
                    Formatted::Text(text) => out.push_str(&text),
                    Formatted::Refused(why) => return Formatted::Refused(why),
                }
                out.push_str(line);
                block = None;
            }
            Some(inner) => inner.push_str(line),
        }
    }
    match block {
        Some(_) => Formatted::Refused("a fenced block is not closed".to_owned()),
        None => Formatted::Text(out),
    }
}

#[cfg(test)]
mod tests;
