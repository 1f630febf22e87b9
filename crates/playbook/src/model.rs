//! The model: all resources of a playbook, by kind and name.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::broken::Broken;
use crate::derived::Derived;
use crate::resource::Id;
use crate::table::Table;
use crate::{Family, Kind, OneOf, Ref, Resource};

/// Resources by kind and name. Cheap to clone: what did not change is shared.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub(crate) kinds: BTreeMap<&'static str, Table>,
    derived: Derived,
    /// What would be here, had its document no errors.
    pub(crate) broken: Broken,
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

    /// The resource of a kind with this name, or with this number when only one name begins with it
    /// (`12` finds `0012-use-one-currency`).
    pub fn get<K: Kind>(&self, name: &str) -> Option<Typed<'_, K>> {
        self.find(K::SLUG, name)?.typed()
    }

    /// What a reference refers to.
    pub fn follow<K: Kind>(&self, reference: &Ref<K>) -> Option<Typed<'_, K>> {
        self.get(reference.name())
    }

    /// What a reference to one of several kinds refers to.
    pub fn follow_any<F: Family>(&self, reference: &OneOf<F>) -> Option<&Resource> {
        self.find(reference.slug(), reference.name())
    }

    /// The resource with this slug and name, or with this number when only one name begins with it.
    pub fn find(&self, slug: &str, name: &str) -> Option<&Resource> {
        self.find_exact(slug, name).or_else(|| match self.numbered(slug, name).as_slice() {
            [only] => Some(only),
            _ => None,
        })
    }

    /// The resource with exactly this slug and name.
    pub(crate) fn find_exact(&self, slug: &str, name: &str) -> Option<&Resource> {
        self.kinds.get(slug)?.get(name).map(Arc::as_ref)
    }

    /// The resources whose names begin with this number, as decision records' do; none unless the
    /// name is a number.
    pub(crate) fn numbered(&self, slug: &str, name: &str) -> Vec<&Resource> {
        let Some(number) = number(name).filter(|(_, rest)| rest.is_empty()) else {
            return Vec::new();
        };
        let Some(table) = self.kinds.get(slug) else { return Vec::new() };
        let begins = |name: &str| {
            self::number(name)
                .is_some_and(|(found, rest)| found == number.0 && rest.starts_with('-'))
        };
        table
            .from("0")
            .map(Arc::as_ref)
            .take_while(|resource| {
                resource.id.name.starts_with(|first: char| first.is_ascii_digit())
            })
            .filter(|resource| begins(&resource.id.name))
            .collect()
    }

    /// How many resources a slug has.
    pub(crate) fn count(&self, slug: &str) -> usize {
        self.kinds.get(slug).map_or(0, Table::len)
    }

    /// The names of a slug's resources, in order.
    pub(crate) fn names(&self, slug: &str) -> impl Iterator<Item = &str> + use<'_> {
        self.kinds
            .get(slug)
            .into_iter()
            .flat_map(|table| table.iter().map(|one| one.id.name.as_ref()))
    }

    /// The names of a slug's resources that begin with a letter, in order.
    pub(crate) fn names_from(
        &self,
        slug: &str,
        first: char,
    ) -> impl Iterator<Item = &str> + use<'_> {
        let start = first.to_string();
        self.kinds
            .get(slug)
            .into_iter()
            .flat_map(move |table| table.from(&start))
            .map(|one| one.id.name.as_ref())
            .take_while(move |name| name.starts_with(first))
    }

    /// The resource that `seat/network-security` names.
    pub fn resource(&self, reference: &str) -> Option<&Resource> {
        let (slug, name) = reference.split_once('/')?;
        self.find(slug, name)
    }

    /// All resources of a slug, by name.
    pub fn of_slug(&self, slug: &str) -> impl Iterator<Item = &Resource> {
        self.kinds.get(slug).into_iter().flat_map(|table| table.iter().map(Arc::as_ref))
    }

    /// All resources, by slug and name.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.kinds.values().flat_map(|table| table.iter().map(Arc::as_ref))
    }

    /// How many resources there are.
    pub fn len(&self) -> usize {
        self.kinds.values().map(Table::len).sum()
    }

    /// Says whether a document of this kind has errors, so that a resource which is missing here may well be declared.
    pub fn has_broken<K: Kind>(&self) -> bool {
        self.broken.has_kind(K::SLUG)
    }

    /// Says whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What follows from the model alone, computed once for it and all its copies until it changes. There
    /// must be one `compute` for each type.
    pub fn derived<T: Send + Sync + 'static>(&self, compute: fn(&Self) -> T) -> Arc<T> {
        self.derived.get_or(|| compute(self))
    }

    /// Puts a resource in, replacing one of the same kind and name.
    pub(crate) fn insert(&mut self, resource: Arc<Resource>) {
        self.derived = Derived::default();
        self.kinds.entry(resource.id.slug).or_default().insert(resource);
    }

    /// The resource with this identity, shared.
    pub(crate) fn shared(&self, id: &Id) -> Option<Arc<Resource>> {
        self.kinds.get(id.slug)?.get(&id.name).cloned()
    }

    /// Takes a resource out.
    pub(crate) fn remove(&mut self, id: &Id) {
        self.derived = Derived::default();
        if let Some(table) = self.kinds.get_mut(id.slug) {
            table.remove(&id.name);
            if table.len() == 0 {
                self.kinds.remove(id.slug);
            }
        }
    }

    /// Makes a model of resources whose identities ascend.
    pub(crate) fn of_sorted(resources: impl Iterator<Item = Arc<Resource>>) -> Self {
        let mut kinds: BTreeMap<&'static str, Vec<Arc<Resource>>> = BTreeMap::new();
        for resource in resources {
            kinds.entry(resource.id.slug).or_default().push(resource);
        }
        let tables = kinds.into_iter().map(|(slug, all)| (slug, Table::of_sorted(&all)));
        Self { kinds: tables.collect(), derived: Derived::default(), broken: Broken::default() }
    }
}

/// The number at the beginning of a name, and what follows it.
fn number(name: &str) -> Option<(u64, &str)> {
    let rest = name.trim_start_matches(|one: char| one.is_ascii_digit());
    let number = name.strip_suffix(rest)?.parse().ok()?;
    Some((number, rest))
}
