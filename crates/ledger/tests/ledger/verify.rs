//! Verification: what is damaged is found, and where.

use std::path::Path;

use ledger::{Keys, Ledger, Options, Place, Trust, Verification, verify_file};
use serde_json::json;

use crate::support::{Home, at, draft, put};

const ENTRIES: i64 = 40;

/// A closed ledger with a few streams, a checkpoint, an idempotency key, a sealed text and a lease in it.
fn written() -> Home {
    let home = Home::new();
    let ledger = home.open();
    for number in 1..=ENTRIES {
        put(&ledger, &format!("decision/D-{}", number % 3), number);
    }
    let text = ledger.seal(&crate::support::stream("decision/D-1"), "Ana was on call").unwrap();
    let drafts = [draft("decision/D-1", json!({ "note": text }))];
    ledger.append(ledger::Append::new(drafts, at(99)).key("once")).unwrap();
    ledger.lease("mailer", "one", at(0), jiff::SignedDuration::from_secs(9)).unwrap();
    ledger.checkpoint(at(100)).unwrap();
    home
}

fn verify(path: &Path) -> Verification {
    verify_file(path, &Trust::default()).unwrap()
}

/// Changes bytes of a file that nobody has open.
fn change(path: &Path, work: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    work(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

fn find(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).position(|window| window == needle).expect("the bytes are there")
}

#[test]
fn an_untouched_ledger_is_intact() {
    let home = written();
    let report = verify(&home.path);
    assert!(report.is_intact(), "{:?}", report.findings);
    assert_eq!((report.entries, report.checkpoints), (41, 1));
    let ledger = home.open();
    assert_eq!(report.head, Some(ledger.head()));
    let live = ledger.verify(&Trust::default()).unwrap();
    assert!(live.is_intact(), "{:?}", live.findings);
}

/// Flips one bit of an entry where `needle` stands, and returns what verification says of entries.
#[track_caller]
fn flipped_at(needle: &[u8], offset: usize) -> Vec<String> {
    let home = written();
    change(&home.path, |bytes| {
        let place = find(bytes, needle) + offset;
        bytes[place] ^= 1;
    });
    let report = verify(&home.path);
    let pages = report.findings.iter().filter(|f| matches!(f.place, Place::Page { .. })).count();
    assert_eq!(pages, 1, "{:?}", report.findings);
    let of_entry = |f: &&ledger::Finding| matches!(f.place, Place::Entry { .. });
    report.findings.iter().filter(of_entry).map(ToString::to_string).collect()
}

#[test]
fn a_flipped_bit_in_a_body_is_named_to_the_byte() {
    let found = flipped_at(b"{\"number\":17}", 10);
    let what = "entry 17, `body`: byte 10 is '0' and was '1': bit 0 has flipped; with it back the hash fits";
    assert_eq!(found, [what]);
}

#[test]
fn a_flipped_bit_in_another_field_is_named() {
    let found = flipped_at(b"person/ana", 3);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`actor`: byte 3 is 'r' and was 's'"), "{found:?}");
    let found = flipped_at(b"2026-11-22T12:00:05.000000Z", 18);
    assert!(found[0].starts_with("entry 5, `at`: byte 18 is '4' and was '5'"), "{found:?}");
}

#[test]
fn a_flipped_bit_in_a_hash_is_told_from_one_in_the_content() {
    let home = written();
    let entry = home.open().entry(17).unwrap().unwrap();
    change(&home.path, |bytes| {
        // Both the row's own hash and the next row's link are these bytes; the row's own follows its link.
        let place = find(bytes, &[entry.prev_hash.0, entry.hash.0].concat()) + 32;
        bytes[place] ^= 0x80;
    });
    let report = verify(&home.path);
    let texts: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(texts.iter().any(|t| t.starts_with("entry 17, `hash`: it is damaged")), "{texts:#?}");
}

/// Flips bits in place, for rewriting a whole file thousands of times takes minutes.
fn flip(file: &std::fs::File, place: usize, bits: u8) {
    use std::os::unix::fs::FileExt as _;
    let mut byte = [0];
    file.read_exact_at(&mut byte, place as u64).unwrap();
    file.write_all_at(&[byte[0] ^ bits], place as u64).unwrap();
}

fn writable(path: &Path) -> std::fs::File {
    std::fs::OpenOptions::new().read(true).write(true).open(path).unwrap()
}

#[test]
fn a_flipped_bit_at_any_byte_of_the_file_is_found_in_its_page() {
    let home = written();
    let file = writable(&home.path);
    let length = usize::try_from(file.metadata().unwrap().len()).unwrap();
    // All of the file's header, and then one byte in eleven: coprime to every structure's size.
    let places = (0..100).chain((100..length).step_by(11));
    for place in places {
        flip(&file, place, 1 << (place % 8));
        let findings = ledger::SqliteStore::check_file(&home.path).unwrap();
        let page = u32::try_from(place / 4096 + 1).unwrap();
        let found: Vec<_> = findings.iter().map(|f| &f.place).collect();
        let hit = matches!(found[..], [Place::Page { number, .. }] if *number == page);
        assert!(hit, "byte {place}: {findings:?}");
        flip(&file, place, 1 << (place % 8));
    }
    assert_eq!(ledger::SqliteStore::check_file(&home.path).unwrap(), []);
}

#[test]
fn a_whole_verification_survives_damage_anywhere() {
    let home = written();
    let original = std::fs::read(&home.path).unwrap();
    let sums = format!("{}-sums", home.path.display());
    let original_sums = std::fs::read(&sums).unwrap();
    let places = (0..100).step_by(3).chain((100..original.len()).step_by(1009));
    for place in places {
        flip(&writable(&home.path), place, 1 << (place % 7));
        let report = verify(&home.path);
        assert!(!report.is_intact(), "a flip at byte {place} was not found");
        std::fs::write(&home.path, &original).unwrap();
        std::fs::write(&sums, &original_sums).unwrap();
    }
}

#[test]
fn a_flipped_bit_in_the_sums_themselves_is_found() {
    let home = written();
    let sums = writable(Path::new(&format!("{}-sums", home.path.display())));
    let length = usize::try_from(sums.metadata().unwrap().len()).unwrap();
    for place in 0..length {
        flip(&sums, place, 2);
        let findings = ledger::SqliteStore::check_file(&home.path).unwrap();
        assert_eq!(findings.len(), 1, "byte {place}: {findings:?}");
        flip(&sums, place, 2);
    }
}

#[test]
fn a_ledger_that_was_cut_short_is_found_by_its_checkpoint_alone() {
    let home = written();
    let forged = Home::new();
    copy_entries(&home.path, &forged.path, "seq <= 30", "");
    let report = verify(&forged.path);
    let texts: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["entries 31 to 41: missing at the end: a signed checkpoint vouches for them"]
    );
}

#[test]
fn a_removed_entry_is_found() {
    let home = written();
    let forged = Home::new();
    copy_entries(&home.path, &forged.path, "seq <> 7", "");
    let texts: Vec<String> =
        verify(&forged.path).findings.iter().map(ToString::to_string).collect();
    assert!(texts[0].starts_with("entry 7: missing"), "{texts:#?}");
    assert!(
        texts.iter().any(|t| t.starts_with("entry 10, `version`: it is 4 where")),
        "{texts:#?}"
    );
}

#[test]
fn a_rewritten_entry_is_found() {
    let home = written();
    let forged = Home::new();
    let rewrite = "UPDATE entries SET body = '{\"number\":700}' WHERE seq = 7";
    copy_entries(&home.path, &forged.path, "true", rewrite);
    let texts: Vec<String> =
        verify(&forged.path).findings.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 1, "{texts:#?}");
    assert!(texts[0].starts_with("entry 7: its hash does not fit its content"), "{texts:#?}");
}

#[test]
fn a_checkpoint_signed_by_somebody_else_is_found() {
    let home = written();
    let other = Options { keys: Some(Keys::generate().unwrap()), ..Options::throw_away() };
    let signed = {
        let ledger = Ledger::open(&home.path, &other).unwrap();
        put(&ledger, "decision/D-1", 200);
        ledger.checkpoint(at(201)).unwrap()
    };
    let texts: Vec<String> = verify(&home.path).findings.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["checkpoint of entry 42: it is signed by a key that is not trusted here"]);
    let trust = Trust { keys: vec![signed.key], checkpoints: vec![] };
    assert!(verify_file(&home.path, &trust).unwrap().is_intact());
}

#[test]
fn a_ledger_written_anew_is_found_by_a_checkpoint_kept_elsewhere() {
    let home = written();
    let kept = home.open().checkpoints().unwrap();
    for suffix in ["", "-sums"] {
        std::fs::remove_file(format!("{}{suffix}", home.path.display())).unwrap();
    }
    let ledger = home.open();
    put(&ledger, "decision/D-1", 1);
    drop(ledger);
    assert!(verify(&home.path).is_intact(), "nothing in the new ledger speaks of the old one");
    let trust = Trust { keys: vec![], checkpoints: kept };
    assert!(!verify_file(&home.path, &trust).unwrap().is_intact());
}

/// Builds a ledger from chosen rows of another, as a forger with SQLite at hand would: page sums are made anew, so
/// that only the chain and the checkpoints can tell.
fn copy_entries(from: &Path, to: &Path, condition: &str, then: &str) {
    std::fs::copy(from, to).unwrap();
    std::fs::copy(format!("{}-keys", from.display()), format!("{}-keys", to.display())).unwrap();
    let forger = rusqlite::Connection::open(to).unwrap();
    let script = format!(
        "DROP TRIGGER entries_never_go; DROP TRIGGER entries_never_change;
         DELETE FROM entries WHERE NOT ({condition}); {then};
         PRAGMA wal_checkpoint(TRUNCATE);"
    );
    forger.execute_batch(&script).unwrap();
}
