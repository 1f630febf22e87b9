//! Waiting for a future on a thread.
//!
//! The ledger is synchronous, the client of the database is not, and a caller may sit on a thread of somebody's
//! runtime, where that runtime's own way of blocking is forbidden. The client's answers come over plain channels and
//! need no runtime to be awaited, so the thread sleeps until it is woken: no more is needed than the standard library.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Sleeps until the future has an answer, or `patience` is over.
pub(crate) fn wait<T>(patience: Duration, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let start = Instant::now();
    loop {
        if let Poll::Ready(answer) = future.as_mut().poll(&mut context) {
            return Some(answer);
        }
        let left = patience.checked_sub(start.elapsed())?;
        std::thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_from_another_thread_wakes_the_waiting_one() {
        let (send, receive) = tokio::sync::oneshot::channel();
        let sender = std::thread::spawn(move || send.send(7));
        assert_eq!(wait(Duration::from_secs(60), receive), Some(Ok(7)));
        sender.join().unwrap().unwrap();
    }

    #[test]
    fn no_answer_ends_the_waiting() {
        assert_eq!(wait(Duration::from_millis(1), std::future::pending::<()>()), None);
    }
}
