//! What several artefacts of one run need, computed once.
//!
//! Artefacts are pure functions of the playbook, and some begin with the same long work: the rules of every site begin with
//! reading all objectives. It belongs to one run over one playbook and is gone with it, so nothing in it can be stale.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Values that were computed for one run, one of each type.
#[derive(Default)]
pub struct Shared(Mutex<BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Shared {
    /// The value of this type, made by whoever asks first.
    pub fn once<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        // Kept over the making, so that nobody makes a second one; making asks for no other.
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = values.get(&TypeId::of::<T>())
            && let Ok(known) = Arc::clone(known).downcast::<T>()
        {
            return known;
        }
        let made = Arc::new(make());
        values.insert(TypeId::of::<T>(), made.clone());
        made
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shared").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_and_each_type_has_its_own() {
        let shared = Shared::default();
        assert_eq!(*shared.once(|| 7_u32), 7);
        assert_eq!(*shared.once(|| 8_u32), 7);
        assert_eq!(*shared.once(|| "eight"), "eight");
    }
}
