//! One of several councils does what must not be done twice.
//!
//! Councils that share a ledger take a lease on the work and renew it as long as they live. Whoever dies loses it within
//! [`LASTING`], and the next one goes on from the ledger. What the old one writes when it wakes up after all is refused, because
//! its fencing token is not the newest any more. A council that has its ledger for itself leads without a lease.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use ledger::{Fence, Lease, LeaseError};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::runner::Failure;
use crate::AppState;

/// How long a lease lasts that nobody renews.
const LASTING: SignedDuration = SignedDuration::from_secs(3);

/// How often it is renewed, and how often others ask for it.
pub(super) const RENEWAL: Duration = Duration::from_secs(1);

/// A piece of work that one council does.
#[derive(Debug)]
pub(super) struct Lead {
    name: &'static str,
    held: Option<Held>,
}

/// A lease that is renewed until this is dropped.
#[derive(Debug)]
struct Held {
    fence: Fence,
    is_lost: Arc<AtomicBool>,
    renewal: JoinHandle<()>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

/// Who leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leader {
    /// This council; what it writes carries the fence, where there is one.
    This(Option<Fence>),
    /// Another one, by the name of its process.
    Another(String),
}

impl Lead {
    /// Nobody's yet.
    pub(super) fn of(name: &'static str) -> Self {
        Self { name, held: None }
    }

    /// Says who leads now, and takes the lead when nobody has it. Blocks.
    pub(super) fn now(&mut self, state: &AppState) -> Result<Leader, Failure> {
        if !state.ledger().is_shared() {
            return Ok(Leader::This(None));
        }
        if let Some(held) = &self.held
            && !held.is_lost.load(Ordering::Relaxed)
        {
            return Ok(Leader::This(Some(held.fence.clone())));
        }
        self.held = None;
        match take(state, self.name) {
            Ok(lease) => {
                // What the last leader wrote is durable, and may not have been heard of here.
                state.keeper().catch_up()?;
                tracing::info!(work = self.name, token = lease.token, "this council leads now");
                let (fence, is_lost) = (lease.fence(), Arc::new(AtomicBool::new(false)));
                let renewal = renew(state.clone(), self.name, lease.token, is_lost.clone());
                let renewal = Handle::current().spawn(renewal);
                self.held = Some(Held { fence: fence.clone(), is_lost, renewal });
                Ok(Leader::This(Some(fence)))
            }
            Err(LeaseError::Held(lease)) => Ok(Leader::Another(lease.holder)),
            Err(error) => Err(error.into()),
        }
    }
}

fn take(state: &AppState, name: &str) -> Result<Lease, LeaseError> {
    state.ledger().lease(name, state.holder(), state.clock().now(), LASTING)
}

async fn renew(state: AppState, name: &'static str, token: u64, is_lost: Arc<AtomicBool>) {
    loop {
        tokio::select! {
            () = state.stopping().cancelled() => break,
            () = tokio::time::sleep(RENEWAL) => {}
        }
        let again = state.clone();
        let renewed = tokio::task::spawn_blocking(move || take(&again, name)).await;
        match renewed {
            Ok(Ok(lease)) if lease.token == token => {}
            Ok(Err(error)) if !matches!(error, LeaseError::Held(_)) => {
                // The database may be back before the lease is over; who has it then decides.
                tracing::warn!(work = name, %error, "the lead could not be renewed");
            }
            Ok(_) | Err(_) => {
                tracing::warn!(work = name, "the lead has passed to another council");
                break;
            }
        }
    }
    is_lost.store(true, Ordering::Relaxed);
}
