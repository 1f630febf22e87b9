//! The model: all resources of a playbook, by kind and name.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::resource::Id;
use crate::{Family, Kind, OneOf, Ref, Resource};

/// Resources by kind and name. Cheap to clone: kinds that did not change are shared.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub(crate) kinds: BTreeMap<&'static str, Arc<BTreeMap<Arc<str>, Arc<Resource>>>>,
}

/// A resource together with its typed spec; fields of the spec are reached directly.
#[derive(Debug)]
pub struct Typed<'m, K> {
    /// The resource: id, metadata, place.
    pub resource: &'m Resource,
    /// Its spec.
    pub spec: &'m K,
}

impl<K> Clone for Typed<'_, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Typed<'_, K> {}

impl<K> Deref for Typed<'_, K> {
    type Target = K;

    fn deref(&self) -> &K {
        self.spec
    }
}

impl<'m, K> Typed<'m, K> {
    /// The name within its kind.
    pub fn name(&self) -> &'m str {
        &self.resource.id.name
    }

    /// The name that people read.
    pub fn title(&self) -> &'m str {
        self.resource.title()
    }
}

impl Resource {
    /// Looks at the resource as one of a kind; `None` when it is of another.
    pub fn typed<K: Kind>(&self) -> Option<Typed<'_, K>> {
        let spec = self.spec.downcast_ref()?;
        Some(Typed { resource: self, spec })
    }
}

impl Model {
    /// All resources of a kind, by name.
    pub fn all<K: Kind>(&self) -> impl Iterator<Item = Typed<'_, K>> {
        self.of_slug(K::SLUG).filter_map(Resource::typed)
    }

    /// The resource of a kind with this name.
    pub fn get<K: Kind>(&self, name: &str) -> Option<Typed<'_, K>> {
        self.kinds.get(K::SLUG)?.get(name)?.typed()
    }

    /// What a reference refers to.
    pub fn follow<K: Kind>(&self, reference: &Ref<K>) -> Option<Typed<'_, K>> {
        self.get(reference.name())
    }

    /// What a reference to one of several kinds refers to.
    pub fn follow_any<F: Family>(&self, reference: &OneOf<F>) -> Option<&Resource> {
        self.find(reference.slug(), reference.name())
    }

    /// The resource with this slug and name.
    pub fn find(&self, slug: &str, name: &str) -> Option<&Resource> {
        self.kinds.get(slug)?.get(name).map(Arc::as_ref)
    }

    /// The resource that `seat/network-security` names.
    pub fn resource(&self, reference: &str) -> Option<&Resource> {
        let (slug, name) = reference.split_once('/')?;
        self.find(slug, name)
    }

    /// All resources of a slug, by name.
    pub fn of_slug(&self, slug: &str) -> impl Iterator<Item = &Resource> {
        self.kinds.get(slug).into_iter().flat_map(|table| table.values().map(Arc::as_ref))
    }

    /// All resources, by slug and name.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.kinds.values().flat_map(|table| table.values().map(Arc::as_ref))
    }

    /// How many resources there are.
    pub fn len(&self) -> usize {
        self.kinds.values().map(|table| table.len()).sum()
    }

    /// Says whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts a resource in, replacing one of the same kind and name.
    pub(crate) fn insert(&mut self, resource: Arc<Resource>) {
        let Id { slug, name } = &resource.id;
        let table = Arc::make_mut(self.kinds.entry(slug).or_default());
        table.insert(name.clone(), resource);
    }
}
