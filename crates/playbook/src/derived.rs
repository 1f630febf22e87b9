//! What follows from a model alone, kept beside it so that nobody computes it twice.
//!
//! Copies of a model share it; a change gives the changed copy an empty one. It is a memory, not a truth: the
//! same model gives the same values with or without it.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

type Values = BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// Values by their type.
#[derive(Clone, Default)]
pub(crate) struct Derived(Arc<Mutex<Values>>);

impl fmt::Debug for Derived {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Derived")
    }
}

impl Derived {
    /// The value of a type, computed when there is none yet.
    pub(crate) fn get_or<T: Send + Sync + 'static>(&self, compute: impl FnOnce() -> T) -> Arc<T> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lock().get(&TypeId::of::<T>()).cloned();
        if let Some(Ok(kept)) = kept.map(Arc::downcast) {
            return kept;
        }
        // Not under the lock: one value may be computed from another. Two callers may both compute; both get the same.
        let fresh = Arc::new(compute());
        lock().insert(TypeId::of::<T>(), fresh.clone());
        fresh
    }
}
