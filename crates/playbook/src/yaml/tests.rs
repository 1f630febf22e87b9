//! Properties of the readers: they agree, they never panic, their spans lie in the text.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Node, Origin, Value, chunks, plain, read, tree};

/// Pieces that YAML is made of, and pieces that it trips over.
const PIECES: &[&str] = &[
    "a",
    "b: ",
    "key:",
    "key: value",
    "- ",
    "-",
    "- x",
    "  ",
    "    ",
    " ",
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n  - ",
    "\n  k: v",
    "\nk: v",
    "[",
    "]",
    "{",
    "}",
    "[a, b]",
    "[ a ,b ]",
    "{a: b}",
    "{a: b, c: [d]}",
    "[]",
    "{}",
    "\"",
    "\"quoted\"",
    "'single'",
    "'it''s'",
    "\"esc\\n\"",
    "#",
    " # comment",
    "# comment",
    ": ",
    ":",
    ", ",
    ",",
    "|",
    "|\n",
    "|-\n",
    ">\n",
    ">-\n",
    "|+\n",
    "|2\n",
    "text",
    "more text",
    "&a ",
    "*a",
    "!t ",
    "? ",
    "%",
    "@",
    "`",
    "---\n",
    "...\n",
    "~",
    "null",
    "true",
    "1e3",
    "-1",
    "\t",
    "\r\n",
    "ä",
    "\u{2028}",
    "\u{feff}",
    "\u{85}",
    "https://x.y/z#f",
    "a:b",
    "a #b",
    "a# b",
    "<<",
    "x:\n  y: 1\n",
    "x:\n- 1\n- 2\n",
    "\n\n",
    " \n",
    "\\",
    "!!str 1",
    "=",
    ">",
    "2026-11-22",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Documents that are plain on purpose, so that the fast reader gets far into them.
fn plain_text() -> impl Strategy<Value = String> {
    let scalar = proptest::sample::select(vec![
        "x",
        "a b c",
        "\"q\"",
        "'s'",
        "[a, b]",
        "{a: b}",
        "1",
        "-1",
        "a:b",
        "a#b",
        "x # c",
        "",
        "[]",
        "[x, [y]]",
        "ü",
        "~",
        "\"a\" # c",
        "[a] # c",
        "a - b",
        "x  ",
        "[ a, {b: c} ]",
        "{ b: \"c\" }",
    ]);
    let block = proptest::sample::select(vec![
        "|\n      t\n      u\n",
        "|-\n      t\n",
        ">-\n      t\n      u\n",
        ">\n      t\n",
        "|\n      t\n        u\n",
    ]);
    let line = (0..3_usize, any::<bool>(), 0..4_u8, scalar, proptest::option::weighted(0.1, block))
        .prop_map(|(level, is_item, key, scalar, block)| {
            let indent = " ".repeat(level * 2);
            let dash = if is_item { "- " } else { "" };
            match block {
                Some(block) => format!("{indent}{dash}k{key}: {block}"),
                None if scalar.is_empty() => format!("{indent}{dash}k{key}:\n"),
                None if key == 3 => format!("{indent}- {scalar}\n"),
                None => format!("{indent}{dash}k{key}: {scalar}\n"),
            }
        });
    proptest::collection::vec(line, 1..10).prop_map(|lines| lines.concat())
}

/// Both readers' trees of each document of a text that the fast one accepts.
fn compare(text: &str) -> Result<usize, TestCaseError> {
    let file: Arc<str> = Arc::from("a.yaml");
    let mut accepted = 0;
    for chunk in chunks(text) {
        let origin = Origin { file: &file, base: u32::try_from(chunk.start).unwrap() };
        if let Some(fast) = plain::read(chunk.text, origin) {
            let (root, problems) = tree::read(chunk.text, origin);
            prop_assert!(problems.is_empty(), "{text:?}: {problems:?}");
            prop_assert_eq!(Some(fast), root, "{:?}", text);
            accepted += 1;
        }
    }
    Ok(accepted)
}

fn check_spans(text: &str, node: &Node<'_>) -> Result<(), TestCaseError> {
    let range = node.span.start as usize..node.span.end as usize;
    prop_assert!(text.get(range).is_some(), "{:?} in {text:?}", node.span);
    match &node.value {
        Value::Scalar { .. } => {}
        Value::List(items) => items.iter().try_for_each(|item| check_spans(text, item))?,
        Value::Map(pairs) => {
            for (key, value) in pairs {
                check_spans(text, key)?;
                check_spans(text, value)?;
            }
        }
    }
    Ok(())
}

/// Writes a tree so that reading it gives the same values again.
fn write(node: &Node<'_>) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    match &node.value {
        Value::Scalar { text, plain: true } if text.is_empty() || text == "~" => "~".to_owned(),
        Value::Scalar { text, .. } => quoted(text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(write).collect::<Vec<_>>().join(", "))
        }
        Value::Map(pairs) => {
            let pair = |(key, value): &(Node<'_>, Node<'_>)| {
                format!("{}: {}", quoted(key.text().unwrap()), write(value))
            };
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_fast_reader_agrees_with_the_library(text in text()) {
        compare(&text)?;
    }

    #[test]
    fn the_fast_reader_agrees_on_plain_documents(text in plain_text()) {
        compare(&text)?;
    }

    #[test]
    fn spans_lie_in_the_text(text in text()) {
        let file: Arc<str> = Arc::from("a.yaml");
        for chunk in chunks(&text) {
            let document = read(chunk, Origin { file: &file, base: 0 });
            if let Some(root) = &document.root {
                check_spans(&text, root)?;
            }
            for problem in &document.problems {
                let span = problem.place.span;
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{:?} in {:?}", span, text);
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again(text in plain_text()) {
        let file: Arc<str> = Arc::from("a.yaml");
        let origin = Origin { file: &file, base: 0 };
        for chunk in chunks(&text) {
            let Some(root) = read(chunk, origin).root else { continue };
            let written = write(&root);
            let again = chunks(&written).next().and_then(|chunk| read(chunk, origin).root);
            prop_assert_eq!(again.as_ref().map(write), Some(written));
        }
    }
}

#[test]
fn ordinary_documents_are_read_fast() {
    let accepted = [
        "a: 1\nb:\n  - x\n  - y: 1\n    z: [p, \"q\"]\nc:\n- d\n\n# comment\ne: {f: g}\nh:\n",
        "k: >-\n  a\n  b\nl: |\n  c\n    d\n",
        "url: https://example.com/#x # comment\nname: 'ü'\n",
    ];
    for text in accepted {
        assert_eq!(compare(text).unwrap(), 1, "{text}");
    }
    for text in [
        "a: &x 1\n",
        "a: b\n c\n",
        "a:\tb\n",
        "a: \"\\n\"\n",
        "a: b: c\n",
        "? a\n: b\n",
        "a: 1\na: 2\n",
        "- a\n",
    ] {
        let file: Arc<str> = Arc::from("a.yaml");
        assert!(plain::read(text, Origin { file: &file, base: 0 }).is_none(), "{text}");
    }
}
