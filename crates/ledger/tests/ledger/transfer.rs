//! Export, import and backup: a ledger that moves stays the same ledger.

use std::io::Cursor;

use ledger::{
    Append, ExportError, ImportError, Ledger, Query, SealError, Sealed, StoreError, Trust, import,
    verify_file,
};
use serde_json::json;

use crate::support::{Home, at, draft, put, stream};

fn filled(home: &Home) -> Ledger {
    let ledger = home.open();
    for number in 1..=5 {
        put(&ledger, &format!("decision/D-{}", number % 2), number);
    }
    ledger.checkpoint(at(6)).unwrap();
    let note = ledger.seal(&stream("decision/D-1"), "Ana was on call").unwrap();
    let odd = json!({"note": note, "float": 1e17, "small": 1e-7, "text": "\u{1}\"\\\u{2028}é😀"});
    let append = Append::new([draft("decision/D-1", odd).caused_by("entry/5")], at(7));
    ledger.append(append).unwrap();
    ledger
}

fn exported(ledger: &Ledger) -> String {
    let mut bytes = Vec::new();
    ledger.export(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn all(ledger: &Ledger) -> Vec<ledger::Entry> {
    ledger.entries(&Query::default()).unwrap()
}

#[test]
fn an_export_restores_the_same_ledger() {
    let (home, target) = (Home::new(), Home::new());
    let ledger = filled(&home);
    let text = exported(&ledger);
    let imported = import(&target.path, &mut Cursor::new(&text)).unwrap();
    assert_eq!((imported.head, imported.checkpoints, imported.stream_keys), (ledger.head(), 1, 1));
    let keys = |home: &Home| format!("{}-keys", home.path.display());
    std::fs::copy(keys(&home), keys(&target)).unwrap();
    let report = verify_file(&target.path, &Trust::default()).unwrap();
    assert!(report.is_intact(), "{:?}", report.findings);
    let restored = target.open();
    assert_eq!(all(&restored), all(&ledger));
    assert_eq!(exported(&restored), text);
    let note: Sealed = serde_json::from_value(
        restored.entry(6).unwrap().unwrap().body::<serde_json::Value>().unwrap()["note"].clone(),
    )
    .unwrap();
    assert_eq!(restored.unseal(&stream("decision/D-1"), &note).unwrap(), "Ana was on call");
    put(&restored, "decision/D-0", 9);
}

#[test]
fn an_exported_line_holds_the_very_bytes_that_its_hash_covers() {
    use sha2::Digest as _;
    let home = Home::new();
    let text = exported(&filled(&home));
    let entries: Vec<&str> = text.lines().filter(|line| line.starts_with("{\"entry\":")).collect();
    assert_eq!(entries.len(), 6);
    for line in entries {
        let (entry, hash) = line.split_once(",\"hash\":\"").unwrap();
        let bytes = entry.strip_prefix("{\"entry\":").unwrap();
        let digest: [u8; 32] = sha2::Sha256::digest(bytes).into();
        assert_eq!(format!("{}\"}}", ledger::Hash(digest)), hash);
        let value: serde_json::Value = serde_json::from_str(bytes).unwrap();
        assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), bytes);
    }
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let target = Home::new();
    let error = import(&target.path, &mut Cursor::new(text)).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
    assert!(!target.path.exists(), "a refused import leaves nothing behind");
    let left: Vec<_> = std::fs::read_dir(target.path.parent().unwrap()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn an_export_that_was_changed_is_refused_at_its_line() {
    let home = Home::new();
    let text = exported(&filled(&home));
    refused(
        &text.replace("\"number\":3", "\"number\":4"),
        "line 4 is refused: the hash does not fit",
    );
    refused(
        &text.replace("\"version\":2", "\"version\":3"),
        "`version` is 3 where the stream counts 2",
    );
    refused(&text.replacen("T12:00:04", "T12:00:02", 1), "`at` lies before");
    refused(&text.replacen("T12:00:04", "t12:00:04", 1), "`at` is not a time");
    refused(&text.replacen("\"seq\":5", "\"seq\":6", 1), "entry 6 follows entry 4");
    refused(&text.replacen("\"id\":\"", "\"id\":\"x", 1), "line 1 is refused");
    refused(&text.replacen("person/ana", "person ana", 1), "no spaces");
    refused(
        &text.replacen("{\"checkpoint\":{\"seq\":5", "{\"checkpoint\":{\"seq\":4", 1),
        "signature",
    );
    let without_fourth: Vec<&str> = text.lines().filter(|l| !l.contains("\"seq\":4,")).collect();
    refused(&(without_fourth.join("\n") + "\n"), "entry 5 follows entry 3");
    refused(&(text.clone() + "{}\n"), "line 11 is refused");
    refused(&(text.clone() + &text), "more behind the head");
    refused("", "was cut off");
    refused("{\"head\":1}\n", "line 1 is refused");
}

#[test]
fn an_export_that_was_cut_off_is_refused() {
    let home = Home::new();
    let text = exported(&filled(&home));
    let lines: Vec<&str> = text.lines().collect();
    for kept in 0..lines.len() {
        let cut = lines[..kept].iter().map(|line| format!("{line}\n")).collect::<String>();
        refused(&cut, &format!("ends after line {kept} "));
    }
    refused(text.trim_end(), "was cut off");
}

#[test]
fn an_import_refuses_a_ledger_that_holds_entries() {
    let (home, target) = (Home::new(), Home::new());
    let text = exported(&filled(&home));
    put(&target.open(), "decision/D-1", 1);
    match import(&target.path, &mut Cursor::new(&text)).unwrap_err() {
        ImportError::NotEmpty { entries: 1, .. } => {}
        other => panic!("{other}"),
    }
    assert_eq!(target.open().head().seq, 1);
    let empty = Home::new();
    drop(empty.open());
    import(&empty.path, &mut Cursor::new(&text)).unwrap();
}

#[test]
fn an_export_to_a_full_disk_says_so() {
    let home = Home::new();
    let ledger = filled(&home);
    let mut small = Cursor::new([0_u8; 300]);
    match ledger.export(&mut small).unwrap_err() {
        ExportError::Write(_) => {}
        ExportError::Store(error) => panic!("{error}"),
    }
}

#[test]
fn a_backup_taken_under_load_is_a_whole_ledger() {
    let home = Home::new();
    let ledger = filled(&home);
    let copy = home.path.with_file_name("copy.db");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..200 {
                put(&ledger, "decision/D-7", number);
            }
        });
        ledger.backup(&copy).unwrap();
        writer.join().unwrap();
    });
    let report = verify_file(&copy, &Trust::default()).unwrap();
    assert!(report.is_intact(), "{:?}", report.findings);
    let head = report.head.unwrap();
    assert!((6..=206).contains(&head.seq), "{head:?}");
    assert_eq!(ledger.entry(head.seq).unwrap().unwrap().hash, head.hash);
}

#[test]
fn a_backup_does_not_overwrite_anything() {
    let home = Home::new();
    let ledger = filled(&home);
    let there = home.path.with_file_name("there.db");
    std::fs::write(&there, "precious").unwrap();
    assert!(matches!(ledger.backup(&there).unwrap_err(), StoreError::Io(_)));
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "precious");
}

#[test]
fn a_restored_ledger_without_its_keys_says_what_is_missing() {
    let (home, target) = (Home::new(), Home::new());
    let ledger = filled(&home);
    import(&target.path, &mut Cursor::new(exported(&ledger))).unwrap();
    let body = ledger.entry(6).unwrap().unwrap().body::<serde_json::Value>().unwrap();
    let note: Sealed = serde_json::from_value(body["note"].clone()).unwrap();
    let error = target.open().unseal(&stream("decision/D-1"), &note).unwrap_err();
    assert!(matches!(error, SealError::Unopenable(_)), "{error}");
    assert!(error.to_string().contains("key file"), "{error}");
}
