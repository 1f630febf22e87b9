//! Documents that have errors of their own: what refers to them, or misses them, is no error as well.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::resource::Id;

/// Identities of documents that have errors. References to them are not errors as well.
#[derive(Clone, Debug, Default)]
pub(crate) struct Broken {
    names: BTreeMap<(Arc<str>, Arc<str>), usize>,
}

impl Broken {
    pub(crate) fn contains(&self, slug: &str, name: &str) -> bool {
        !self.names.is_empty() && self.names.contains_key(&(Arc::from(slug), Arc::from(name)))
    }

    /// Says whether some document of a kind has errors.
    pub(crate) fn has_kind(&self, slug: &str) -> bool {
        self.names.keys().any(|(broken, _)| **broken == *slug)
    }

    pub(crate) fn add(&mut self, id: &Id) {
        *self.names.entry((Arc::from(id.slug), id.name.clone())).or_default() += 1;
    }

    pub(crate) fn remove(&mut self, id: &Id) {
        let key = (Arc::from(id.slug), id.name.clone());
        if let Some(count) = self.names.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                self.names.remove(&key);
            }
        }
    }
}
