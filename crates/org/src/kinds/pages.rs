//! The test of the manual pages: the examples of all kinds, taken together, are one sound playbook.

use schemars::generate::SchemaSettings;

use crate::testing::{findings, workspace};

/// The examples in the doc comments of all kinds, in the vocabulary's order.
fn examples() -> Vec<(String, String)> {
    let vocabulary = crate::vocabulary(playbook::Vocabulary::new());
    let page = |kind: &playbook::KindInfo| {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        (kind.schema)(&mut generator);
        let pages = generator.definitions().values();
        pages
            .filter_map(|schema| schema.get("description")?.as_str())
            .filter_map(|page| Some(page.split_once("```yaml\n")?.1.split_once("```")?.0))
            .find(|example| example.contains(&format!("kind: {}\n", kind.name)))
            .unwrap_or_else(|| panic!("the page of {kind:?} has no example"))
            .to_owned()
    };
    vocabulary.kinds().iter().map(|kind| (kind.name.to_owned(), page(kind))).collect()
}

#[test]
fn every_kind_has_a_page_whose_example_is_sound() {
    let mut text = examples().into_iter().map(|(_, example)| example).collect::<Vec<_>>();
    text.push(
        "apiVersion: council/v1\nkind: Person\nmetadata: {name: ben}\nspec: {email: ben@example.org}\n"
            .to_owned(),
    );
    let workspace = workspace(&text.join("---\n"));
    let problems = findings(&workspace);
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(workspace.model().len(), text.len());
}
