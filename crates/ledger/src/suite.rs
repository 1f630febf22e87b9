//! What every store must do, as cases that any store can be put through.
//!
//! A store's own tests call [`run`] with a way to open it; SQLite's do so in this crate, another store's in its own
//! (with the feature `suite`). The cases know nothing of any database: they hold the half of the contract in
//! [`crate::store`] that a database must keep, and the whole ledger on top of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::lease::LeaseError;
use crate::limits::{MAX_SNAPSHOTS, earliest};
use crate::store::FoldId;
use crate::{
    Append, AppendError, AsOf, Draft, Entry, Fold, Hash, Keys, Ledger, Query, Remembered, Snapshot,
    Store, StoreError, Stream, Trust,
};

/// A place where one ledger lies. Opened again, after what was opened before is dropped, it holds the same ledger.
pub trait Place {
    /// Opens the store that lies here; at first it is empty.
    fn open(&self) -> Arc<dyn Store>;
}

/// One case: its name is what must hold.
pub type Case = (&'static str, fn(&dyn Place));

/// All cases; each wants a place of its own.
pub const CASES: &[Case] = &[
    ("a new store is empty", new_store_is_empty),
    ("a write that fails has not happened", failed_write_has_not_happened),
    ("a write sees what it has written", write_sees_itself),
    ("what was written under a key is found again", what_a_key_wrote_is_found),
    ("entries come back as they were", entries_come_back),
    ("queries narrow and order", queries_narrow),
    ("a time finds the entry before it", time_finds_entry),
    ("what was written is there after opening again", survives_reopening),
    ("rows are shown raw, in order", rows_are_raw),
    ("keys, leases and snapshots are kept", side_tables),
    ("of many writers with one expectation one wins", one_winner),
    ("many writers make one chain", one_chain),
    ("a lease's token fences its old holder", lease_fences),
    ("folds and snapshots agree", folds_agree),
];

/// Puts a store through every case. `place` makes a new place each time it is called.
pub fn run<P: Place>(mut place: impl FnMut() -> P) {
    for (_, case) in CASES {
        case(&place());
    }
}

fn at(seconds: i64) -> Timestamp {
    earliest() + SignedDuration::from_secs(seconds)
}

fn stream(name: &str) -> Stream {
    Stream::new(name).expect("a valid stream")
}

fn draft(name: &str, number: u64) -> Draft {
    let actor = if number.is_multiple_of(2) { "person/ana" } else { "person/ben" };
    let kind = if number.is_multiple_of(3) { "third.happened" } else { "other.happened" };
    Draft::new(stream(name), kind, actor, json!({ "number": number, "text": "é\"\\\n😀" }))
}

fn ledger(place: &dyn Place) -> Ledger {
    Ledger::over(place.open(), Keys::generate().expect("randomness")).expect("a ledger")
}

/// Twelve entries in three streams, a second apart.
fn filled(place: &dyn Place) -> (Ledger, Vec<Entry>) {
    let ledger = ledger(place);
    let entries = (1..=12_u32)
        .flat_map(|number| {
            let name = ["decision/D-1", "decision/D-2", "decision/D-20"][number as usize % 3];
            let seconds = i64::from(number);
            let number = u64::from(number);
            let append = Append::new([draft(name, number).caused_by("request/1")], at(seconds));
            ledger.append(append).expect("an append").entries
        })
        .collect();
    (ledger, entries)
}

fn new_store_is_empty(place: &dyn Place) {
    let store = place.open();
    assert_eq!(store.head().expect("the head"), store.header().empty_head());
    assert_eq!(store.entries(&Query::default()).expect("entries"), []);
    assert_eq!(store.version(&stream("decision/D-1")).expect("a version"), 0);
    assert_eq!(store.seq_at(at(1)).expect("a place"), 0);
    assert_eq!(store.checkpoints().expect("checkpoints"), []);
    assert_eq!(store.all_stream_keys().expect("keys"), []);
    store.health().expect("health");
}

fn failed_write_has_not_happened(place: &dyn Place) {
    let (ledger, entries) = filled(place);
    let store = ledger.store();
    let last = entries.last().expect("entries");
    let next = Entry { seq: last.seq + 1, version: last.version + 1, ..last.clone() };
    let result = store.write(&mut |write| {
        write.insert(&next)?;
        let fingerprint = next.hash;
        write.remember("key", &Remembered { first: 13, last: 13, fingerprint })?;
        Err(StoreError::GivenUp)
    });
    assert!(matches!(result, Err(StoreError::GivenUp)), "{result:?}");
    assert_eq!(store.head().expect("the head"), last.head());
    assert_eq!(store.entries(&Query::default()).expect("entries"), entries);
    let twice = store.write(&mut |write| write.insert(last));
    assert!(twice.is_err(), "the same place cannot be taken twice");
    store
        .write(&mut |write| {
            assert_eq!(write.remembered("key")?, None);
            Ok(())
        })
        .expect("a write");
}

fn what_a_key_wrote_is_found(place: &dyn Place) {
    let (ledger, entries) = filled(place);
    let at = entries.last().expect("entries").at;
    let drafts = ["one", "two"].map(|word| {
        let stream = Stream::new("decision/9").expect("a stream");
        Draft::new(stream, "decision.voted", "person/ana", serde_json::json!({ "said": word }))
    });
    assert_eq!(ledger.written_under("mine").expect("a read"), None);
    let appended = ledger.append(Append::new(drafts, at).key("mine")).expect("an append");
    let found = ledger.written_under("mine").expect("a read").expect("entries");
    assert_eq!(found, appended.entries);
    assert_eq!(ledger.written_under("other").expect("a read"), None);
}

fn write_sees_itself(place: &dyn Place) {
    let (ledger, entries) = filled(place);
    let last = entries.last().expect("entries");
    let next = Entry { seq: last.seq + 1, version: last.version + 1, ..last.clone() };
    ledger
        .store()
        .write(&mut |write| {
            write.insert(&next)?;
            assert_eq!(write.head()?, next.head());
            assert_eq!(write.version(&next.stream)?, next.version);
            Ok(())
        })
        .expect("a write");
}

fn entries_come_back(place: &dyn Place) {
    let (ledger, entries) = filled(place);
    let store = ledger.store();
    assert_eq!(store.entries(&Query::default()).expect("entries"), entries);
    let of_stream: Vec<Entry> =
        entries.iter().filter(|e| e.stream.as_str() == "decision/D-2").cloned().collect();
    let name = stream("decision/D-2");
    assert_eq!(store.stream(&name, 0).expect("the stream"), of_stream);
    assert_eq!(store.stream(&name, 3).expect("the stream"), of_stream[3..]);
    assert_eq!(store.version(&name).expect("a version"), of_stream.len() as u64);
}

fn queries_narrow(place: &dyn Place) {
    let (ledger, _) = filled(place);
    let seqs = |query: Query| -> Vec<u64> {
        ledger.entries(&query).expect("entries").iter().map(|entry| entry.seq).collect()
    };
    let all = Query::default;
    assert_eq!(seqs(Query { after: 9, ..all() }), [10, 11, 12]);
    assert_eq!(seqs(Query { after: 2, before: Some(5), ..all() }), [3, 4]);
    assert_eq!(seqs(Query { limit: 2, ..all() }), [1, 2]);
    assert_eq!(seqs(Query { newest_first: true, limit: 3, ..all() }), [12, 11, 10]);
    assert_eq!(seqs(Query { before: Some(3), newest_first: true, ..all() }), [2, 1]);
    let of = |stream: &str| Query { stream: Some(stream.to_owned()), ..all() };
    assert_eq!(seqs(of("decision/D-2")), [1, 4, 7, 10], "`D-20` is not below `D-2`");
    assert_eq!(seqs(of("decision")).len(), 12);
    assert!(seqs(of("deci")).is_empty());
    assert_eq!(seqs(Query { kind: Some("third.happened".into()), ..all() }), [3, 6, 9, 12]);
    let both = Query { actor: Some("person/ben".into()), newest_first: true, ..of("decision/D-1") };
    assert_eq!(seqs(both), [9, 3]);
}

fn time_finds_entry(place: &dyn Place) {
    let (ledger, _) = filled(place);
    let found = |time| ledger.seq_as_of(AsOf::Time(time)).expect("a place");
    assert_eq!(found(at(0)), 0);
    assert_eq!(found(at(7)), 7);
    assert_eq!(found(at(8) - SignedDuration::from_micros(1)), 7);
    assert_eq!(found(at(999)), 12);
}

fn survives_reopening(place: &dyn Place) {
    let (ledger, entries) = filled(place);
    let keyed = || Append::new([draft("decision/D-9", 1)], at(20)).key("once");
    let first = ledger.append(keyed()).expect("an append");
    let checkpoint = ledger.checkpoint(at(21)).expect("a checkpoint");
    let (header, keys) = (ledger.header().clone(), ledger.keys().clone());
    drop(ledger);
    let ledger = Ledger::over(place.open(), keys).expect("a ledger");
    assert_eq!(*ledger.header(), header);
    let mut expected = entries;
    expected.extend(first.entries.clone());
    assert_eq!(ledger.entries(&Query::default()).expect("entries"), expected);
    assert_eq!(ledger.checkpoints().expect("checkpoints"), [checkpoint]);
    let again = ledger.append(keyed()).expect("an append");
    assert_eq!((again.entries, again.repeated), (first.entries, true));
    let report = ledger.verify(&Trust::default()).expect("a verification");
    assert!(report.is_intact(), "{:?}", report.findings);
}

fn rows_are_raw(place: &dyn Place) {
    let (ledger, entries) = filled(place);
    let mut shown = Vec::new();
    ledger
        .store()
        .each_row(&mut |row| {
            let row = row.expect("a row");
            let digest = row.digest(&mut Vec::new());
            shown.push((row.seq, digest, row.body.to_vec()));
            shown.len() < 10
        })
        .expect("rows");
    let expected: Vec<_> = entries[..10]
        .iter()
        .map(|entry| (entry.seq, entry.hash, entry.body.as_str().as_bytes().to_vec()))
        .collect();
    assert_eq!(shown, expected, "it stops when it is told to");
}

fn side_tables(place: &dyn Place) {
    let ledger = ledger(place);
    let store = ledger.store();
    let mine = stream("incident/INC-1");
    let sealed = ledger.seal(&mine, "text").expect("a seal");
    ledger.seal(&stream("incident/INC-2"), "text").expect("a seal");
    assert_eq!(store.stream_keys(&mine).expect("keys")[0].id, sealed.key);
    assert_eq!(ledger.erase(&mine).expect("an erasure"), 1);
    assert_eq!(store.stream_keys(&mine).expect("keys"), []);
    assert_eq!(store.all_stream_keys().expect("keys").len(), 1);

    let snapshot = |version, seq| Snapshot {
        fold: "counts".to_owned(),
        version,
        seq,
        hash: Hash([1; 32]),
        state: vec![0, 255],
        digest: Hash([2; 32]),
    };
    let put = |snapshot: &Snapshot| {
        store.write(&mut |write| write.put_snapshot(snapshot)).expect("a write");
    };
    let newest = |version, up_to| {
        let fold = FoldId { name: "counts", version };
        store.snapshot(fold, up_to).expect("a snapshot").map(|snapshot| snapshot.seq)
    };
    (1..=10).for_each(|seq| put(&snapshot(1, seq * 10)));
    let fold = FoldId { name: "counts", version: 1 };
    assert_eq!(store.snapshot(fold, 100).expect("a snapshot"), Some(snapshot(1, 100)));
    assert_eq!((newest(1, 99), newest(2, 99)), (Some(90), None));
    let oldest = 100 - 10 * (MAX_SNAPSHOTS as u64 - 1);
    assert_eq!((newest(1, oldest), newest(1, oldest - 1)), (Some(oldest), None), "old ones go");
    put(&snapshot(2, 50));
    assert_eq!((newest(1, 100), newest(2, 100)), (None, Some(50)), "a new version ends the old");
}

fn one_winner(place: &dyn Place) {
    let ledger = ledger(place);
    let attempt = |number| {
        let append = Append::new([draft("decision/D-1", number)], at(1));
        ledger.append(append.expect(stream("decision/D-1"), 0))
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|number| scope.spawn(move || attempt(number))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    });
    let lost = |result: &Result<_, AppendError>| {
        matches!(result, Err(AppendError::Conflict { expected: 0, actual: 1, .. }))
    };
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(results.iter().filter(|result| lost(result)).count(), 15);
    assert_eq!(ledger.head().seq, 1);
}

fn one_chain(place: &dyn Place) {
    let ledger = ledger(place);
    let write = |thread: u64| {
        (0..25).flat_map(move |number| {
            let name = format!("decision/D-{}", (thread + number) % 5);
            let drafts = [draft(&name, number), draft("decision/shared", number)];
            [drafts]
        })
    };
    let seqs: Vec<u64> = std::thread::scope(|scope| {
        let ledger = &ledger;
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                scope.spawn(move || -> Vec<u64> {
                    write(thread)
                        .flat_map(|drafts| {
                            let append = Append::new(drafts, at(1));
                            ledger.append(append).expect("an append").entries
                        })
                        .map(|entry| entry.seq)
                        .collect()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    });
    assert_eq!(BTreeSet::from_iter(&seqs).len(), 400, "every acknowledged place is another one");
    assert_eq!(ledger.version(&stream("decision/shared")).expect("a version"), 200);
    let report = ledger.verify(&Trust::default()).expect("a verification");
    assert!(report.is_intact(), "{:?}", report.findings);
    assert_eq!(report.entries, 400);
}

fn lease_fences(place: &dyn Place) {
    let ledger = ledger(place);
    let ten = SignedDuration::from_secs(10);
    let lease = |holder, now| ledger.lease("mailer", holder, now, ten);
    let write = |fence, number| {
        ledger.append(Append::new([draft("decision/D-1", number)], at(1)).fence(fence))
    };
    let first = lease("one", at(0)).expect("a lease");
    let held = lease("two", at(9)).expect_err("it is held");
    assert!(matches!(&held, LeaseError::Held(by) if by.holder == "one"), "{held}");
    let renewed = lease("one", at(5)).expect("a renewal");
    assert_eq!((renewed.token, renewed.until), (first.token, at(15)));
    write(first.fence(), 1).expect("the holder writes");
    let second = lease("two", at(15)).expect("it has ended");
    assert_eq!(second.token, first.token + 1);
    let fenced = write(first.fence(), 2).expect_err("the old holder is fenced off");
    let tokens = (first.token, second.token);
    assert!(
        matches!(&fenced, AppendError::Fenced { given, current, .. } if (*given, *current) == tokens),
        "{fenced}"
    );
    ledger.release(&first, at(16)).expect("a release");
    assert!(lease("three", at(16)).is_err(), "an old token releases nothing");
    ledger.release(&second, at(16)).expect("a release");
    let third = lease("three", at(16)).expect("it is free");
    assert_eq!(third.token, second.token + 1, "a token never repeats");
    write(third.fence(), 3).expect("the new holder writes");
    assert_eq!(ledger.head().seq, 2);
}

#[derive(Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
struct Sum(u64);

impl Fold for Sum {
    const NAME: &'static str = "sum";
    const VERSION: u32 = 1;
    fn apply(&mut self, entry: &Entry) {
        self.0 += entry.seq;
    }
}

fn folds_agree(place: &dyn Place) {
    let (ledger, entries) = filled(place);
    let sum = |moment| ledger.fold_as_of::<Sum>(moment).expect("a fold").state.0;
    assert_eq!(ledger.fold::<Sum>().expect("a fold").state.0, 78);
    let put = |seq: usize, state: &[u8], digest| {
        let hash = entries[seq - 1].hash;
        let fold = Sum::NAME.to_owned();
        let (state, seq) = (state.to_vec(), seq as u64);
        let snapshot = Snapshot { fold, version: Sum::VERSION, seq, hash, state, digest };
        ledger.store().write(&mut |write| write.put_snapshot(&snapshot)).expect("a write");
    };
    let digest = |state: &[u8]| {
        use sha2::Digest as _;
        Hash(sha2::Sha256::digest(state).into())
    };
    put(5, b"1000", digest(b"1000"));
    assert_eq!(sum(AsOf::Seq(6)), 1006, "a snapshot that fits is used");
    assert_eq!(sum(AsOf::Seq(4)), 10, "but not for a moment before it");
    put(8, b"2000", digest(b"2001"));
    assert_eq!(sum(AsOf::Seq(9)), 45, "a damaged one is not");
    put(8, b"\"x\"", digest(b"\"x\""));
    assert_eq!(sum(AsOf::Seq(9)), 45, "nor one that does not read");
}
