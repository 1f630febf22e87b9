//! A sorted table of resources that is cheap to copy and to change.
//!
//! The entries stand in chunks that copies share. Changing one entry copies its chunk and the list of
//! chunks, a few kilobytes, whoever else holds the table; a plain map of 100,000 entries would be
//! copied whole for every change, because the server always holds the version it serves.

use std::sync::Arc;

use crate::Resource;

/// How many entries a chunk has at most: the square root of the largest tables, so that copying a
/// chunk costs about as much as copying the list of chunks.
const CHUNK: usize = 512;

type Chunk = Arc<Vec<Arc<Resource>>>;

/// Resources of one kind by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// None is empty; names ascend within and across chunks.
    chunks: Vec<Chunk>,
    length: usize,
}

impl Table {
    /// Makes a table of resources whose names ascend.
    pub(crate) fn of_sorted(resources: &[Arc<Resource>]) -> Self {
        let length = resources.len();
        // Half full, so that names that are added do not split chunks at once.
        let chunks = resources.chunks(CHUNK / 2).map(|chunk| Arc::new(chunk.to_vec())).collect();
        Self { chunks, length }
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Resource>> {
        let chunk = self.chunks.get(self.chunk_of(name))?;
        chunk.get(position(chunk, name).ok()?)
    }

    /// Puts a resource in, replacing one of the same name.
    pub(crate) fn insert(&mut self, resource: Arc<Resource>) {
        let at = self.chunk_of(&resource.id.name);
        let Some(chunk) = self.chunks.get_mut(at) else {
            self.chunks.push(Arc::new(vec![resource]));
            self.length += 1;
            return;
        };
        let chunk = Arc::make_mut(chunk);
        match position(chunk, &resource.id.name) {
            Ok(found) => chunk[found] = resource,
            Err(gap) => {
                chunk.insert(gap, resource);
                self.length += 1;
                if chunk.len() > CHUNK {
                    let second = chunk.split_off(CHUNK / 2);
                    self.chunks.insert(at + 1, Arc::new(second));
                }
            }
        }
    }

    /// Takes a resource out.
    pub(crate) fn remove(&mut self, name: &str) {
        let at = self.chunk_of(name);
        let Some(found) = self.chunks.get(at).and_then(|chunk| position(chunk, name).ok()) else {
            return;
        };
        let chunk = Arc::make_mut(&mut self.chunks[at]);
        chunk.remove(found);
        self.length -= 1;
        if chunk.is_empty() {
            self.chunks.remove(at);
        }
    }

    /// All resources, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Resource>> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// The resources whose names are this one or come after it.
    pub(crate) fn from(&self, name: &str) -> impl Iterator<Item = &Arc<Resource>> + use<'_> {
        let at = self.chunk_of(name);
        let within =
            self.chunks.get(at).map_or(0, |chunk| position(chunk, name).unwrap_or_else(|gap| gap));
        self.chunks.iter().skip(at).flat_map(|chunk| chunk.iter()).skip(within)
    }

    /// The chunk in which a name stands or would stand: the last one that begins with it or before it.
    fn chunk_of(&self, name: &str) -> usize {
        let after = self.chunks.partition_point(|chunk| {
            chunk.first().is_some_and(|first| first.id.name.as_ref() <= name)
        });
        after.saturating_sub(1)
    }
}

fn position(chunk: &[Arc<Resource>], name: &str) -> Result<usize, usize> {
    chunk.binary_search_by(|one| one.id.name.as_ref().cmp(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::Meta;
    use crate::resource::Id;

    fn resource(name: &str, mark: u32) -> Arc<Resource> {
        Arc::new(Resource {
            id: Id { slug: "thing", name: Arc::from(name) },
            meta: Meta::default(),
            place: diag::Place::new("a.yaml", diag::Span::new(mark, mark)),
            extent: diag::Span::default(),
            uses: Vec::new(),
            digest: Arc::from(""),
            spec: Box::new(()),
        })
    }

    proptest! {
        #[test]
        fn a_table_is_like_an_ordered_map(
            start in proptest::collection::btree_set(0..2_000_u32, 0..1_500),
            edits in proptest::collection::vec((any::<bool>(), 0..2_000_u32), 0..300),
        ) {
            let name = |number: u32| format!("n{number:04}");
            let mut map: BTreeMap<String, u32> = start.iter().map(|number| (name(*number), *number)).collect();
            let mut table = Table::of_sorted(&map.iter().map(|(name, mark)| resource(name, *mark)).collect::<Vec<_>>());
            let (copy, before) = (table.clone(), map.clone());
            for (adds, number) in edits {
                if adds {
                    table.insert(resource(&name(number), number + 7));
                    map.insert(name(number), number + 7);
                } else {
                    table.remove(&name(number));
                    map.remove(&name(number));
                }
            }
            let marks = |table: &Table| table.iter().map(|one| (one.id.name.to_string(), one.place.span.start)).collect::<Vec<_>>();
            prop_assert_eq!(marks(&table), map.clone().into_iter().collect::<Vec<_>>());
            prop_assert_eq!(marks(&copy), before.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(table.len(), map.len());
            for number in (0..2_000).step_by(37) {
                let found = table.get(&name(number)).map(|one| one.place.span.start);
                prop_assert_eq!(found, map.get(&name(number)).copied());
                let from: Vec<String> = table.from(&name(number)).take(2).map(|one| one.id.name.to_string()).collect();
                prop_assert_eq!(from, map.range(name(number)..).take(2).map(|(name, _)| name.clone()).collect::<Vec<_>>());
            }
        }
    }
}
