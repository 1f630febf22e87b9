//! The line breaks in the middle of a commit.

use ledger::{Keys, Store as _};

use crate::postgres::Postgres;
use crate::proxy::{Cut, Proxy};
use crate::support::{append, assert_intact, everything, id_of, replica, store};

#[track_caller]
fn check(cut: Cut) {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let direct = postgres.database("council");
    let proxy = Proxy::to(postgres.port, cut);
    let keys = Keys::generate().unwrap();
    let ledger = replica(&postgres.address_at(proxy.port, "council"), &keys);
    let mut expected = Vec::new();
    for round in 0..5 {
        proxy.cut(1);
        let id = format!("cut {round}");
        let appended = ledger.append(append("decision/D-1", &id)).unwrap();
        assert_eq!(proxy.left(), 0, "the line was cut");
        assert_eq!(appended.entries[0].seq, round + 1);
        expected.push(id);
    }
    let other = replica(&direct, &keys);
    let ids: Vec<String> = everything(&other).iter().map(id_of).collect();
    assert_eq!(ids, expected, "each is recorded once");
    assert_intact(&other, 5);
}

#[test]
fn a_commit_that_never_arrived_is_made_again() {
    check(Cut::BeforeCommit);
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_and_not_made_twice() {
    check(Cut::AfterCommit);
}

#[test]
fn another_replica_that_wrote_in_between_does_not_hide_a_commit() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let direct = postgres.database("council");
    let proxy = Proxy::to(postgres.port, Cut::AfterCommit);
    let keys = Keys::generate().unwrap();
    let ledger = replica(&postgres.address_at(proxy.port, "council"), &keys);
    let busy = replica(&direct, &keys);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..200 {
                busy.append(append("decision/busy", &number.to_string())).unwrap();
            }
        });
        for round in 0..10 {
            proxy.cut(1);
            ledger.append(append("decision/cut", &round.to_string())).unwrap();
        }
    });
    let cut = store(&direct).stream(&crate::support::stream("decision/cut"), 0).unwrap();
    let ids: Vec<String> = cut.iter().map(id_of).collect();
    assert_eq!(ids, (0..10).map(|round| round.to_string()).collect::<Vec<_>>());
    assert_intact(&busy, 210);
}

#[test]
fn a_lease_survives_a_cut_line() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let direct = postgres.database("council");
    for cut in [Cut::BeforeCommit, Cut::AfterCommit] {
        let proxy = Proxy::to(postgres.port, cut);
        let address = postgres.address_at(proxy.port, "council");
        let ledger = replica(&address, &Keys::generate().unwrap());
        proxy.cut(1);
        let ten = jiff::SignedDuration::from_secs(10);
        let name = format!("{cut:?}");
        let lease = ledger.lease(&name, "one", crate::support::noon(), ten).unwrap();
        assert_eq!((lease.token, proxy.left()), (1, 0), "{cut:?}");
        assert_eq!(store(&direct).lease(&name).unwrap(), Some(lease), "it is stored");
    }
}
