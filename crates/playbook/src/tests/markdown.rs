//! Markdown files: records and fenced blocks.

use super::vocabulary::{Decision, Person};
use super::{findings, workspace};

#[test]
fn a_record_is_a_resource_named_after_its_file() {
    let text = "---\nstatus: accepted\n---\n\n# Use one bank\n\nBecause.\n";
    let workspace = workspace([("decisions/0012-one-bank.md", text)]);
    let decision = workspace.model().get::<Decision>("0012-one-bank").unwrap();
    assert_eq!(decision.resource.title(), "Use one bank");
    assert_eq!(decision.title.as_deref(), Some("Use one bank"));
    assert_eq!((decision.status.as_deref(), decision.body.trim()), (Some("accepted"), "Because."));
    assert!(workspace.model().get::<Decision>("12").is_some());
}

#[test]
fn front_matter_is_checked_at_its_place() {
    let text = "---\nstatus: accepted\nautor: x\nsupersedes: [decision/3]\n---\n# A\n";
    assert_eq!(findings([("decisions/a.md", text)]), ["PLB023 decisions/a.md:3:1 autor"]);
    let text = "---\nstatus: \"x\nsupersedes: []\n---\n# A\n";
    assert_eq!(findings([("decisions/a.md", text)]).len(), 1);
    assert_eq!(findings([("other/a.md", "# Just text\n\nNothing.\n")]), Vec::<String>::new());
}

#[test]
fn fenced_blocks_are_read_where_they_stand() {
    let block = "```yaml council\napiVersion: council/v1\nkind: Person\nmetadata: {name: ana}\nspec: {mail: x}\n```\n";
    let text = format!("# Püople\n\n{block}");
    assert_eq!(
        findings([("a.md", text.as_str())]),
        ["PLB024 a.md:7:1 spec", "PLB023 a.md:7:8 mail"]
    );
    let quoted: String = block.lines().map(|line| format!("> {line}\n")).collect();
    let text = format!("# P\n\n{quoted}");
    assert_eq!(
        findings([("a.md", text.as_str())]),
        ["PLB024 a.md:7:3 spec", "PLB023 a.md:7:10 mail"]
    );
}

#[test]
fn a_document_can_be_its_own_source() {
    let block = "```yaml council\napiVersion: council/v1\nkind: Person\nmetadata: {name: ana}\nspec: {email: x}\n```\n";
    let text = format!("\u{feff}Intro\n\n{block}\n\n{}", block.replace("ana", "bob"));
    let workspace = workspace([("a.md", text.as_str())]);
    assert!(workspace.model().get::<Person>("bob").is_some_and(|bob| bob.email == "x"));
    let place = &workspace.model().get::<Person>("ana").unwrap().resource.place;
    assert_eq!(text.get(place.span.start as usize..place.span.end as usize), Some("ana"));
}

#[test]
fn conflicts_in_prose_are_found() {
    let text = "---\nstatus: x\n---\n# A\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n";
    assert_eq!(findings([("decisions/a.md", text)]), ["PLB009 decisions/a.md:6:1 <<<<<<< HEAD"]);
}
