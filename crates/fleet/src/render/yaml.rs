//! JSON values as YAML in block style, for files that people read on a machine.
//!
//! Keys keep their order. A text is plain only where no reader of YAML 1.1 or 1.2 can take it for something else; texts of
//! several lines stand as they are, behind a `|`; everything else is quoted as JSON quotes, which YAML reads the same.

use serde_json::Value;

/// Writes a value as a document, with a line break at its end.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

/// Writes a mapping or sequence from the beginning of a line, and anything else up to the end of one.
fn write(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                text.push_str(&indent);
                text.push_str(&scalar(key));
                text.push(':');
                field(value, depth, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                item_of(item, depth, &indent, text);
            }
        }
        Value::Object(_)
        | Value::Array(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_) => {
            text.push_str(&leaf(value, depth));
            text.push('\n');
        }
    }
}

/// What stands behind `key:`.
fn field(value: &Value, depth: usize, text: &mut String) {
    if is_nested(value) {
        text.push('\n');
        write(value, depth + 1, text);
    } else {
        text.push(' ');
        text.push_str(&leaf(value, depth + 1));
        text.push('\n');
    }
}

/// An item of a sequence; a mapping begins beside its dash.
fn item_of(item: &Value, depth: usize, indent: &str, text: &mut String) {
    text.push_str(indent);
    text.push_str("- ");
    if is_nested(item) {
        let mut inner = String::new();
        write(item, depth + 1, &mut inner);
        text.push_str(inner.trim_start());
    } else {
        text.push_str(&leaf(item, depth + 1));
        text.push('\n');
    }
}

fn is_nested(value: &Value) -> bool {
    match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A value that takes no lines of its own, but for a text of several.
fn leaf(value: &Value, depth: usize) -> String {
    match value {
        Value::String(text) if can_stand_as_lines(text) => lines(text, depth),
        Value::String(text) => scalar(text),
        Value::Object(_) | Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {
            value.to_string()
        }
    }
}

/// Several lines, the last one ended, none of which needs an escape or could lose something at its edge.
fn can_stand_as_lines(text: &str) -> bool {
    let is_printable = |character: char| character == '\n' || !character.is_control();
    text.trim_end_matches('\n').contains('\n')
        && text.ends_with('\n')
        && !text.ends_with("\n\n")
        && !text.starts_with([' ', '\n'])
        && text.chars().all(is_printable)
}

fn lines(text: &str, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let mut block = "|".to_owned();
    for line in text.lines() {
        block.push('\n');
        if !line.is_empty() {
            block.push_str(&indent);
            block.push_str(line);
        }
    }
    block
}

/// A text in one line: plain if nobody can misread it, else quoted.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { Value::from(text).to_string() }
}

/// Beginning with a letter or a slash, of harmless characters, and no word that YAML takes for a boolean or for nothing.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
    let is_harmless =
        |character: char| character.is_ascii_alphanumeric() || "/._-+@ ".contains(character);
    begins
        && !text.ends_with(' ')
        && text.chars().all(is_harmless)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stand_in_block_style_and_keep_their_order() {
        let value = json!({
            "z": "plain words",
            "a": ["no", 1, true, null, "1.5", "a: b", ""],
            "list": [{ "path": "/etc/a", "content": "one\n  two\n\nthree\n" }, ["x"], {}, []],
            "12": "0644",
        });
        let expected = "\
z: plain words
a:
  - \"no\"
  - 1
  - true
  - null
  - \"1.5\"
  - \"a: b\"
  - \"\"
list:
  - path: /etc/a
    content: |
      one
        two

      three
  - - x
  - {}
  - []
\"12\": \"0644\"
";
        assert_eq!(document(&value), expected);
    }
}
