//! Several replicas over one database.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use jiff::SignedDuration;
use ledger::{AppendError, Entry, Keys, Lease, LeaseError, Ledger, Store as _};
use ledger_postgres::{OpenError, PostgresStore};

use crate::postgres::Postgres;
use crate::support::{
    Order, append, assert_intact, everything, id_of, noon, replica, store, stream,
};

/// How long news may take. Never waited for, only given up after.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until a replica knows an entry.
#[track_caller]
fn wait_for(ledger: &Ledger, seq: u64) {
    let mut subscription = ledger.subscribe();
    while ledger.head().seq < seq {
        assert!(subscription.wait(PATIENCE).is_some(), "entry {seq} never arrived");
    }
}

#[test]
fn two_replicas_append_at_once_and_make_one_chain() {
    const THREADS: usize = 4;
    const EACH: usize = 40;
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let keys = Keys::generate().unwrap();
    let replicas = [replica(&address, &keys), replica(&address, &keys)];
    let acknowledged: Vec<Entry> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..THREADS * replicas.len())
            .map(|writer| {
                let ledger = &replicas[writer % replicas.len()];
                scope.spawn(move || -> Vec<Entry> {
                    (0..EACH)
                        .flat_map(|number| {
                            let own = format!("decision/D-{writer}");
                            let to = ["decision/shared", own.as_str()][number % 2];
                            ledger
                                .append(append(to, &format!("{writer}-{number}")))
                                .unwrap()
                                .entries
                        })
                        .collect()
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let total = THREADS * EACH * replicas.len();
    let places: BTreeSet<u64> = acknowledged.iter().map(|entry| entry.seq).collect();
    assert_eq!(places.len(), total, "every acknowledged place is another one");
    let [one, two] = &replicas;
    for ledger in [one, two] {
        wait_for(ledger, total as u64);
        let all = everything(ledger);
        assert!(acknowledged.iter().all(|entry| all.contains(entry)), "an entry was lost");
        assert_intact(ledger, total as u64);
    }
    let folds = [one, two].map(|ledger| ledger.fold::<Order>().unwrap());
    assert_eq!(folds[0].state, folds[1].state);
    assert_eq!(folds[0].state.0.len(), total);
    let transactions = one.activity().transactions + two.activity().transactions;
    assert!(transactions < total as u64, "appends that come together share a transaction");
}

#[test]
fn of_two_replicas_with_one_expectation_one_wins() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let keys = Keys::generate().unwrap();
    let replicas = [replica(&address, &keys), replica(&address, &keys)];
    for round in 0..20 {
        let name = format!("decision/D-{round}");
        let results: Vec<_> = std::thread::scope(|scope| {
            let racing: Vec<_> = replicas
                .iter()
                .map(|ledger| {
                    let append = append(&name, "one").expect(stream(&name), 0);
                    scope.spawn(move || ledger.append(append))
                })
                .collect();
            racing.into_iter().map(|racing| racing.join().unwrap()).collect()
        });
        let lost = results.iter().filter(|result| {
            matches!(result, Err(AppendError::Conflict { expected: 0, actual: 1, .. }))
        });
        assert_eq!((lost.count(), results.iter().filter(|result| result.is_ok()).count()), (1, 1));
    }
}

#[test]
fn an_idempotency_key_holds_across_replicas() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let keys = Keys::generate().unwrap();
    let [one, two] = [replica(&address, &keys), replica(&address, &keys)];
    let first = one.append(append("decision/D-1", "a").key("mine")).unwrap();
    let again = two.append(append("decision/D-1", "a").key("mine")).unwrap();
    assert_eq!((again.entries, again.repeated), (first.entries, true));
    let other = two.append(append("decision/D-1", "b").key("mine")).unwrap_err();
    assert!(matches!(other, AppendError::KeyReused { first: 1, .. }), "{other}");
}

#[test]
fn a_replica_hears_of_what_another_one_wrote() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let keys = Keys::generate().unwrap();
    let [one, two] = [replica(&address, &keys), replica(&address, &keys)];
    let (send, told) = channel();
    let _watch = two.on_append(move |head| send.send(head.seq).unwrap());
    for seq in 1..=3 {
        let appended = one.append(append("decision/D-1", &seq.to_string())).unwrap();
        assert_eq!(told.recv_timeout(PATIENCE), Ok(seq));
        assert_eq!(two.head(), appended.entries[0].head());
    }
    two.health().unwrap();
}

#[test]
fn a_lease_passes_from_replica_to_replica_and_fences_the_old_holder() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let keys = Keys::generate().unwrap();
    let [one, two] = [replica(&address, &keys), replica(&address, &keys)];
    let ten = SignedDuration::from_secs(10);
    let first = one.lease("mailer", "one", noon(), ten).unwrap();
    let held = two.lease("mailer", "two", noon() + ten / 2, ten).unwrap_err();
    assert!(matches!(&held, LeaseError::Held(by) if by.holder == "one"), "{held}");
    let second = two.lease("mailer", "two", noon() + ten, ten).unwrap();
    assert_eq!(second.token, first.token + 1);
    let fenced = one.append(append("decision/D-1", "late").fence(first.fence())).unwrap_err();
    assert!(matches!(fenced, AppendError::Fenced { given: 1, current: 2, .. }), "{fenced}");
    two.append(append("decision/D-1", "in time").fence(second.fence())).unwrap();
    let ids: Vec<String> = everything(&one).iter().map(id_of).collect();
    assert_eq!(ids, ["in time"]);
}

#[test]
fn replicas_that_start_together_on_an_empty_database_hold_one_ledger() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let ids: BTreeSet<String> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..6_u8)
            .map(|number| {
                let address = &address;
                scope.spawn(move || {
                    let fresh = ledger::Header::new([number; 16]);
                    let store = PostgresStore::open(address, &fresh).unwrap();
                    ledger::Store::header(&store).id.clone()
                })
            })
            .collect();
        starting.into_iter().map(|starting| starting.join().unwrap()).collect()
    });
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[test]
fn a_replica_with_other_keys_is_refused() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let [mine, others] = [Keys::generate().unwrap(), Keys::generate().unwrap()];
    let store = Arc::new(store(&address));
    store.claim(&mine).unwrap();
    store.claim(&mine).unwrap();
    let refused = store.claim(&others).unwrap_err();
    assert!(matches!(refused, OpenError::OtherKeys { .. }), "{refused}");
    assert!(refused.to_string().contains("ledger.db-keys"), "{refused}");
}

#[test]
fn a_replica_that_freezes_over_the_head_is_thrown_out_and_comes_back() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let ledger = replica(&address, &Keys::generate().unwrap());
    let frozen = store(&address);
    let (hold, held) = channel();
    let (thaw, thawed) = channel::<()>();
    std::thread::scope(move |scope| {
        let writing = scope.spawn(move || {
            let mut tries = 0;
            let written = frozen.write(&mut |write| {
                let head = write.head()?;
                tries += 1;
                if tries == 1 {
                    hold.send(head.seq).unwrap();
                    // Ends when the other end is dropped, also by a test that fails meanwhile.
                    assert!(thawed.recv().is_err());
                }
                assert_eq!(write.head()?.seq, head.seq);
                write.put_lease(&Lease {
                    name: "mailer".to_owned(),
                    holder: format!("at {}", head.seq),
                    token: 1,
                    until: noon(),
                })
            });
            (written, tries)
        });
        assert_eq!(held.recv(), Ok(0));
        // Waits until the server has lost its patience with the other one.
        assert_eq!(ledger.append(append("decision/D-1", "mine")).unwrap().entries[0].seq, 1);
        drop(thaw);
        let (written, tries) = writing.join().unwrap();
        written.unwrap();
        assert_eq!(tries, 2, "what it did before it froze has not happened");
    });
    let lease = store(&address).lease("mailer").unwrap().unwrap();
    assert_eq!(lease.holder, "at 1", "it wrote over the head that it found");
}
