//! The answer to an append that has been handed in: wait for it on a thread, or await it in any async runtime.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::append::{AppendError, Appended};

type Answer = Result<Appended, AppendError>;

#[derive(Debug)]
enum State {
    Waiting(Option<Waker>),
    Answered(Box<Answer>),
    Taken,
}

#[derive(Debug)]
struct Slot {
    state: Mutex<State>,
    answered: Condvar,
}

/// Stands for an append until it is durable or refused.
#[derive(Debug)]
#[must_use = "an append is known to be durable only when its receipt says so"]
pub struct Receipt(Arc<Slot>);

/// The writer's side of a [`Receipt`]. Dropped without an answer, it answers that the ledger is closed.
#[derive(Debug)]
pub(crate) struct Promise(Option<Arc<Slot>>);

pub(crate) fn pair() -> (Promise, Receipt) {
    let slot = Slot { state: Mutex::new(State::Waiting(None)), answered: Condvar::new() };
    let slot = Arc::new(slot);
    (Promise(Some(Arc::clone(&slot))), Receipt(slot))
}

impl Receipt {
    /// Blocks until the append is durable or refused.
    ///
    /// # Errors
    /// When it was refused.
    pub fn wait(self) -> Answer {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match std::mem::replace(&mut *state, State::Taken) {
                State::Answered(answer) => return *answer,
                waiting @ State::Waiting(_) => *state = waiting,
                State::Taken => return Err(AppendError::Closed),
            }
            state = self.0.answered.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Future for Receipt {
    type Output = Answer;

    /// Ready once; polled again after that, it says that the ledger is closed.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Taken) {
            State::Answered(answer) => Poll::Ready(*answer),
            State::Waiting(_) => {
                *state = State::Waiting(Some(context.waker().clone()));
                Poll::Pending
            }
            State::Taken => Poll::Ready(Err(AppendError::Closed)),
        }
    }
}

impl Promise {
    pub(crate) fn answer(mut self, answer: Answer) {
        if let Some(slot) = self.0.take() {
            settle(&slot, answer);
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        if let Some(slot) = self.0.take() {
            settle(&slot, Err(AppendError::Closed));
        }
    }
}

fn settle(slot: &Slot, answer: Answer) {
    let mut state = slot.state.lock().unwrap_or_else(PoisonError::into_inner);
    let before = std::mem::replace(&mut *state, State::Answered(Box::new(answer)));
    drop(state);
    match before {
        State::Waiting(Some(waker)) => waker.wake(),
        State::Waiting(None) => slot.answered.notify_one(),
        State::Answered(_) | State::Taken => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::task::Wake;

    use super::*;

    struct Counter(AtomicU64);

    impl Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn nothing() -> Answer {
        Ok(Appended { entries: Vec::new(), repeated: false })
    }

    #[test]
    fn a_receipt_can_be_awaited_without_any_runtime() {
        let counter = Arc::new(Counter(AtomicU64::new(0)));
        let waker = Waker::from(Arc::clone(&counter));
        let mut context = Context::from_waker(&waker);
        let (promise, receipt) = pair();
        let mut receipt = std::pin::pin!(receipt);
        assert!(receipt.as_mut().poll(&mut context).is_pending());
        assert_eq!(counter.0.load(Ordering::SeqCst), 0);
        promise.answer(nothing());
        assert_eq!(counter.0.load(Ordering::SeqCst), 1);
        assert!(matches!(receipt.as_mut().poll(&mut context), Poll::Ready(Ok(_))));
        let again = receipt.as_mut().poll(&mut context);
        assert!(matches!(again, Poll::Ready(Err(AppendError::Closed))), "it is answered once");
    }

    #[test]
    fn a_promise_that_is_dropped_answers_that_the_ledger_is_closed() {
        let (promise, receipt) = pair();
        let waiting = std::thread::spawn(|| receipt.wait());
        drop(promise);
        assert!(matches!(waiting.join().unwrap(), Err(AppendError::Closed)));
    }
}
