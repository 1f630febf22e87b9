//! Opening: what is refused, and in which words.

use std::path::Path;

use ledger::{Append, AppendError, Ledger, OpenError, Options, StoreError, Trust, verify_file};
use serde_json::json;

use crate::support::{Home, at, draft, put};

#[track_caller]
fn refused(path: &Path, expected: &str) -> OpenError {
    let error = Ledger::open(path, &Options::throw_away()).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
    error
}

#[test]
fn a_ledger_in_use_is_not_opened_twice() {
    let home = Home::new();
    let ledger = home.open();
    let mine = format!("is in use by process {}", std::process::id());
    refused(&home.path, &mine);
    put(&ledger, "decision/D-1", 1);
    drop(ledger);
    assert_eq!(home.open().head().seq, 1);
}

#[test]
fn a_ledger_in_use_is_read_and_proven_beside_whoever_writes_it() {
    let home = Home::new();
    let ledger = home.open();
    put(&ledger, "decision/D-1", 1);
    let beside = Ledger::open_to_read(&home.path).unwrap();
    assert_eq!(beside.head(), ledger.head());
    put(&ledger, "decision/D-1", 2);
    assert_eq!(beside.entry(2).unwrap(), ledger.entry(2).unwrap());
    let proven = verify_file(&home.path, &Trust::default()).unwrap();
    assert!(proven.is_intact(), "{proven:?}");
    assert_eq!(proven.entries, 2);
    assert_eq!(proven.written_by, Some(format!("process {}", std::process::id())));
    let append = Append::new([draft("decision/D-1", json!({}))], at(3));
    let refused = beside.append(append).unwrap_err();
    assert!(matches!(refused, AppendError::Store(StoreError::ReadOnly(_))), "{refused}");
    drop(beside);
    drop(ledger);
    assert_eq!(home.open().head().seq, 2);
    assert_eq!(verify_file(&home.path, &Trust::default()).unwrap().written_by, None);
}

#[test]
fn somebody_elses_file_is_not_read_either() {
    let home = Home::new();
    drop(home.open());
    let newer = rusqlite::Connection::open(&home.path).unwrap();
    newer.pragma_update(None, "user_version", 9).unwrap();
    let error = Ledger::open_to_read(&home.path).unwrap_err().to_string();
    assert!(error.contains("has schema version 9"), "{error}");
    newer.pragma_update(None, "application_id", 9).unwrap();
    let error = Ledger::open_to_read(&home.path).unwrap_err().to_string();
    assert!(error.contains("not a ledger of council"), "{error}");
}

#[test]
fn a_closed_ledger_is_one_file_and_its_companions() {
    let home = Home::new();
    put(&home.open(), "decision/D-1", 1);
    let files = std::fs::read_dir(home.path.parent().unwrap()).unwrap();
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["ledger.db", "ledger.db-keys", "ledger.db-lock", "ledger.db-sums"]);
}

#[test]
fn somebody_elses_file_is_left_alone() {
    let home = Home::new();
    rusqlite::Connection::open(&home.path)
        .unwrap()
        .execute_batch("CREATE TABLE photos (name TEXT)")
        .unwrap();
    refused(&home.path, "is a database, but not a ledger of council");
    std::fs::write(&home.path, "Dear diary, today I wrote a very long text".repeat(100)).unwrap();
    refused(&home.path, "could not be opened");
}

#[test]
fn a_ledger_of_a_newer_program_is_refused() {
    let home = Home::new();
    put(&home.open(), "decision/D-1", 1);
    let newer = rusqlite::Connection::open(&home.path).unwrap();
    newer.pragma_update(None, "user_version", 9).unwrap();
    drop(newer);
    refused(
        &home.path,
        "has schema version 9 and this program knows up to 1; use the newer council",
    );
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    drop(home.open());
    let keys = format!("{}-keys", home.path.display());
    let mode = std::fs::metadata(&keys).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    refused(&home.path, "can be read by others (mode 644); run `chmod 600` on it");
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o600)).unwrap();
    for damaged in ["", "council-ledger-keys/1\nsign AAAA\n", "council-ledger-keys/9\n"] {
        std::fs::write(&keys, damaged).unwrap();
        refused(&home.path, "is not a key file of a ledger");
    }
}

#[test]
fn a_removed_log_is_not_taken_for_a_shorter_ledger() {
    let home = Home::new();
    let crashed = home.path.with_file_name("crashed.db");
    let ledger = home.open();
    put(&ledger, "decision/D-1", 1);
    put(&ledger, "decision/D-1", 2);
    // What a crash leaves behind, without its log.
    for suffix in ["", "-sums", "-keys"] {
        let name = |path: &Path| format!("{}{suffix}", path.display());
        std::fs::copy(name(&home.path), name(&crashed)).unwrap();
    }
    refused(&crashed, "ends at entry 0 but had acknowledged entry 2");
    let report = verify_file(&crashed, &Trust::default()).unwrap();
    let last = report.findings.last().unwrap().to_string();
    assert!(last.starts_with("entries 1 to 2: acknowledged to a caller, but gone"), "{last}");
    std::fs::remove_file(format!("{}-sums", crashed.display())).unwrap();
    let accepted = Ledger::open(&crashed, &Options::throw_away()).unwrap();
    assert_eq!(accepted.head().seq, 0);
}

#[test]
fn a_flipped_bit_in_the_log_is_noticed() {
    let home = Home::new();
    let crashed = home.path.with_file_name("crashed.db");
    let ledger = home.open();
    for number in 0..20 {
        put(&ledger, "decision/D-1", number);
    }
    for suffix in ["", "-sums", "-keys", "-wal"] {
        let name = |path: &Path| format!("{}{suffix}", path.display());
        std::fs::copy(name(&home.path), name(&crashed)).unwrap();
    }
    let log = format!("{}-wal", crashed.display());
    let mut bytes = std::fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&log, bytes).unwrap();
    refused(&crashed, "but had acknowledged entry 20");
}

#[test]
fn what_is_too_large_is_refused_by_name() {
    let home = Home::new();
    let ledger = home.open();
    let append =
        |drafts: Vec<ledger::Draft>| ledger.append(Append::new(drafts, at(0))).unwrap_err();
    let long = json!("x".repeat(ledger::limits::MAX_BODY_BYTES));
    let error = append(vec![draft("decision/D-1", long)]);
    assert!(matches!(error, AppendError::Body { index: 0, .. }), "{error:?}");
    let many = vec![draft("decision/D-1", json!(1)); ledger::limits::MAX_DRAFTS + 1];
    assert!(matches!(append(many), AppendError::TooMany(1001)));
    let big = json!("x".repeat(ledger::limits::MAX_BODY_BYTES - 2));
    let error = append(vec![draft("decision/D-1", big); 9]);
    assert!(matches!(error, AppendError::TooLong(_)), "{error:?}");
    let deep = (0..ledger::limits::MAX_BODY_DEPTH + 1).fold(json!(1), |inner, _| json!([inner]));
    let error = append(vec![draft("decision/D-1", json!(1)), draft("decision/D-1", deep)]);
    assert!(matches!(error, AppendError::Body { index: 1, .. }), "{error:?}");
    assert!(matches!(append(vec![]), AppendError::Empty));
    assert_eq!(ledger.head().seq, 0);
}
