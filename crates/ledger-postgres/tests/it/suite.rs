//! What every store must do, on PostgreSQL.

use std::cell::Cell;
use std::sync::Arc;

use ledger::Store;
use ledger::suite::{self, Place};

use crate::postgres::Postgres;
use crate::support::store;

struct Database(String);

impl Place for Database {
    fn open(&self) -> Arc<dyn Store> {
        Arc::new(store(&self.0))
    }
}

#[test]
fn postgresql_does_what_every_store_must() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let number = Cell::new(0);
    suite::run(|| {
        number.set(number.get() + 1);
        Database(postgres.database(&format!("suite_{}", number.get())))
    });
}
