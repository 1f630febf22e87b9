//! The test against OpenSLO's own example files, where they lie next to the repository.
//!
//! They are not part of this repository; without them the test says so and has nothing to do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diag::Severity;
use playbook::{Facts, Vocabulary, Workspace};

/// Files that are wrong on purpose, with the code that says so. All others must load.
const WRONG: [(&str, &str); 12] = [
    ("alert-condition-no-condition.yaml", "PLB024"),
    ("alert-condition-no-sev.yaml", "PLB024"),
    ("alert-notification-target-no-target.yaml", "PLB024"),
    ("alert-policy-malformed-cond.yaml", "PLB023"),
    ("alert-policy-malformed-targetref.yaml", "PLB023"),
    ("alert-policy-many-cond.yaml", "REL007"),
    ("alert-policy-no-cond.yaml", "PLB024"),
    ("alert-policy-no-notification.yaml", "PLB024"),
    ("invalid-apiversion.yaml", "PLB021"),
    // One file, two services of one name.
    ("services.yaml", "PLB030"),
    ("sli-description-ratio-inline-metricsource.yaml", "REL002"),
    ("sli-ratio-good-and-bad.yaml", "REL002"),
];

/// What a file that stands alone cannot help: its references lead to other files.
const DANGLING: &str = "PLB040";

fn yaml_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            yaml_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
}

/// The errors in one file by itself, beside those about references.
fn errors(text: &str) -> Vec<String> {
    let vocabulary = crate::vocabulary(org::vocabulary(Vocabulary::new()));
    let workspace = Workspace::of_texts([("slo.yaml", text)], Arc::new(vocabulary));
    let facts = Facts { today: trial::TODAY };
    let findings = workspace.check(&facts);
    // A file of OpenSLO's is no whole playbook, so what `org` misses is no error here.
    let ours = findings.iter().filter(|one| !one.code.0.starts_with("ORG"));
    ours.filter(|one| one.severity == Severity::Error && one.code.0 != DANGLING)
        .map(|one| format!("{}: {}", one.code, one.message))
        .collect()
}

#[test]
fn what_openslo_publishes_is_read_as_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs/openslo");
    let mut files = Vec::new();
    yaml_files(&root, &mut files);
    if files.is_empty() {
        println!("left out: OpenSLO's example files are not next to the repository");
        return;
    }
    let wrong: BTreeMap<&str, &str> = WRONG.into_iter().collect();
    for file in files {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap();
        let errors = errors(&std::fs::read_to_string(&file).unwrap());
        match wrong.get(name) {
            Some(code) => {
                assert!(errors.iter().any(|one| one.starts_with(code)), "{name}: {errors:?}");
            }
            None => assert!(errors.is_empty(), "{name}: {errors:#?}"),
        }
    }
}
