//! The fuzz targets' corpus, and random mutations of it, with the compiler that everybody has.

use std::path::Path;

use proptest::prelude::*;

use crate::fuzzing;

const TARGETS: [(&str, &str); 2] =
    [("loader", "input.yaml"), ("markdown", "decisions/0001-input.md")];

/// The corpus of a target, in the order of names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&directory).expect("the corpus is committed");
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn the_corpus_is_harmless() {
    for (target, file) in TARGETS {
        let corpus = corpus(target);
        assert!(corpus.len() >= 5, "{target}: {} inputs", corpus.len());
        corpus.iter().for_each(|bytes| fuzzing::load(file, bytes));
    }
}

/// An input of the corpus with some pieces of others spliced in and some bytes cut out.
fn mutated(target: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let inputs = corpus(target);
    let pick = proptest::sample::select(inputs);
    let splice = (pick.clone(), any::<[proptest::sample::Index; 3]>(), any::<bool>());
    (pick, proptest::collection::vec(splice, 1..4)).prop_map(|(mut bytes, splices)| {
        for (other, [at, from, to], inserts) in splices {
            let (from, to) = (from.index(other.len() + 1), to.index(other.len() + 1));
            let piece = &other[from.min(to)..from.max(to)];
            let at = at.index(bytes.len() + 1);
            let until = if inserts { at } else { (at + piece.len()).min(bytes.len()) };
            bytes.splice(at..until, piece.iter().copied());
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn mutations_of_yaml_are_harmless(bytes in mutated("loader")) {
        fuzzing::load("input.yaml", String::from_utf8_lossy(&bytes).as_bytes());
    }

    #[test]
    fn mutations_of_markdown_are_harmless(bytes in mutated("markdown")) {
        fuzzing::load("decisions/0001-input.md", String::from_utf8_lossy(&bytes).as_bytes());
    }

    #[test]
    fn any_text_is_harmless(text in any::<String>()) {
        fuzzing::load("input.yaml", text.as_bytes());
        fuzzing::load("decisions/0001-input.md", text.as_bytes());
    }
}
