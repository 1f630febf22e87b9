//! How many connections each address holds.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts connections by address.
#[derive(Clone, Debug)]
pub(crate) struct Guests {
    most: usize,
    uncounted: Arc<[IpAddr]>,
    held: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

/// One connection of an address; it is counted until this is dropped.
#[derive(Debug)]
pub(crate) struct Guest {
    address: IpAddr,
    guests: Guests,
}

impl Guests {
    /// Lets each address hold so many, but for these, which speak for many others.
    pub(crate) fn new(most: usize, uncounted: &[IpAddr]) -> Self {
        Self { most, uncounted: uncounted.into(), held: Arc::default() }
    }

    /// Counts another connection, unless the address has as many as it may.
    pub(crate) fn admit(&self, address: IpAddr) -> Option<Guest> {
        let address = address.to_canonical();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(address).or_default();
        if *count >= self.most && !self.uncounted.contains(&address) {
            return None;
        }
        *count += 1;
        Some(Guest { address, guests: self.clone() })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut held = self.guests.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            // What nobody holds any more is forgotten, so that strangers who come once leave nothing behind.
            if *count == 0 {
                held.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leaves_places_for_others_and_a_proxy_is_not_counted() {
        let (greedy, other, proxy) = (
            IpAddr::from([192, 0, 2, 1]),
            IpAddr::from([192, 0, 2, 2]),
            IpAddr::from([192, 0, 2, 3]),
        );
        let guests = Guests::new(2, &[proxy]);
        let held: Vec<_> = (0..5).filter_map(|_| guests.admit(greedy)).collect();
        assert_eq!(held.len(), 2);
        assert!(guests.admit(other).is_some());
        let through: Vec<_> = (0..5).filter_map(|_| guests.admit(proxy)).collect();
        assert_eq!(through.len(), 5);
        drop(held);
        assert!(guests.admit(greedy).is_some(), "a place that is free is free");
        drop(through);
        assert!(guests.held.lock().expect("a lock").is_empty(), "nobody is remembered");
    }
}
