//! Leases: which replica does a piece of background work, and the token that proves it still may.
//!
//! A lease may expire while its holder believes in it (a long pause, a wrong clock). The token makes that
//! harmless: it grows with each new holder, and whatever the holder writes can carry it as a
//! [`Fence`](crate::Fence), checked in the same transaction. Release keeps the token, so it never repeats.

use jiff::{SignedDuration, Timestamp};

use crate::append::Fence;
use crate::ledger::Ledger;
use crate::name::{InvalidName, check_name};
use crate::store::StoreError;
use crate::time;

/// The right to do a named piece of work until a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The work, such as `agenda-mailer`.
    pub name: String,
    /// Who holds it.
    pub holder: String,
    /// Grows with every change of holder.
    pub token: u64,
    /// When it ends unless renewed.
    pub until: Timestamp,
}

impl Lease {
    /// The condition under which the holder's appends go through.
    #[must_use]
    pub fn fence(&self) -> Fence {
        Fence { lease: self.name.clone(), token: self.token }
    }
}

/// Says why a lease was not given.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LeaseError {
    /// Somebody else holds it.
    #[error("the lease `{}` is held by `{}` until {}", .0.name, .0.holder, .0.until)]
    Held(Lease),
    /// A name is not acceptable.
    #[error("the lease is refused")]
    Name(#[source] InvalidName),
    /// The end lies outside of the times that the ledger knows.
    #[error(
        "a lease of {0} from now ends outside of the years 2000 to 2199; check the machine's clock"
    )]
    ImpossibleTime(SignedDuration),
    /// The store failed.
    #[error("the lease could not be stored")]
    Store(#[source] StoreError),
}

impl LeaseError {
    /// Whether asking again later may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Held(_) => true,
            Self::Store(error) => error.is_retryable(),
            Self::Name(_) | Self::ImpossibleTime(_) => false,
        }
    }
}

impl Ledger {
    /// Takes or renews a lease. The holder of a running lease keeps its token; anybody else waits until it has
    /// ended and then gets a higher one.
    ///
    /// # Errors
    /// When somebody else holds it, a name or the time is not acceptable, or the store fails.
    pub fn lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        lasting: SignedDuration,
    ) -> Result<Lease, LeaseError> {
        check_name("lease", name)
            .and_then(|()| check_name("holder", holder))
            .map_err(LeaseError::Name)?;
        let until = now
            .checked_add(lasting)
            .ok()
            .map(time::truncate)
            .filter(|until| time::parse(time::format(*until).as_bytes()).is_some())
            .ok_or(LeaseError::ImpossibleTime(lasting))?;
        let mut outcome = Err(LeaseError::Store(StoreError::GivenUp));
        let written = self.store().write(&mut |write| {
            let before = write.lease(name)?;
            let token = match before {
                Some(lease) if lease.until > now && lease.holder != holder => {
                    outcome = Err(LeaseError::Held(lease));
                    return Err(StoreError::GivenUp);
                }
                Some(lease) if lease.until > now => lease.token,
                Some(lease) => lease.token + 1,
                None => 1,
            };
            let lease = Lease { name: name.to_owned(), holder: holder.to_owned(), token, until };
            write.put_lease(&lease)?;
            outcome = Ok(lease);
            Ok(())
        });
        match written {
            Ok(()) | Err(StoreError::GivenUp) => outcome,
            Err(error) => Err(LeaseError::Store(error)),
        }
    }

    /// Ends a lease early, so that the next holder need not wait. Does nothing if it has moved on.
    ///
    /// # Errors
    /// When the store fails.
    pub fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), StoreError> {
        self.store().write(&mut |write| match write.lease(&lease.name)? {
            Some(current) if current.token == lease.token => {
                write.put_lease(&Lease { until: time::truncate(now).min(current.until), ..current })
            }
            Some(_) | None => Ok(()),
        })
    }
}
