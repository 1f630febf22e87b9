//! The committed reference documents say what the program says.

use std::path::Path;

use crate::support::Scratch;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[track_caller]
fn check(fresh: &Path, committed: &str) {
    let fresh = std::fs::read_to_string(fresh).unwrap();
    let found = std::fs::read_to_string(format!("{ROOT}/{committed}")).unwrap_or_default();
    assert!(fresh == found, "{committed} is stale: run `cargo xtask codegen`");
}

#[test]
fn the_page_of_the_command_line_is_current() {
    let scratch = Scratch::empty();
    assert_eq!(scratch.council("reference --cli cli.md").code, 0);
    check(&scratch.path().join("cli.md"), "docs/cli.md");
}

#[test]
fn the_pages_of_rules_and_kinds_are_current() {
    let scratch = Scratch::empty();
    assert_eq!(scratch.council("reference --pages .").code, 0);
    let mut count = 0;
    for room in ["rules", "kinds"] {
        let mut names = Vec::new();
        for file in std::fs::read_dir(scratch.path().join(room)).unwrap() {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            check(&file.path(), &format!("docs/reference/{room}/{name}"));
            names.push(name);
        }
        for file in std::fs::read_dir(format!("{ROOT}/docs/reference/{room}")).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(
                names.contains(&name),
                "docs/reference/{room}/{name} explains nothing: remove it"
            );
        }
        count += names.len();
    }
    assert!(count > 20, "{count} pages");
    check(&scratch.path().join("index.md"), "docs/reference/index.md");
}

#[test]
fn the_description_of_the_api_is_current() {
    let scratch = Scratch::empty();
    assert_eq!(scratch.council("reference --openapi openapi.json").code, 0);
    let file = scratch.path().join("openapi.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let description: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(description["openapi"], "3.1.0");
    check(&file, "docs/openapi.json");
}
