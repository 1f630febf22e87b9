//! From a file to a server and back, and backups of a server.

use ledger::{
    CopyError, Header, Keys, Ledger, Options, SqliteStore, Store as _, StoreError, copy,
    verify_file,
};

use crate::postgres::Postgres;
use crate::support::{append, assert_intact, everything, noon, replica, store, stream};

fn file(path: &std::path::Path) -> SqliteStore {
    SqliteStore::open(path, &Options::throw_away(), &Header::new([7; 16])).unwrap()
}

/// A file with everything in it that can be carried along.
fn fill(path: &std::path::Path, keys: &Keys) -> ledger::Sealed {
    let options = Options { keys: Some(keys.clone()), ..Options::throw_away() };
    drop(file(path));
    let ledger = Ledger::open(path, &options).unwrap();
    for number in 0..40 {
        let id = format!("é\"\\\n😀 {number}");
        ledger
            .append(append(&format!("decision/D-{}", number % 7), &id).key(number.to_string()))
            .unwrap();
    }
    ledger.checkpoint(noon()).unwrap();
    ledger.lease("mailer", "one", noon(), jiff::SignedDuration::from_secs(10)).unwrap();
    ledger.seal(&stream("incident/INC-1"), "somebody was tired").unwrap();
    let newest = ledger.seal(&stream("incident/INC-1"), "somebody was tired").unwrap();
    ledger.append(append("incident/INC-1", "last")).unwrap();
    newest
}

#[test]
fn a_ledger_moves_from_a_file_to_a_server_and_back() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let directory = tempfile::tempdir().unwrap();
    let keys = Keys::generate().unwrap();
    let [there, back] = ["there.db", "back.db"].map(|name| directory.path().join(name));
    let sealed = fill(&there, &keys);
    let address = postgres.database("council");

    let copied = copy(&file(&there), &store(&address)).unwrap();
    assert_eq!((copied.entries, copied.checkpoints, copied.stream_keys), (41, 1, 1));
    assert_eq!((copied.leases, copied.idempotency_keys), (1, 40));
    let again = copy(&file(&there), &store(&address)).unwrap();
    assert_eq!((again.entries, again.head), (0, copied.head), "there is nothing left to do");

    let on_server = replica(&address, &keys);
    assert_intact(&on_server, 41);
    let text = on_server.unseal(&stream("incident/INC-1"), &sealed).unwrap();
    assert_eq!(text, "somebody was tired");
    let repeated = on_server.append(append("decision/D-3", "é\"\\\n😀 3").key("3")).unwrap();
    assert!(repeated.repeated, "a retry is known as one");
    let ten = jiff::SignedDuration::from_secs(10);
    let lease = on_server.lease("mailer", "two", noon() + ten, ten).unwrap();
    assert_eq!(lease.token, 2, "tokens count on");
    on_server.append(append("decision/D-1", "on the server")).unwrap();

    let returned = copy(&store(&address), &file(&back)).unwrap();
    assert_eq!(returned.entries, 42);
    let options = Options { keys: Some(keys), ..Options::throw_away() };
    let home = Ledger::open(&back, &options).unwrap();
    assert_eq!(everything(&home), everything(&on_server));
    assert_intact(&home, 42);
}

#[test]
fn a_copy_goes_on_where_it_stopped_and_refuses_what_would_lose_entries() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ledger.db");
    let keys = Keys::generate().unwrap();
    fill(&path, &keys);
    let address = postgres.database("council");
    let begun = store(&address);
    let first = file(&path).entries(&ledger::Query { limit: 9, ..Default::default() }).unwrap();
    begun.write(&mut |write| first.iter().try_for_each(|entry| write.insert(entry))).unwrap();
    assert_eq!(copy(&file(&path), &begun).unwrap().entries, 32);

    replica(&address, &keys).append(append("decision/D-1", "here")).unwrap();
    let options = Options { keys: Some(keys), ..Options::throw_away() };
    Ledger::open(&path, &options).unwrap().append(append("decision/D-1", "there")).unwrap();
    let diverged = copy(&file(&path), &begun).unwrap_err();
    assert!(matches!(diverged, CopyError::Diverged { seq: 42 }), "{diverged:?}");

    let stranger = postgres.database("stranger");
    let other = ledger_postgres::PostgresStore::open(&stranger, &Header::new([8; 16])).unwrap();
    let refused = copy(&file(&path), &other).unwrap_err();
    assert!(matches!(refused, CopyError::OtherLedger { .. }), "{refused:?}");

    postgres.sql("council", "UPDATE council_entries SET actor = 'person/eve' WHERE seq = 5");
    let damaged = copy(&begun, &file(&directory.path().join("new.db"))).unwrap_err();
    assert!(
        matches!(&damaged, CopyError::Damaged { side: ledger::Side::Source, .. }),
        "{damaged:?}"
    );
    assert!(damaged.to_string().contains("entry 5"), "{damaged}");
}

#[test]
fn a_backup_of_a_server_is_a_file_that_proves_itself() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let directory = tempfile::tempdir().unwrap();
    let keys = Keys::generate().unwrap();
    let ledger = replica(&postgres.database("council"), &keys);
    for number in 0..30 {
        ledger.append(append("decision/D-1", &number.to_string())).unwrap();
    }
    ledger.checkpoint(noon()).unwrap();
    let to = directory.path().join("backup.db");
    ledger.backup(&to).unwrap();
    let report = verify_file(&to, &ledger::Trust::default()).unwrap();
    assert!(report.is_intact(), "{:?}", report.findings);
    assert_eq!((report.entries, report.checkpoints), (30, 1));
    let error = ledger.backup(&to).unwrap_err();
    assert!(matches!(error, StoreError::Io(_)), "{error:?}");
    assert!(to.exists(), "what was there stays");
    postgres.sql("council", "UPDATE council_entries SET actor = 'person/eve' WHERE seq = 5");
    let half = directory.path().join("half.db");
    let error = ledger.backup(&half).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(!half.exists(), "half a copy does not pass for a backup");
}
