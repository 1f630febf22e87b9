//! Appending: places, conditions, time, idempotency, and being woken.

use std::time::Duration;

use ledger::{Append, AppendError, Query};
use serde_json::json;

use crate::support::{Home, at, draft, put, stream};

#[test]
fn entries_are_numbered_and_linked_without_gaps() {
    let home = Home::new();
    let ledger = home.open();
    let drafts =
        [draft("decision/D-1", json!({"b": 1, "a": 2})), draft("decision/D-2", json!(null))];
    let first = ledger.append(Append::new(drafts, at(0))).unwrap().entries;
    let second = put(&ledger, "decision/D-1", 1).entries;
    let places: Vec<_> =
        first.iter().chain(&second).map(|e| (e.seq, e.stream.as_str(), e.version)).collect();
    assert_eq!(places, [(1, "decision/D-1", 1), (2, "decision/D-2", 1), (3, "decision/D-1", 2)]);
    assert_eq!(first[0].prev_hash, ledger.header().genesis());
    assert_eq!((first[1].prev_hash, second[0].prev_hash), (first[0].hash, first[1].hash));
    assert_eq!(first[0].body.as_str(), r#"{"a":2,"b":1}"#);
    assert_eq!(ledger.head(), second[0].head());
    assert_eq!(ledger.entries(&Query::default()).unwrap(), [first, second].concat());
}

#[test]
fn an_append_is_refused_whole_when_one_stream_has_moved() {
    let home = Home::new();
    let ledger = home.open();
    put(&ledger, "decision/D-1", 1);
    let drafts = [draft("decision/D-2", json!(1)), draft("decision/D-1", json!(2))];
    let append = Append::new(drafts, at(2)).expect(stream("decision/D-1"), 0);
    match ledger.append(append.clone()).unwrap_err() {
        AppendError::Conflict { expected: 0, actual: 1, stream } => {
            assert_eq!(stream.as_str(), "decision/D-1");
        }
        other => panic!("{other}"),
    }
    assert_eq!(ledger.head().seq, 1);
    let mut again = append;
    again.expected[0].version = 1;
    assert_eq!(ledger.append(again).unwrap().entries.len(), 2);
}

#[test]
fn a_clock_that_goes_backwards_does_not_take_the_ledger_along() {
    let home = Home::new();
    let ledger = home.open();
    put(&ledger, "decision/D-1", 60);
    let late = put(&ledger, "decision/D-1", 0);
    assert_eq!(late.entries[0].at, at(60));
    let on_time = put(&ledger, "decision/D-1", 61);
    assert_eq!(on_time.entries[0].at, at(61));
}

#[test]
fn an_impossible_time_is_refused() {
    let home = Home::new();
    let ledger = home.open();
    put(&ledger, "decision/D-1", 0);
    for (time, reason) in [
        ("1970-01-01T00:00:00Z", "between the years"),
        ("2200-01-01T00:00:00Z", "between the years"),
        ("2086-01-01T00:00:00Z", "ten years after"),
    ] {
        let append = Append::new([draft("decision/D-1", json!(1))], time.parse().unwrap());
        let error = ledger.append(append).unwrap_err();
        assert!(matches!(error, AppendError::ImpossibleTime { .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert_eq!(ledger.head().seq, 1);
}

#[test]
fn the_same_append_under_the_same_key_is_recorded_once() {
    let home = Home::new();
    let ledger = home.open();
    let append = |number: i64, seconds| {
        Append::new([draft("decision/D-1", json!(number))], at(seconds)).key("request-7")
    };
    let first = ledger.append(append(1, 0)).unwrap();
    put(&ledger, "decision/D-1", 5);
    drop(ledger);
    let ledger = home.open();
    let again = ledger.append(append(1, 9)).unwrap();
    assert_eq!((again.entries, again.repeated), (first.entries, true));
    match ledger.append(append(2, 9)).unwrap_err() {
        AppendError::KeyReused { first: 1, .. } => {}
        other => panic!("{other}"),
    }
    assert_eq!(ledger.head().seq, 2);
}

#[test]
fn a_subscriber_wakes_when_there_is_more() {
    let home = Home::new();
    let ledger = home.open();
    let mut subscription = ledger.subscribe();
    let (called, calls) = std::sync::mpsc::channel();
    let watch = ledger.on_append(move |head| called.send(head.seq).unwrap());
    let appender = std::thread::spawn({
        let ledger = ledger.clone();
        move || put(&ledger, "decision/D-1", 1)
    });
    assert_eq!(subscription.wait(Duration::from_secs(60)).unwrap().seq, 1);
    appender.join().unwrap();
    assert_eq!(calls.recv().unwrap(), 1);
    assert_eq!(subscription.wait(Duration::ZERO), None);
    drop(watch);
    put(&ledger, "decision/D-1", 2);
    assert!(calls.recv().is_err(), "a dropped watch is not called");
}
