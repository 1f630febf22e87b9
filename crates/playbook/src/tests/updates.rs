//! Updating a workspace gives what opening anew would give.

use proptest::prelude::*;

use super::{describe, facts, findings, workspace};

const FILES: [&str; 3] = ["a.yaml", "b.yaml", "c.yaml"];

/// A file that declares some of a few names and refers to some of them.
fn text() -> impl Strategy<Value = String> {
    let document = (0..5_u8, 0..5_u8, 0..6_u8).prop_map(|(name, lead, shape)| match shape {
        0 => format!("apiVersion: council/v1\nkind: Person\nmetadata: {{name: n{name}}}\nspec: {{email: x}}\n"),
        1 => format!("apiVersion: council/v1\nkind: Person\nmetadata: {{name: n{name}, retired: 2026-01-01}}\nspec: {{email: x}}\n"),
        2 => format!("apiVersion: council/v1\nkind: Person\nmetadata: {{name: n{name}}}\nspec: {{mail: x}}\n"),
        3 => format!("apiVersion: council/v1\nkind: Person\nmetadata:\n  name: n{name}\nspec: [\n"),
        _ => format!("apiVersion: council/v1\nkind: Team\nmetadata: {{name: n{name}}}\nspec: {{lead: n{lead}}}\n"),
    });
    proptest::collection::vec(document, 0..3).prop_map(|all| all.join("---\n"))
}

proptest! {
    #[test]
    fn an_updated_workspace_is_like_one_opened_anew(
        start in proptest::collection::vec(text(), 3),
        edits in proptest::collection::vec((0..3_usize, proptest::option::of(text())), 1..8),
    ) {
        let mut texts: std::collections::BTreeMap<&str, String> = FILES.into_iter().zip(start).collect();
        let mut updated = workspace(texts.iter().map(|(name, text)| (*name, text.as_str())));
        for (at, edit) in edits {
            updated.update(FILES[at], edit.clone());
            match edit {
                Some(text) => texts.insert(FILES[at], text),
                None => texts.remove(FILES[at]),
            };
            let found: Vec<String> = updated.check(&facts()).iter().map(|one| describe(&updated, one)).collect();
            prop_assert_eq!(found, findings(texts.iter().map(|(name, text)| (*name, text.as_str()))));
        }
    }
}

#[test]
fn an_older_model_is_not_changed_by_an_update() {
    let person = |name: &str| {
        format!(
            "apiVersion: council/v1\nkind: Person\nmetadata: {{name: {name}}}\nspec: {{email: x}}\n"
        )
    };
    let mut workspace = workspace([("a.yaml", person("ana").as_str())]);
    let snapshot = workspace.model().clone();
    workspace.update("a.yaml", Some(person("bob")));
    assert!(snapshot.resource("person/ana").is_some());
    assert!(workspace.model().resource("person/ana").is_none());
    assert!(workspace.model().resource("person/bob").is_some());
}

#[test]
fn what_follows_from_a_model_is_computed_once_until_it_changes() {
    let person = "apiVersion: council/v1\nkind: Person\nmetadata: {name: ana}\nspec: {email: x}\n";
    let mut workspace = workspace([]);
    let before = workspace.model().clone();
    let first = before.derived(crate::Model::len);
    assert!(std::sync::Arc::ptr_eq(&first, &workspace.model().derived(crate::Model::len)));
    workspace.update("a.yaml", Some(person.to_owned()));
    assert_eq!(*workspace.model().derived(crate::Model::len), 1);
    assert_eq!(*before.derived(crate::Model::len), 0, "an older one keeps its own");
}

#[test]
fn an_edition_stays_as_it_was() {
    use diag::Sources as _;
    let person = |name: &str| {
        format!(
            "apiVersion: council/v1\nkind: Person\nmetadata: {{name: {name}}}\nspec: {{email: x}}\n"
        )
    };
    let mut workspace = workspace([("a.yaml", person("ana").as_str())]);
    let edition = workspace.edition();
    workspace.update("a.yaml", Some(person("bob")));
    assert_eq!(edition.text("a.yaml"), Some(person("ana").as_str()));
    assert!(edition.model().resource("person/ana").is_some());
    assert_eq!(workspace.edition().text("a.yaml"), Some(person("bob").as_str()));
}
