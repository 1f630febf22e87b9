//! Sealed texts: readable with the key, gone without it, and the chain does not care.

use ledger::{Append, SealError, Sealed, Trust, verify_file};
use serde_json::json;

use crate::support::{Home, at, draft, stream};

const TEXT: &str = "Ana said that the switch was unplugged";

#[test]
fn a_sealed_text_is_read_by_its_stream_only() {
    let home = Home::new();
    let ledger = home.open();
    let sealed = ledger.seal(&stream("incident/INC-1"), TEXT).unwrap();
    assert_eq!(ledger.unseal(&stream("incident/INC-1"), &sealed).unwrap(), TEXT);
    let elsewhere = ledger.unseal(&stream("incident/INC-2"), &sealed).unwrap_err();
    assert!(matches!(elsewhere, SealError::Erased(_)), "{elsewhere}");
    let mut changed = sealed;
    let tenth = changed.sealed.remove(40);
    changed.sealed.insert(40, if tenth == 'A' { 'B' } else { 'A' });
    let error = ledger.unseal(&stream("incident/INC-1"), &changed).unwrap_err();
    assert!(matches!(error, SealError::Unopenable(_)), "{error}");
}

#[test]
fn the_same_text_is_never_sealed_alike_and_one_key_serves_a_stream() {
    let home = Home::new();
    let ledger = home.open();
    let seal = || ledger.seal(&stream("incident/INC-1"), TEXT).unwrap();
    let (one, other) = (seal(), seal());
    assert_eq!(one.key, other.key);
    assert_ne!(one.sealed, other.sealed);
}

#[test]
fn an_erased_text_is_gone_from_every_file_while_the_chain_holds() {
    let home = Home::new();
    let ledger = home.open();
    let mine = stream("incident/INC-1");
    let sealed = ledger.seal(&mine, TEXT).unwrap();
    let kept = ledger.seal(&stream("incident/INC-2"), TEXT).unwrap();
    let body = json!({ "timeline": sealed });
    ledger.append(Append::new([draft("incident/INC-1", body)], at(0))).unwrap();
    ledger.checkpoint(at(1)).unwrap();

    let bytes_of_files = || -> Vec<u8> {
        let files = std::fs::read_dir(home.path.parent().unwrap()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    };
    let wrapped: Vec<u8> = {
        let reader = rusqlite::Connection::open(&home.path).unwrap();
        let sql = "SELECT wrapped FROM stream_keys WHERE stream = 'incident/INC-1'";
        reader.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let holds = |needle: &[u8]| bytes_of_files().windows(needle.len()).any(|w| w == needle);
    assert!(holds(&wrapped), "the key is in some file before it is erased");
    assert!(!holds(TEXT.as_bytes()), "the text itself is in no file");

    assert_eq!(ledger.erase(&mine).unwrap(), 1);
    assert!(!holds(&wrapped), "the key is in no file any more");
    let error = ledger.unseal(&mine, &sealed).unwrap_err();
    assert_eq!(error.to_string(), "the text of `incident/INC-1` was erased");
    assert_eq!(ledger.unseal(&stream("incident/INC-2"), &kept).unwrap(), TEXT);
    let entry = ledger.entry(1).unwrap().unwrap();
    assert_eq!(entry.body::<serde_json::Value>().unwrap()["timeline"]["key"], sealed.key);
    drop(ledger);
    assert!(!holds(&wrapped), "nor after closing");
    let report = verify_file(&home.path, &Trust::default()).unwrap();
    assert!(report.is_intact(), "{:?}", report.findings);
}

#[test]
fn after_erasing_a_stream_can_be_sealed_anew() {
    let home = Home::new();
    let ledger = home.open();
    let mine = stream("incident/INC-1");
    let old = ledger.seal(&mine, TEXT).unwrap();
    ledger.erase(&mine).unwrap();
    let new = ledger.seal(&mine, "quiet").unwrap();
    assert_eq!(ledger.unseal(&mine, &new).unwrap(), "quiet");
    assert!(matches!(ledger.unseal(&mine, &old).unwrap_err(), SealError::Erased(_)));
    assert_eq!(ledger.erase(&stream("incident/never")).unwrap(), 0);
}

#[test]
fn a_text_beyond_the_limit_is_refused() {
    let home = Home::new();
    let ledger = home.open();
    let longest = "x".repeat(ledger::limits::MAX_SEALED_BYTES);
    let sealed: Sealed = ledger.seal(&stream("incident/INC-1"), &longest).unwrap();
    let append = Append::new([draft("incident/INC-1", json!({ "text": sealed }))], at(0));
    ledger.append(append).unwrap();
    let error = ledger.seal(&stream("incident/INC-1"), &(longest + "x")).unwrap_err();
    assert!(matches!(error, SealError::TooLong(_)), "{error}");
}
