//! References: dangling, ambiguous, retired, of a wrong kind.

use super::{check, facts, findings, workspace};

fn resource(kind: &str, name: &str, spec: &str) -> String {
    format!("---\napiVersion: council/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec: {spec}\n")
}

#[test]
fn names_that_exist_resolve_with_and_without_kind() {
    check(
        &[
            resource("Person", "ana", "{email: x}"),
            resource("Team", "a", "{lead: ana, members: [person/ana]}"),
        ]
        .concat(),
        &[],
    );
}

#[test]
fn dangling_references_suggest_similar_names() {
    let text =
        [resource("Person", "anna", "{email: x}"), resource("Team", "a", "{lead: ana}")].concat();
    check(&text, &["PLB040 12:14 ana"]);
    let found = workspace([("a.yaml", text.as_str())]).check(&facts());
    assert_eq!(found[0].hint.as_deref(), Some("did you mean `person/anna`?"));
    assert_eq!(found[0].subject.as_deref(), Some("team/a"));
}

#[test]
fn a_field_of_several_kinds_needs_the_kind() {
    let text = [resource("Team", "a", "{}"), resource("Service", "s", "{owner: a}")].concat();
    check(&text, &["PLB041 12:15 a"]);
    let both = format!("{}{text}", resource("Person", "a", "{email: x}"));
    check(&both, &["PLB041 18:15 a"]);
    check(&resource("Service", "s", "{owner: nobody}"), &["PLB040 6:15 nobody"]);
}

#[test]
fn a_wrong_kind_is_named() {
    let text =
        [resource("Team", "a", "{lead: team/a}"), resource("Person", "a", "{email: x}")].concat();
    check(&text, &["PLB042 6:14 team/a"]);
    let found = workspace([("a.yaml", text.as_str())]).check(&facts());
    assert_eq!(found[0].hint.as_deref(), Some("did you mean `person/a`?"));
}

#[test]
fn retired_resources_are_not_referred_to_from_their_day_on() {
    let text = |day: &str| {
        let person = resource("Person", "ana", "{email: x}").replace(
            "  name: ana",
            &format!("  name: ana\n  retired: {day}\n  replaced_by: person/bob"),
        );
        [person, resource("Person", "bob", "{email: x}"), resource("Team", "a", "{lead: ana}")]
            .concat()
    };
    check(&text("2026-11-22"), &["PLB043 20:14 ana"]);
    check(&text("2026-11-23"), &[]);
}

#[test]
fn what_replaces_a_resource_must_exist() {
    let text = |successor: &str| {
        let replaced = format!("  name: ana\n  retired: 2026-01-01\n  replaced_by: {successor}");
        let person = resource("Person", "ana", "{email: x}").replace("  name: ana", &replaced);
        [person, resource("Person", "bob", "{email: x}"), resource("Team", "a", "{}")].concat()
    };
    check(&text("bob"), &[]);
    check(&text("person/bob"), &[]);
    check(&text("team/a"), &[]);
    check(&text("bobb"), &["PLB040 7:16 bobb"]);
    let found = workspace([("a.yaml", text("bobb").as_str())]).check(&facts());
    assert_eq!(found[0].hint.as_deref(), Some("did you mean `person/bob`?"));
}

#[test]
fn a_number_finds_the_one_record_that_begins_with_it() {
    let record = |supersedes: &str| format!("---\nsupersedes: [{supersedes}]\n---\n# A\n");
    let (one, two) = (record("2"), record(""));
    assert_eq!(
        findings([("decisions/0001-a.md", one.as_str()), ("decisions/0002-b.md", two.as_str())]),
        Vec::<String>::new()
    );
    let found = findings([
        ("decisions/0001-a.md", one.as_str()),
        ("decisions/0002-b.md", two.as_str()),
        ("decisions/002-c.md", two.as_str()),
    ]);
    assert_eq!(found, ["PLB041 decisions/0001-a.md:2:14 2"]);
}

#[test]
fn a_list_of_documents_is_as_many_documents() {
    let text = "- apiVersion: council/v1\n  kind: Person\n  metadata: {name: ana}\n  spec: {email: x}\n\
                - apiVersion: council/v1\n  kind: Team\n  metadata: {name: pay}\n  spec: {lead: nobody}\n";
    let workspace = workspace([("a.yaml", text)]);
    assert_eq!(workspace.model().len(), 2);
    let digest = |id| workspace.model().resource(id).map(|resource| resource.digest.clone());
    assert_ne!(digest("person/ana"), digest("team/pay"));
    check(text, &["PLB040 8:16 nobody"]);
    check("- one\n- two\n", &["PLB020 1:1 "]);
}
