//! A directory, with reloads by command.

use std::path::Path;
use std::sync::Arc;

use plan::execute::End;
use plan::{FaultKind, Scope, Target};
use systems::SystemClock;
use systems::target::{Directory, Reload};

use crate::conformance::{Place, check, check_escapes};
use crate::support::{apply, planned, wanted};

fn directory(root: &Path, reload: Option<Reload>) -> Arc<dyn Target> {
    Arc::new(Directory::new("lab", root, reload, Arc::new(SystemClock)))
}

#[tokio::test]
async fn a_directory_conforms() {
    let root = tempfile::tempdir().unwrap();
    let place = Place {
        name: "lab",
        kind: "file",
        target: directory(root.path(), None),
        read: &|path| std::fs::read_to_string(root.path().join(path)).ok(),
        meddle: &|path, text| std::fs::write(root.path().join(path), text).unwrap(),
    };
    check(&place).await;
    check_escapes(&place).await;
}

#[tokio::test]
async fn a_directory_that_is_not_there_is_made_and_one_with_a_damaged_manifest_is_silent() {
    let root = tempfile::tempdir().unwrap();
    let inner = root.path().join("not/yet");
    let target = directory(&inner, None);
    let (plan, outcome) = apply(&target, &wanted("lab", "file", &[("a", "x")])).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));

    std::fs::write(inner.join(".council/manifest.json"), "{").unwrap();
    let plan = planned(&target, &wanted("lab", "file", &[])).await;
    assert!(plan.is_empty());
    let said = format!("{:?}", target.observe(Scope::All).await.coverage());
    assert!(said.contains("the manifest is damaged"), "{said}");
    assert!(target.observe(Scope::All).await.iter().next().is_none());
}

/// A reload that counts itself in a file, and fails while another file is there.
fn counting(root: &Path) -> Reload {
    let script = "test ! -e \"$1/broken\" || { echo 'line 3: unknown key' >&2; exit 1; }; echo >> \"$1/count\"";
    let words = ["sh", "-c", script, "sh", &root.to_string_lossy()];
    Reload::Command(words.map(str::to_owned).to_vec())
}

fn reloads(root: &Path) -> usize {
    std::fs::read_to_string(root.join("count")).unwrap_or_default().lines().count()
}

#[tokio::test]
async fn steps_that_write_together_share_a_reload_and_nothing_to_do_reloads_nothing() {
    let (root, aside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = directory(root.path(), Some(counting(aside.path())));
    let names: Vec<String> = (0..40).map(|number| format!("f{number}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let (plan, outcome) = apply(&target, &wanted("lab", "file", &files)).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    let count = reloads(aside.path());
    assert_eq!(count, 1, "forty files, one reload");
    apply(&target, &wanted("lab", "file", &files)).await;
    assert_eq!(reloads(aside.path()), count);
}

#[tokio::test]
async fn a_reload_that_fails_is_a_fault_and_is_made_good_by_the_next_try() {
    let (root, aside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = directory(root.path(), Some(counting(aside.path())));
    std::fs::write(aside.path().join("broken"), "").unwrap();
    let files = wanted("lab", "file", &[("a", "x")]);
    let plan = planned(&target, &files).await;
    let outcome = crate::support::execute(&target, &plan, &files).await;
    let End::Failed { fault, .. } = &outcome.end else { panic!("{outcome:?}") };
    assert_eq!(fault.kind, FaultKind::Failed);
    assert!(fault.message.ends_with("line 3: unknown key"), "{fault}");

    std::fs::remove_file(aside.path().join("broken")).unwrap();
    let outcome = crate::support::execute(&target, &plan, &files).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    assert_eq!(reloads(aside.path()), 1, "written before, told only now");
}

#[tokio::test]
async fn a_file_that_was_edited_is_not_destroyed() {
    let root = tempfile::tempdir().unwrap();
    let target = directory(root.path(), None);
    apply(&target, &wanted("lab", "file", &[("a", "x")])).await;
    std::fs::write(root.path().join("a"), "precious").unwrap();
    let (plan, outcome) = apply(&target, &wanted("lab", "file", &[])).await;
    let sentence = outcome.sentence(&plan);
    assert!(sentence.contains("council destroys only what it wrote"), "{sentence}");
    assert_eq!(std::fs::read_to_string(root.path().join("a")).unwrap(), "precious");
}
