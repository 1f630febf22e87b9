//! `council ledger`.

use std::path::Path;

use expect_test::expect;
use ledger::{Append, Draft, Ledger, Options, Stream};

use crate::support::Scratch;

/// A data directory whose ledger holds three entries of two streams.
///
/// It is written elsewhere and copied without its lock: a lock that this process held would live on
/// in every child that another test is just starting.
pub(crate) fn with_ledger() -> Scratch {
    let (scratch, elsewhere) = (Scratch::playbook(), Scratch::empty());
    write_entries(&elsewhere.path().join("ledger.db"));
    std::fs::create_dir(scratch.path().join(".council")).unwrap();
    for file in std::fs::read_dir(elsewhere.path()).unwrap() {
        let file = file.unwrap();
        let name = file.file_name();
        if !name.to_string_lossy().ends_with("-lock") {
            std::fs::copy(file.path(), scratch.path().join(".council").join(name)).unwrap();
        }
    }
    scratch
}

fn write_entries(path: &Path) {
    let ledger = Ledger::open(path, &Options::throw_away()).unwrap();
    let draft = |stream: &str, kind: &str, actor: &str| {
        let stream: Stream = stream.parse().unwrap();
        let body: serde_json::Value = serde_json::json!({ "reason": "we tried it" });
        Draft::new(stream, kind, actor, body)
    };
    let drafts = [
        draft("decision/0001-logs", "decision.proposed", "person/ana"),
        draft("question/gpus", "question.raised", "person/ben"),
        draft("decision/0001-logs", "decision.voted", "person/ben"),
    ];
    let at = "2026-11-20T10:00:00Z".parse().unwrap();
    ledger.append(Append::new(drafts, at)).unwrap();
}

#[test]
fn an_intact_ledger_verifies() {
    let scratch = with_ledger();
    let run = scratch.council("ledger verify");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("SCRATCH/.council/ledger.db: intact\n3 entries hashed"), "{run:?}");
    let json = scratch.council("ledger verify --format json").json();
    assert_eq!(
        (json["entries"].as_u64(), json["findings"].as_array().unwrap().len()),
        (Some(3), 0)
    );
}

#[test]
fn a_changed_letter_is_found_and_located() {
    let scratch = with_ledger();
    let path = scratch.path().join(".council/ledger.db");
    change(&path, b"we tried it", b"we liked it");
    let run = scratch.council("ledger verify");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("broken: entry "), "{run:?}");
    assert!(run.out.contains("ledger.db: not intact"), "{run:?}");
}

/// Overwrites the first place where the file says one thing with another of the same length.
fn change(path: &Path, from: &[u8], to: &[u8]) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..at + from.len()].copy_from_slice(to);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn entries_are_shown_filtered_or_in_full() {
    let scratch = with_ledger();
    expect![[r#"
        --- stdout
        Entry  At (UTC)             Actor       Stream              What
        1      2026-11-20 10:00:00  person/ana  decision/0001-logs  decision.proposed
        2      2026-11-20 10:00:00  person/ben  question/gpus       question.raised
        3      2026-11-20 10:00:00  person/ben  decision/0001-logs  decision.voted
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("ledger show").shown());
    expect![[r#"
        --- stdout
        Entry  At (UTC)             Actor       Stream              What
        3      2026-11-20 10:00:00  person/ben  decision/0001-logs  decision.voted
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("ledger show --stream decision --actor person/ben").shown());
    expect![[r#"
        --- stdout
        Entry  At (UTC)             Actor       Stream              What
        3      2026-11-20 10:00:00  person/ben  decision/0001-logs  decision.voted
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("ledger tail -n 1").shown());
    expect![[r#"
        --- stderr
        error: the ledger has no entry 9
          hint: its last one is 3
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("ledger show 9").shown());
    let one = scratch.council("ledger show 2 --format json").json();
    assert_eq!(one["stream"], "question/gpus");
    let before = scratch.council("ledger show --as-of 2026-11-19 --format json");
    assert_eq!(before.json().as_array().unwrap().len(), 0);
    assert_eq!(scratch.council("ledger show --as-of yesterday").code, 2);
}

#[test]
fn an_export_is_restored_as_it_was() {
    let scratch = with_ledger();
    let exported = scratch.council("ledger export copy.jsonl");
    assert_eq!(exported.code, 0, "{exported:?}");
    let restored = scratch.council("ledger import copy.jsonl --data restored");
    assert_eq!(restored.code, 0, "{restored:?}");
    let (old, new) =
        (scratch.council("ledger export"), scratch.council("ledger --data restored export"));
    assert_eq!(old.out, new.out);
    assert_eq!(old.out.lines().count(), 5);
    let again = scratch.council("ledger import copy.jsonl --data restored");
    assert!(again.code == 1 && again.err.contains("already holds 3 entries"), "{again:?}");
}

#[test]
fn an_export_that_was_tampered_with_is_refused_with_its_line() {
    let scratch = with_ledger();
    let export = scratch.council("ledger export").out.replacen("we tried it", "we liked it", 1);
    scratch.write("copy.jsonl", export);
    let run = scratch.council("ledger import copy.jsonl --data restored");
    assert!(run.code == 1 && run.err.contains("line 2 is refused"), "{run:?}");
    assert!(!scratch.path().join("restored/ledger.db").exists());
}

#[test]
fn backups_are_ledgers() {
    let scratch = with_ledger();
    let run = scratch.council("ledger backup copy/ledger.db");
    assert_eq!(run.code, 1, "there is no such directory yet: {run:?}");
    std::fs::create_dir(scratch.path().join("copy")).unwrap();
    assert_eq!(scratch.council("ledger backup copy/ledger.db").code, 0);
    assert_eq!(scratch.council("ledger --data copy verify").code, 0);
    assert_eq!(scratch.council("ledger backup copy/ledger.db").code, 1);
}

#[test]
fn a_checkpoint_that_was_kept_elsewhere_is_held_against_the_ledger() {
    let scratch = with_ledger();
    let kept = scratch.council("ledger checkpoint --format json");
    assert_eq!(kept.code, 0, "{kept:?}");
    scratch.write("kept.json", &kept.out);
    assert_eq!(scratch.council("ledger verify --checkpoint kept.json").code, 0);
    let other = with_ledger();
    other.write("kept.json", &kept.out);
    let run = other.council("ledger verify --checkpoint kept.json");
    assert!(run.code == 1 && run.out.contains("checkpoint of entry 3"), "{run:?}");
    scratch.write("kept.json", "{}");
    assert_eq!(scratch.council("ledger verify --checkpoint kept.json").code, 1);
}

#[test]
fn erasing_wants_to_be_meant() {
    let scratch = with_ledger();
    expect![[r#"
        --- stderr
        error: the sealed texts of `question/gpus` would be gone for good
          hint: say so with `--yes`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("ledger erase question/gpus").shown());
    expect![[r#"
        --- stderr
        error: the ledger has no stream `question/gpu`
          hint: list streams with `council ledger show`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("ledger erase question/gpu --yes").shown());
    expect![[r#"
        --- stderr
        erased 0 keys of `question/gpus`
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("ledger erase question/gpus --yes").shown());
    assert_eq!(scratch.council("ledger verify").code, 0);
}

#[test]
fn a_ledger_in_use_is_read_beside_whoever_writes_it() {
    let scratch = with_ledger();
    let path = scratch.path().join(".council/ledger.db");
    let before = scratch.council("ledger tail").out;
    let ledger = Ledger::open(path, &Options::throw_away()).unwrap();
    assert_eq!(scratch.council("ledger tail").out, before);
    let run = scratch.council("ledger verify");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("is writing it: what it holds was proven entry by entry"), "{run:?}");
    let run = scratch.council("ledger erase question/gpus --yes");
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.err.contains("is in use by"), "{run:?}");
    drop(ledger);
    assert!(!scratch.council("ledger verify").out.contains("is writing it"));
}

#[test]
fn looking_makes_no_ledger() {
    let scratch = Scratch::playbook();
    expect![[r#"
        --- stderr
        error: there is no ledger at `SCRATCH/.council/ledger.db`
          hint: `council up` makes one; name another data directory with `--data DIR`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("ledger verify").shown());
    assert!(!scratch.path().join(".council").exists());
}
