//! What is rendered, judged by the real `promtool`.

use std::path::Path;

use expect_test::expect_file;

use super::{rules, tests};
use crate::promtool;
use crate::slo::{Lowered, Slo, lower};
use crate::vocabulary::TRIAL;

/// One of every shape that an objective can have.
const EVERYTHING: &str = include_str!("../../../tests/data/everything.yaml");

fn lowered(text: &str) -> Lowered {
    lower(TRIAL.read_text(text).model())
}

#[track_caller]
fn promtool_agrees(folder: &Path, slos: &[Slo]) {
    for slo in slos {
        let rules_path = folder.join(format!("{}.rules.yaml", slo.id));
        std::fs::write(&rules_path, rules(std::slice::from_ref(slo))).unwrap();
        let arguments = ["check", "rules", &rules_path.to_string_lossy()];
        let Some((passed, output)) = promtool::run(&arguments) else { return };
        assert!(passed, "{}: {output}", slo.id);
        let tests_path = folder.join(format!("{}.tests.yaml", slo.id));
        std::fs::write(&tests_path, tests(slo, &format!("{}.rules.yaml", slo.id))).unwrap();
        let arguments = ["test", "rules", &tests_path.to_string_lossy()];
        let (passed, output) = promtool::run(&arguments).unwrap();
        assert!(passed, "{}: {output}", slo.id);
    }
}

#[test]
fn one_of_every_shape_is_rendered() {
    let lowered = lowered(EVERYTHING);
    assert_eq!(lowered.skipped, []);
    expect_file!["../../../tests/data/everything.rules.yaml"].assert_eq(&rules(&lowered.slos));
    let checkout = lowered.slos.iter().find(|slo| slo.id == "checkout-availability").unwrap();
    expect_file!["../../../tests/data/checkout.tests.yaml"]
        .assert_eq(&tests(checkout, "checkout-availability.rules.yaml"));
}

#[test]
fn promtool_accepts_every_rule_and_passes_every_test() {
    let folder = tempfile::tempdir().unwrap();
    promtool_agrees(folder.path(), &lowered(EVERYTHING).slos);
}

#[test]
fn no_objective_at_all_is_a_rule_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.yaml");
    std::fs::write(&path, rules(&[])).unwrap();
    if let Some((passed, output)) = promtool::run(&["check", "rules", &path.to_string_lossy()]) {
        assert!(passed, "{output}");
    }
}
