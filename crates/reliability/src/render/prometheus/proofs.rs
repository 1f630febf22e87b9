//! What is rendered, judged by the real `promtool`.

use std::path::Path;

use expect_test::expect_file;

use super::{rules, tests};
use crate::promtool;
use std::sync::Arc;

use crate::slo::{Lowered, Slo, lower};
use crate::vocabulary::TRIAL;

/// One of every shape that an objective can have.
const EVERYTHING: &str = include_str!("../../../tests/data/everything.yaml");

fn lowered(text: &str) -> Arc<Lowered> {
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

/// From raw counters to alerts, by promtool: what the queries of people become does what it promises.
#[test]
fn raw_counters_become_alerts() {
    let folder = tempfile::tempdir().unwrap();
    let slos = lowered(EVERYTHING).slos.clone();
    std::fs::write(folder.path().join("rules.yaml"), rules(&slos)).unwrap();
    let tests = folder.path().join("tests.yaml");
    std::fs::write(&tests, include_str!("../../../tests/data/raw.tests.yaml")).unwrap();
    if let Some((passed, output)) = promtool::run(&["test", "rules", &tests.to_string_lossy()]) {
        assert!(passed, "{output}");
    }
}

/// Sloth's own files, where they lie next to the repository. They are no part of it.
#[test]
fn what_sloth_publishes_is_read_as_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs/sloth");
    let files: Vec<_> = ["examples", "golden"]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|one| one == "yml" || one == "yaml"))
        .collect();
    if files.is_empty() {
        println!("left out: Sloth's example files are not next to the repository");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut read = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        if !text.contains("prometheus/v1") {
            continue;
        }
        let lowered = lowered(&text);
        let is_plugin = |reason: &str| reason.contains("is the plugin");
        assert!(lowered.skipped.iter().all(|one| is_plugin(&one.reason)), "{lowered:#?}");
        assert!(!lowered.slos.is_empty() || !lowered.skipped.is_empty(), "{}", file.display());
        promtool_agrees(folder.path(), &lowered.slos);
        read += 1;
    }
    assert!(read > 3, "only {read} files were read");
    let input = std::fs::read_to_string(root.join("golden/in-base.yaml")).unwrap();
    let golden = std::fs::read_to_string(root.join("golden/out-base.yaml.tpl")).unwrap();
    let ours = rules(&lowered(&input).slos);
    let records = golden.lines().filter_map(|line| line.trim().strip_prefix("- record: "));
    for record in records.filter(|record| *record != "sloth_slo_info") {
        assert!(ours.contains(&format!("- record: {record}\n")), "{record} is missing");
    }
}
