//! The server is killed under load, and comes back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use ledger::{AppendError, Keys, Ledger, StoreError};

use crate::postgres::Postgres;
use crate::support::{Order, append, assert_intact, everything, id_of, replica};

const WRITERS: usize = 6;

/// How often the server is killed.
const KILLS: usize = 3;

/// Entries acknowledged between two kills, so that each kill hits the middle of the load.
const BETWEEN: usize = 60;

/// Between two questions to a server that is on its way back.
const MOMENT: Duration = Duration::from_millis(20);

/// Appends under a key until it is acknowledged, as a client of the API would. Returns the entry's place, and how often
/// it had to be asked again.
fn until_acknowledged(ledger: &Ledger, id: &str) -> (u64, usize) {
    let mut again = 0;
    loop {
        match ledger.append(append("decision/D-1", id).key(id)) {
            Ok(appended) => return (appended.entries[0].seq, again),
            Err(AppendError::Store(
                StoreError::Unreachable { .. } | StoreError::InDoubt { .. } | StoreError::Busy(_),
            )) => again += 1,
            Err(error) => panic!("{id}: {error:?}"),
        }
        // Until there is news, or a moment has passed.
        ledger.subscribe().wait(MOMENT);
    }
}

#[test]
fn a_killed_server_loses_nothing_that_was_acknowledged_and_records_nothing_twice() {
    let Some(mut postgres) = Postgres::start(&[]) else { return };
    let address = postgres.database("council");
    let keys = Keys::generate().unwrap();
    let replicas = [replica(&address, &keys), replica(&address, &keys)];
    let (count, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let acknowledged: BTreeMap<String, u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (ledger, count, stop) = (&replicas[writer % replicas.len()], &count, &stop);
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let id = format!("{writer}-{}", mine.len());
                        let (seq, _) = until_acknowledged(ledger, &id);
                        mine.push((id, seq));
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    mine
                })
            })
            .collect();
        let wait_for = |wanted| {
            while count.load(Ordering::Relaxed) < wanted {
                replicas[0].subscribe().wait(MOMENT);
            }
        };
        for kill in 1..=KILLS {
            wait_for(kill * BETWEEN);
            postgres.kill();
            postgres.resume();
        }
        wait_for((KILLS + 1) * BETWEEN);
        stop.store(true, Ordering::Relaxed);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    for ledger in &replicas {
        let found: Vec<(String, u64)> =
            everything(ledger).iter().map(|entry| (id_of(entry), entry.seq)).collect();
        assert_eq!(found.len(), acknowledged.len(), "an entry was lost or recorded twice");
        assert_eq!(found.into_iter().collect::<BTreeMap<_, _>>(), acknowledged);
        assert_intact(ledger, acknowledged.len() as u64);
    }
    let folds = replicas.each_ref().map(|ledger| ledger.fold_as_of::<Order>(ledger::AsOf::Seq(50)));
    let [one, two] = folds.map(|fold| fold.unwrap().state);
    assert_eq!(one, two);
}

#[test]
fn a_server_that_is_gone_is_named_and_asked_again_when_it_is_back() {
    let Some(mut postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let ledger = replica(&address, &Keys::generate().unwrap());
    ledger.append(append("decision/D-1", "before")).unwrap();
    postgres.kill();
    let error = ledger.append(append("decision/D-1", "while")).unwrap_err();
    let AppendError::Store(store_error) = &error else { panic!("{error:?}") };
    assert!(error.is_retryable(), "{error:?}");
    let text = store_error.to_string();
    assert!(text.contains(&format!("council@127.0.0.1:{}/council", postgres.port)), "{text}");
    assert!(text.contains("does not answer") && !text.contains("s3cret"), "{text}");
    assert!(ledger.entries(&ledger::Query::default()).unwrap_err().is_retryable());
    postgres.resume();
    ledger.append(append("decision/D-1", "after")).unwrap();
    let ids: Vec<String> = everything(&ledger).iter().map(id_of).collect();
    assert_eq!(ids, ["before", "after"]);
}

#[test]
fn a_standby_takes_over_with_everything_that_was_acknowledged() {
    let Some(mut primary) = Postgres::start(&["synchronous_standby_names=*"]) else { return };
    let standby = primary.standby();
    // Only now, because a commit waits for the standby.
    primary.database("council");
    let hosts = format!("127.0.0.1:{},127.0.0.1:{}", primary.port, standby.port);
    let address =
        primary.address("council").replace(&format!("127.0.0.1:{}", primary.port), &hosts);
    let ledger = replica(&address, &Keys::generate().unwrap());
    let mut acknowledged = Vec::new();
    for number in 0..30 {
        if number == 20 {
            primary.kill();
            standby.promote();
        }
        let id = number.to_string();
        acknowledged.push(until_acknowledged(&ledger, &id).0);
    }
    let found = everything(&ledger);
    assert_eq!(found.iter().map(|entry| entry.seq).collect::<Vec<_>>(), acknowledged);
    let ids: Vec<String> = found.iter().map(id_of).collect();
    assert_eq!(ids, (0..30).map(|number| number.to_string()).collect::<Vec<_>>());
    assert_intact(&ledger, 30);
}
