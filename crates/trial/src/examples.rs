//! The examples on the manual pages of kinds, for the tests that read them.

use playbook::{KindInfo, Vocabulary};
use schemars::generate::SchemaSettings;

/// The example in the doc comment of every kind, in the vocabulary's order. The doc comment becomes the schema's
/// description, so what is read here is what an editor shows.
#[track_caller]
pub fn examples(vocabulary: fn(Vocabulary) -> Vocabulary) -> Vec<(KindInfo, String)> {
    let vocabulary = vocabulary(Vocabulary::new());
    vocabulary.kinds().iter().map(|kind| (*kind, example(kind))).collect()
}

/// A page may lie in a definition under the kind's own name or, for a foreign kind, under its spec's.
#[track_caller]
fn example(kind: &KindInfo) -> String {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    (kind.schema)(&mut generator);
    let pages = generator.definitions().iter();
    let examples = pages.filter_map(|(name, schema)| {
        let page = schema.get("description")?.as_str()?;
        let (example, _) = page.split_once("```yaml\n")?.1.split_once("```")?;
        Some((name, example))
    });
    let own = examples.filter(|(name, example)| {
        name.as_str() == kind.name || example.contains(&format!("kind: {}\n", kind.name))
    });
    let found = own.map(|(_, example)| example.to_owned()).next();
    assert!(found.is_some(), "the page of {kind:?} has no example");
    found.unwrap_or_default()
}
