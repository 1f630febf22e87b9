//! Everything that people (and their tools) get wrong in files, through the real binary: each gets
//! one clear diagnostic at the right place, the rest of the playbook is still checked, exit code 1,
//! and nothing panics.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use crate::support::Scratch;

/// A document whose own finding proves that the rest of the playbook was still checked.
const WITNESS: &str = "apiVersion: council/v1\nkind: Seat\nmetadata: { name: witness }\nspec: { owns: X, primary: witness-was-checked }\n";

/// Checks a playbook with one bad file, as `code file:line:column message` a line.
#[track_caller]
fn check(file: &str, text: impl AsRef<[u8]>, expected: Expect) {
    let scratch = Scratch::playbook();
    scratch.write(file, text);
    check_in(&scratch, expected);
}

#[track_caller]
fn check_in(scratch: &Scratch, expected: Expect) {
    scratch.write("zzz-witness.yaml", WITNESS);
    let run = scratch.council("check --format json");
    assert_eq!(run.code, 1, "{run:?}");
    let mut shown = String::new();
    let mut witnessed = false;
    for finding in run.json()["diagnostics"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        if text("message").contains("witness-was-checked") {
            witnessed = true;
            continue;
        }
        if text("severity") != "error" {
            continue;
        }
        let start = &finding["start"];
        let place = format!("{}:{}:{}", text("file"), start["line"], start["column"]);
        writeln!(shown, "{} {place} {}", text("code"), text("message")).unwrap();
        writeln!(shown, "  why: {}\n  hint: {}", text("why"), text("hint")).unwrap();
    }
    assert!(witnessed, "the rest was not checked: {}", run.out);
    expected.assert_eq(&shown);
    let human = scratch.council("check");
    assert_eq!(human.code, 1);
    assert!(human.out.contains("error["), "{human:?}");
}

fn office(name: &str, rest: &str) -> String {
    format!("apiVersion: council/v1\nkind: Office\nmetadata:\n  name: {name}\nspec:\n{rest}")
}

#[test]
fn duplicate_keys() {
    check(
        "a.yaml",
        office("cto", "  notes: one\n  notes: two\n"),
        expect![[r#"
        PLB010 a.yaml:7:3 the key `notes` stands twice in this map
          why: only one of the two values can be meant
          hint: delete one of them
    "#]],
    );
}

#[test]
fn duplicate_names() {
    let twice =
        format!("{}---\n{}", office("cto", "  notes: one\n"), office("cto", "  notes: two\n"));
    check(
        "a.yaml",
        twice,
        expect![[r#"
        PLB030 a.yaml:11:9 `office/cto` is declared twice
          why: a reference to it would be a matter of luck
          hint: rename one of them, or delete it
    "#]],
    );
}

#[test]
fn tabs() {
    check(
        "a.yaml",
        office("cto", "\tnotes: one\n"),
        expect![[r#"
        PLB008 a.yaml:6:1 a tab is used to indent
          why: YAML indents with spaces only
          hint: replace the tab by spaces
    "#]],
    );
}

#[test]
fn invalid_utf8() {
    let mut bytes = office("cto", "  notes: ").into_bytes();
    bytes.extend([b'n', 0xff, 0xfe, b'\n']);
    check(
        "a.yaml",
        bytes,
        expect![[r#"
        PLB004 a.yaml:1:1 the file is not UTF-8 text
          why: byte 74 (line 6) does not belong to any character
          hint: save it as UTF-8
    "#]],
    );
}

#[test]
fn utf16() {
    let text = office("cto", "  notes: one\n");
    let bytes: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    check(
        "a.yaml",
        bytes,
        expect![[r#"
        PLB004 a.yaml:1:1 the file is not UTF-8 text
          why: it is UTF-16
          hint: save it as UTF-8
    "#]],
    );
}

#[test]
fn an_alias_bomb() {
    let mut text = office("cto", "  notes: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "  b{level}: &a{level} [{aliases}]").unwrap();
    }
    check(
        "a.yaml",
        text,
        expect![[r#"
        PLB012 a.yaml:10:12 the aliases of this document stand for more than 10000 values
          why: aliases of aliases multiply until memory ends
          hint: write the values out, or split the document
    "#]],
    );
}

#[test]
fn nesting_of_ten_thousand_levels() {
    let text = office("cto", &format!("  notes: {}{}\n", "[".repeat(10_000), "]".repeat(10_000)));
    check(
        "a.yaml",
        text,
        expect![[r#"
        PLB011 a.yaml:6:74 lists and maps are nested more than 64 levels deep
          why: nothing in a playbook is that deep, and reading it costs stack
          hint: flatten the document
    "#]],
    );
}

#[test]
fn a_file_of_one_gigabyte() {
    let scratch = Scratch::playbook();
    let path = scratch.write("a.yaml", "");
    // Sparse: it takes no room on the disk.
    std::fs::File::options().write(true).open(path).unwrap().set_len(1 << 30).unwrap();
    check_in(
        &scratch,
        expect![[r#"
        PLB003 a.yaml:1:1 the file is too large: 1024 MiB
          why: files of more than 8 MiB are not read
          hint: split it, or list it in `.councilignore`
    "#]],
    );
}

#[cfg(unix)]
#[test]
fn a_loop_of_symbolic_links() {
    let scratch = Scratch::playbook();
    std::os::unix::fs::symlink("b.yaml", scratch.path().join("a.yaml")).unwrap();
    std::os::unix::fs::symlink("a.yaml", scratch.path().join("b.yaml")).unwrap();
    check_in(
        &scratch,
        expect![[r#"
        PLB006 a.yaml:1:1 this link leads in a circle
          why: -
          hint: delete the link
        PLB006 b.yaml:1:1 this link leads in a circle
          why: -
          hint: delete the link
    "#]],
    );
}

#[cfg(unix)]
#[test]
fn a_link_that_leaves_the_playbook() {
    let outside = Scratch::empty();
    let secret = outside.write("secret.yaml", office("cto", "  notes: secret\n"));
    let scratch = Scratch::playbook();
    std::os::unix::fs::symlink(secret, scratch.path().join("a.yaml")).unwrap();
    check_in(
        &scratch,
        expect![[r#"
        PLB006 a.yaml:1:1 this link leads out of the playbook
          why: -
          hint: copy what it points to into the playbook, or list the link in `.councilignore`
    "#]],
    );
}

#[cfg(unix)]
#[test]
fn an_unreadable_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = Scratch::playbook();
    let path = scratch.write("a.yaml", office("cto", "  notes: one\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything; then there is nothing to refuse.
    if std::fs::read(&path).is_ok() {
        eprintln!("left out: this user may read every file");
        return;
    }
    check_in(&scratch, expect![[""]]);
}

#[test]
fn unknown_kinds() {
    let text = office("cto", "  notes: one\n");
    check(
        "a.yaml",
        text.replace("Office", "Ofice"),
        expect![[r#"
        PLB022 a.yaml:2:7 there is no kind `Ofice` in `council/v1`
          why: -
          hint: did you mean `Office`?
    "#]],
    );
    check(
        "a.yaml",
        text.replace("council/v1", "council/v2"),
        expect![[r#"
        PLB021 a.yaml:1:13 the apiVersion `council/v2` is not known
          why: -
          hint: write `council/v1`, or list the file in `.councilignore` if it is another tool's
    "#]],
    );
}

#[test]
fn unknown_fields() {
    check(
        "a.yaml",
        office("cto", "  note: one\n"),
        expect![[r#"
        PLB023 a.yaml:6:3 there is no field `note` here
          why: -
          hint: did you mean `notes`?
    "#]],
    );
    let text = office("cto", "  notes: one\n").replace("metadata:", "metadata:\n  tittle: CTO");
    check(
        "a.yaml",
        text,
        expect![[r#"
        PLB023 a.yaml:4:3 there is no field `tittle` here
          why: -
          hint: did you mean `title`?
    "#]],
    );
}

#[test]
fn wrong_types() {
    check(
        "a.yaml",
        office("cto", "  notes: [one]\n"),
        expect![[r#"
        PLB025 a.yaml:6:10 text is expected, not a list
          why: -
          hint: -
    "#]],
    );
    check(
        "a.yaml",
        office("cto", "  - notes\n"),
        expect![[r#"
        PLB025 a.yaml:6:3 a map of fields is expected, not a list
          why: -
          hint: -
    "#]],
    );
}

#[test]
fn names_that_yaml_takes_for_something_else() {
    check("a.yaml", office("no", "  notes: one\n"), expect![[""]]);
    check(
        "a.yaml",
        office("1e3", "  notes: one\n"),
        expect![[r#"
        PLB025 a.yaml:4:9 text is expected, not `1e3` (a number)
          why: -
          hint: put it in quotes: `"1e3"`
    "#]],
    );
    check(
        "a.yaml",
        office("CTO", "  notes: one\n"),
        expect![[r#"
        PLB029 a.yaml:4:9 `CTO` cannot be a name
          why: names are lower-case letters, digits, `-`, `.` and `_`, at most 63
          hint: write `name: cto`, and what people read in `title`
    "#]],
    );
}

#[test]
fn dates_that_do_not_exist() {
    let text = "apiVersion: council/v1\nkind: Person\nmetadata:\n  name: ana\nspec:\n  joined: 2026-02-30\n";
    check(
        "a.yaml",
        text,
        expect![[r#"
        PLB028 a.yaml:6:11 there is no day `2026-02-30` in the calendar
          why: -
          hint: write a day such as `2026-11-22`
    "#]],
    );
}

#[test]
fn merge_conflicts() {
    let text = format!(
        "{}<<<<<<< HEAD\n  notes: one\n=======\n  notes: two\n>>>>>>> other\n",
        office("cto", "")
    );
    check(
        "a.yaml",
        text,
        expect![[r#"
        PLB009 a.yaml:6:1 a merge conflict was left in the file
          why: the two sides of the merge contradict each other here
          hint: decide for one side and delete the markers
    "#]],
    );
}

#[test]
fn missing_envelope() {
    check(
        "a.yaml",
        "name: cto\nnotes: one\n",
        expect![[r#"
        PLB020 a.yaml:1:1 this document declares no resource
          why: it has no `apiVersion` and no `kind`
          hint: write `apiVersion`, `kind`, `metadata` and `spec`, or list the file in `.councilignore`
    "#]],
    );
    check(
        "a.yaml",
        "apiVersion: council/v1\nkind: Office\nspec: {}\n",
        expect![[r#"
        PLB024 a.yaml:2:1 the field `metadata` is missing
          why: -
          hint: add `metadata:`
    "#]],
    );
    check(
        "a.yaml",
        "just words\n",
        expect![[r#"
        PLB020 a.yaml:1:1 this document declares no resource
          why: it has no `apiVersion` and no `kind`
          hint: write `apiVersion`, `kind`, `metadata` and `spec`, or list the file in `.councilignore`
    "#]],
    );
}

#[test]
fn dangling_references() {
    let text = office("cto", "  holder: anna\n");
    check(
        "a.yaml",
        text,
        expect![[r#"
        PLB040 a.yaml:6:11 there is no `person/anna`
          why: -
          hint: declare a person of this name, or name one that exists
    "#]],
    );
}

#[test]
fn a_block_in_markdown() {
    let text =
        format!("# Offices\n\nWords.\n\n```yaml council\n{}```\n", office("cto", "  note: one\n"));
    check(
        "a.md",
        text,
        expect![[r#"
        PLB023 a.md:11:3 there is no field `note` here
          why: -
          hint: did you mean `notes`?
    "#]],
    );
}

/// What looks odd and is fine: a byte-order mark, Windows line ends, an empty file, comments alone,
/// anchors and merge keys within reason.
#[test]
fn what_is_odd_and_fine_passes() {
    let scratch = Scratch::playbook();
    scratch.write("bom.yaml", format!("\u{feff}{}", office("cto", "  notes: one\n")));
    scratch.write("crlf.yaml", office("cfo", "  notes: one\n").replace('\n', "\r\n"));
    scratch.write("empty.yaml", "");
    scratch.write("comments.yaml", "# nothing yet\n");
    let run = scratch.council("check");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(scratch.council("list office --format json").json().as_array().unwrap().len(), 2);
}

#[test]
fn anchors_and_merge_keys() {
    let text = office("cto", "  notes: &words one\n")
        + "---\n"
        + office("cfo", "  notes: *words\n").as_str();
    check(
        "a.yaml",
        text,
        expect![[r#"
        PLB001 a.yaml:13:10 no anchor `words` stands before this alias
          why: -
          hint: put text that starts with `*` in quotes, or define the anchor first
    "#]],
    );
    let text = office("cto", "  <<: { notes: one }\n");
    let scratch = Scratch::playbook();
    scratch.write("a.yaml", text);
    let run = scratch.council("check");
    assert!(matches!(run.code, 0 | 1), "{run:?}");
}
