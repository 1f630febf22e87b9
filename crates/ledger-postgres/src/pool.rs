//! Read connections: a few, shared by everybody, each used by one at a time.
//!
//! A server has a limited number of sessions for all its clients together, so a replica takes no more than its share; who
//! finds none free waits. When a connection turns out to be dead, so are those that idled beside it, and the read is
//! tried once more over a new one: reading twice harms nobody.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ledger::StoreError;

use crate::failure::Failure;
use crate::read::Rest;
use crate::server::{Link, Role, Server};

/// Most read connections of one replica. With the writer's and the listener's that is ten; a server takes 100 by default.
const MAX_READERS: usize = 8;

/// How long a read waits for a connection to come free.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Default)]
struct State {
    idle: Vec<Link>,
    in_use: usize,
}

/// The read connections.
#[derive(Default)]
pub(crate) struct Pool {
    state: Mutex<State>,
    freed: Condvar,
}

impl Pool {
    /// Reads over one of the connections.
    pub(crate) fn read<T>(
        &self,
        server: &Server,
        mut work: impl FnMut(&Link) -> Result<(T, Rest), Failure>,
    ) -> Result<T, StoreError> {
        let in_words = |failure: Failure| failure.in_words(&server.shown());
        let mut taken = self.take(server)?;
        let (link, was_idle) = match taken.link.take() {
            Some(link) => (link, true),
            None => (server.connect(Role::Reader).map_err(in_words)?, false),
        };
        let result = match work(&link) {
            Err(failure) if was_idle && failure.is_gone() => {
                drop(link);
                self.forget_idle();
                let link = server.connect(Role::Reader).map_err(in_words)?;
                let again = work(&link);
                (again, link)
            }
            result => (result, link),
        };
        match result {
            (Ok((answer, Rest::None)), link) => {
                self.keep(link);
                Ok(answer)
            }
            (Ok((answer, Rest::Unread)), _) => Ok(answer),
            (Err(failure), link) => {
                if !failure.is_gone() {
                    self.keep(link);
                }
                Err(in_words(failure))
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, server: &Server) -> Result<Taken<'_>, StoreError> {
        let (mut state, waited) = self
            .freed
            .wait_timeout_while(self.state(), PATIENCE, |state| state.in_use >= MAX_READERS)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(Failure::Silent.in_words(&server.shown()));
        }
        state.in_use += 1;
        let link = state.idle.pop();
        Ok(Taken { link, pool: self })
    }

    fn keep(&self, link: Link) {
        if !link.is_closed() {
            self.state().idle.push(link);
        }
    }

    fn forget_idle(&self) {
        let idle = std::mem::take(&mut self.state().idle);
        drop(idle);
    }
}

/// A place among the readers, given back when dropped.
struct Taken<'a> {
    link: Option<Link>,
    pool: &'a Pool,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.pool.state().in_use -= 1;
        self.pool.freed.notify_one();
    }
}
