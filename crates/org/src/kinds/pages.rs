//! The test of the manual pages: the examples of all kinds, taken together, are one sound playbook.

use crate::vocabulary::{TRIAL, vocabulary};

const BEN: &str =
    "apiVersion: council/v1\nkind: Person\nmetadata: {name: ben}\nspec: {email: ben@example.org}\n";

#[test]
fn every_kind_has_a_page_whose_example_is_sound() {
    let examples = trial::examples(vocabulary);
    let texts = examples.iter().map(|(_, example)| example.as_str()).chain([BEN]);
    let workspace = TRIAL.read_text(&texts.collect::<Vec<_>>().join("---\n"));
    let problems = trial::findings(&workspace);
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(workspace.model().len(), examples.len() + 1);
}
