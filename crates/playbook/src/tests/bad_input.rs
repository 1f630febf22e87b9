//! Bad input: each kind of it gives exactly one finding at the right place, and the rest is checked.

use super::{check, findings};

/// A team with these lines in its spec.
fn team(spec: &str) -> String {
    format!("apiVersion: council/v1\nkind: Team\nmetadata:\n  name: payments\nspec:\n{spec}")
}

const PERSON: &str = "apiVersion: council/v1\nkind: Person\nmetadata:\n  name: ana\nspec:\n  email: ana@example.com\n";

#[test]
fn duplicate_keys_show_both_places() {
    check(&team("  channel: a\n  alerts: b\n  channel: c\n"), &["PLB010 8:3 channel"]);
    let workspace = super::workspace([("a.yaml", team("  channel: a\n  channel: c\n").as_str())]);
    let found = workspace.check(&super::facts());
    assert_eq!(found[0].related[0].place.span, diag::Span::new(69, 76));
}

#[test]
fn many_duplicate_keys_are_found_too() {
    let labels: String = (0..40).map(|at| format!("    k{}: a\n", at % 39)).collect();
    check(&team(&format!("  limits:\n{}", labels.replace(": a", ": 1"))), &["PLB010 46:5 k0"]);
}

#[test]
fn duplicate_names_show_the_second() {
    let text = format!("{}---\n{}", team("  channel: a\n"), team("  channel: b\n"));
    check(&text, &["PLB030 11:9 payments"]);
}

#[test]
fn tabs_that_indent_are_named() {
    check(
        "apiVersion: council/v1\nkind: Team\nmetadata:\n\tname: payments\nspec: {}\n",
        &["PLB008 4:1 \t"],
    );
    check(&team("  posts:\n  - title: a\n\t  from: 2026-01-01\n"), &["PLB008 8:1 \t"]);
}

#[test]
fn byte_order_marks_are_skipped_and_mentioned() {
    check(
        &format!("\u{feff}{}", team("  chanel: x\n")),
        &["PLB005 1:1 \u{feff}", "PLB023 6:3 chanel"],
    );
}

#[test]
fn windows_line_ends_are_fine() {
    check(&team("  channel: x\n").replace('\n', "\r\n"), &[]);
    check(&format!("{}  alerts: z\n", team("  channel: x\n").replace('\n', "\r\n")), &[]);
}

#[test]
fn aliases_are_read_within_their_budget() {
    check(&team("  channel: &c x\n  alerts: *c\n"), &[]);
    let level = |at: u8| {
        let alias = if at == 0 { "x".to_owned() } else { format!("*a{}", at - 1) };
        format!("a{at}: &a{at} [{}]\n", vec![alias; 9].join(", "))
    };
    let bomb: String = (0..9).map(level).collect();
    check(&bomb, &["PLB012 5:10 *a3"]);
    check(&team("  channel: &c [*c]\n"), &["PLB012 6:16 *c"]);
    check(&team("  channel: *nothing\n"), &["PLB001 6:12 *"]);
}

#[test]
fn merge_keys_are_refused() {
    check(&team("  <<: {channel: x}\n"), &["PLB013 6:3 <<"]);
}

#[test]
fn nesting_of_any_depth_is_harmless() {
    let brackets = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    check(&team(&format!("  posts: {brackets}\n")), &["PLB011 6:74 "]);
    let block: String =
        (0..10_000).map(|depth| format!("{}- \n", " ".repeat(depth.min(200)))).collect();
    assert_eq!(findings([("a.yaml", block.as_str())]).len(), 1);
}

#[test]
fn nesting_by_aliases_is_bounded_too() {
    let mut text = format!("a0: &a0 {}{}\n", "[".repeat(60), "]".repeat(60));
    for at in 1..20 {
        text += &format!("a{at}: &a{at} {}*a{}{}\n", "[".repeat(10), at - 1, "]".repeat(10));
    }
    let found = findings([("a.yaml", text.as_str())]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("PLB011 a.yaml:2:"), "{found:?}");
}

#[test]
fn unknown_kinds_and_versions_are_told_apart() {
    check(
        "apiVersion: council/v1\nkind: Taem\nmetadata: {name: a}\nspec: {}\n",
        &["PLB022 2:7 Taem"],
    );
    check(
        "apiVersion: council/v9\nkind: Team\nmetadata: {name: a}\nspec: {}\n",
        &["PLB021 1:13 council/v9"],
    );
    check("kind: Team\nmetadata: {name: a}\nspec: {}\n", &["PLB024 1:1 kind"]);
    check("services: {web: {image: x}}\n", &["PLB020 1:1 "]);
    check("just text\n", &["PLB020 1:1 "]);
    check("- a\n- b\n", &["PLB020 1:1 "]);
}

#[test]
fn all_problems_of_a_document_are_reported_at_once() {
    check(
        "apiVersion: council/v1\nkind: Team\nmetadata:\n  name: payments\n  tittle: x\n  retired: 2026-02-30\nspec:\n  chanel: x\n  profile: backed\n  members: ana\n  answers_within: 2 days\n  limits: {a: 300, b: -1, c: x}\n  remote: maybe\n  quorum: {at-leest: 2}\n  posts:\n    - titel: x\n      from: 2026-13-01\n    - []\nextra: 1\n",
        &[
            "PLB023 5:3 tittle",
            "PLB028 6:12 2026-02-30",
            "PLB023 8:3 chanel",
            "PLB026 9:12 backed",
            "PLB025 10:12 ana",
            "PLB027 11:19 2 days",
            "PLB027 12:15 300",
            "PLB027 12:23 -1",
            "PLB025 12:30 x",
            "PLB025 13:11 maybe",
            "PLB026 14:12 at-leest",
            "PLB023 16:7 titel",
            "PLB024 16:7 titel: x",
            "PLB028 17:13 2026-13-01",
            "PLB025 18:7 []",
            "PLB023 19:1 extra",
        ],
    );
}

#[test]
fn missing_parts_are_reported_where_the_document_says_its_kind() {
    check("apiVersion: council/v1\nkind: Person\nspec:\n  email: x\n", &["PLB024 2:1 kind"]);
    check(
        "apiVersion: council/v1\nkind: Person\nmetadata:\n  name: a\nspec: {}\n",
        &["PLB024 5:1 spec"],
    );
    check(
        "apiVersion: council/v1\nkind: Person\nmetadata: {}\nspec: {email: x}\n",
        &["PLB024 3:1 metadata"],
    );
}

#[test]
fn texts_that_are_no_texts_need_quotes() {
    for word in ["true", "null", "~", "1e3", "0o17", "12", "0x1f", ".inf"] {
        let text = team(&format!("  alerts: {word}\n"))
            .replace("Team", "Person")
            .replace("alerts", "email");
        check(&text, &[&format!("PLB025 6:10 {word}")]);
        check(
            &PERSON.replace("name: ana", &format!("name: {word}")),
            &[&format!("PLB025 4:9 {word}")],
        );
    }
}

#[test]
fn texts_that_other_tools_misread_get_a_warning() {
    for word in ["no", "off", "Yes", "on", "1_000", "10:30"] {
        check(&team(&format!("  channel: {word}\n")), &[&format!("PLB031 6:12 {word}")]);
        check(&team(&format!("  channel: '{word}'\n")), &[]);
    }
    check(&PERSON.replace("name: ana", "name: no"), &["PLB031 4:9 no"]);
}

#[test]
fn dates_must_exist() {
    check(&format!("{PERSON}  joined: 2026-02-30\n"), &["PLB028 7:11 2026-02-30"]);
    check(&format!("{PERSON}  joined: soon\n"), &["PLB028 7:11 soon"]);
    check(&format!("{PERSON}  joined: 2024-02-29\n"), &[]);
}

#[test]
fn empty_files_and_documents_are_mentioned() {
    check("", &["PLB007 1:1 "]);
    check("# only\n\n  # comments\n", &["PLB007 1:1 "]);
    check(&format!("# licence\n---\n{PERSON}"), &[]);
    check(&format!("{PERSON}---\n# nothing\n---\n{}", team("  channel: x\n")), &["PLB007 7:4 "]);
}

#[test]
fn merge_conflicts_are_named_wherever_they_are() {
    let conflict = "<<<<<<< HEAD\n  channel: a\n=======\n  channel: b\n>>>>>>> main\n";
    check(&team(conflict), &["PLB009 6:1 <<<<<<< HEAD"]);
    check(&format!("<<<<<<< HEAD\n{PERSON}=======\n>>>>>>> x\n"), &["PLB009 1:1 <<<<<<< HEAD"]);
}

#[test]
fn keys_must_be_words() {
    check(&team("  ? [a]\n  : b\n  channel: x\n"), &["PLB016 6:5 [a]"]);
    check(
        &team("  channel: {a: b}: c\n").replace("  channel: {a: b}: c", "  {a: b}: c"),
        &["PLB016 6:3 {a: b}"],
    );
}

#[test]
fn tags_are_refused_except_those_that_say_nothing() {
    check(&team("  channel: !secret x\n"), &["PLB014 6:20 x"]);
    check(&team("  channel: !!str 12\n"), &[]);
}

#[test]
fn directives_are_refused() {
    check(&format!("%YAML 1.1\n---\n{PERSON}"), &["PLB015 1:1 %YAML 1.1"]);
}

#[test]
fn a_broken_document_hides_neither_its_neighbours_nor_its_name() {
    let lead = team("  lead: ana\n");
    let text = format!("{}---\nmetadata: [\n---\n{lead}", PERSON.replace("ana@", "\"ana@"));
    check(&text, &["PLB001 6:10 \"", "PLB001 8:11 ["]);
}

#[test]
fn names_have_letters_and_a_length() {
    for name in ["Payments", "pay ments", "-a", "a-", "zahlungen-ü", &"x".repeat(64)] {
        let text = team("  channel: x\n").replace("payments", &format!("\"{name}\""));
        check(&text, &[&format!("PLB029 4:9 \"{name}\"")]);
    }
    check(&team("  channel: x\n").replace("payments", &"x".repeat(63)), &[]);
}

#[test]
fn findings_of_one_document_are_bounded() {
    let fields: String = (0..500).map(|at| format!("  f{at}: 1\n")).collect();
    let found = findings([("a.yaml", team(&fields).as_str())]);
    assert_eq!(found.len(), crate::limits::MAX_FINDINGS + 1);
    assert!(found.iter().any(|one| one.starts_with("PLB017")));
}

#[test]
fn documents_of_one_file_are_bounded() {
    let text = "---\na\n".repeat(crate::limits::MAX_DOCUMENTS + 2);
    let found = super::workspace([("a.yaml", text.as_str())]).check(&super::facts());
    assert_eq!(found.len(), crate::limits::MAX_DOCUMENTS + 1);
    assert_eq!(found.last().map(|one| one.code.0), Some("PLB017"));
}
