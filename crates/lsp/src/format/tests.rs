//! What formatting does, by example, and what it never does.

use super::{Formatted, markdown, yaml};

#[track_caller]
fn check(text: &str, expected: &str) {
    let Formatted::Text(once) = yaml(text) else { panic!("refused: {:?}", yaml(text)) };
    assert_eq!(once, expected);
    assert_eq!(yaml(&once), Formatted::Text(once.clone()), "formatting twice changes something");
}

#[test]
fn indentation_becomes_two_spaces_and_lists_stand_below_their_key() {
    check(
        "a:\n    b:\n    - one\n    -   two\n    c: [x,y]\n",
        "a:\n  b:\n    - one\n    - two\n  c: [x, y]\n",
    );
}

#[test]
fn the_envelope_gets_its_usual_order_with_its_comments() {
    check(
        "# about this file\nkind: Seat\n# why v1\napiVersion: council/v1\nspec: {a: 1}\nmetadata: {name: x}\n",
        "# about this file\n# why v1\napiVersion: council/v1\nkind: Seat\nmetadata: { name: x }\nspec: { a: 1 }\n",
    );
}

#[test]
fn quotes_become_double_unless_that_needs_escapes() {
    check("a: 'x'\nb: 'say \"x\"'\nc: 'it''s'\n", "a: \"x\"\nb: 'say \"x\"'\nc: \"it's\"\n");
}

#[test]
fn block_text_keeps_its_inner_shape() {
    check(
        "a:\n    t: |\n        one\n          two \n\n        three\n    b: 1\n",
        "a:\n  t: |\n    one\n      two \n\n    three\n  b: 1\n",
    );
}

#[test]
fn maps_in_lists_keep_their_columns_together() {
    check(
        "a:\n-   b: 1\n    c: 2\n-   d:\n      - e\n",
        "a:\n  - b: 1\n    c: 2\n  - d:\n      - e\n",
    );
}

#[test]
fn comments_stay_with_what_they_stand_before() {
    check(
        "a:\n    # about b\n    b: 1 # and beside\n    # about c\n    c: 2\n",
        "a:\n  # about b\n  b: 1 # and beside\n  # about c\n  c: 2\n",
    );
}

#[test]
fn long_scalars_and_flow_lists_are_aligned() {
    check("a: one\n      two\nb: [x,\n         y\n   ]\n", "a: one\n  two\nb: [x,\n  y\n]\n");
}

#[test]
fn line_ends_marks_and_empty_lines_are_tidied() {
    check("\u{feff}a: 1  \r\n\r\n\r\n\r\nb: 2\r\n\r\n", "a: 1\n\nb: 2\n");
}

#[test]
fn several_documents_stay_apart() {
    check("---\na:   1\n---\nb:\n    c: 2\n", "---\na: 1\n---\nb:\n  c: 2\n");
}

#[test]
fn anchors_and_tags_are_left_alone() {
    check("a: &x   { b: 1 }\nc: *x\nd: !t 1\n", "a: &x   { b: 1 }\nc: *x\nd: !t 1\n");
}

#[test]
fn what_is_no_yaml_is_refused_with_its_line() {
    let Formatted::Refused(why) = yaml("a: [1\nb: 2\n") else { panic!("formatted") };
    assert!(why.starts_with("line "), "{why}");
}

#[test]
fn only_the_council_blocks_of_markdown_change() {
    let text = "# T\n\n```yaml\na:   1\n```\n\n```yaml council\nkind:   X\n```\n\nend\n";
    let expected = "# T\n\n```yaml\na:   1\n```\n\n```yaml council\nkind: X\n```\n\nend\n";
    assert_eq!(markdown(text), Formatted::Text(expected.to_owned()));
}

/// Files that many hands wrote, where they are present: formatting keeps their meaning and settles at once.
#[test]
fn other_peoples_files_keep_their_meaning() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs");
    if !corpus.is_dir() {
        println!("left out: no corpus of foreign YAML files beside this checkout");
        return;
    }
    let mut refused = Vec::new();
    let mut files = 0;
    for entry in
        ignore::WalkBuilder::new(&corpus).sort_by_file_path(std::path::Path::cmp).build().flatten()
    {
        let is_yaml =
            entry.path().extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        let Some(text) = is_yaml.then(|| std::fs::read_to_string(entry.path()).ok()).flatten()
        else {
            continue;
        };
        // Huge API descriptions show nothing that smaller files do not.
        if text.len() > 100_000 {
            continue;
        }
        files += 1;
        match yaml(&text) {
            Formatted::Text(once) => {
                assert_eq!(yaml(&once), Formatted::Text(once), "{}", entry.path().display());
            }
            Formatted::Refused(why) => refused.push(format!("{}: {why}", entry.path().display())),
        }
    }
    assert!(files > 100, "only {files} files");
    assert!(
        refused.len() * 500 <= files,
        "{} of {files} refused:\n{}",
        refused.len(),
        refused.join("\n")
    );
}
