//! Findings about references, kept between checks.
//!
//! After a change only those files are resolved again that changed, that refer to a name which
//! appeared or vanished, or that have findings already (their suggestions may be better now).

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher as _;
use std::sync::{Arc, PoisonError};

use diag::Diagnostic;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use jiff::civil::Date;
use rayon::prelude::*;

use super::{File, Workspace};
use crate::Resource;
use crate::reference::Use;
use crate::resolve::Resolver;
use crate::resource::Id;

/// What was found the last time, and what has changed since.
#[derive(Debug, Default)]
pub(super) struct References {
    resolved: Option<Resolved>,
    users: Option<Users>,
    stale: BTreeSet<Arc<str>>,
    changed: Vec<Id>,
}

#[derive(Debug)]
struct Resolved {
    today: Date,
    /// Only files with findings.
    findings: BTreeMap<Arc<str>, Vec<Diagnostic>>,
}

impl References {
    /// Notes that a file has changed, and with it these names.
    pub(super) fn file_changed(&mut self, file: &Arc<str>, changed: Vec<Id>) {
        if self.resolved.is_some() {
            self.stale.insert(file.clone());
            self.changed.extend(changed);
        }
    }
}

impl Workspace {
    /// Appends what is wrong with references on a day.
    pub(super) fn reference_findings(&self, today: Date, findings: &mut Vec<Diagnostic>) {
        let mut references = self.references.lock().unwrap_or_else(PoisonError::into_inner);
        let References { resolved, users, stale, changed } = &mut *references;
        let known = resolved.take().filter(|resolved| resolved.today == today);
        let current = match known {
            Some(known) if stale.is_empty() => known,
            Some(known) => {
                let users = users.get_or_insert_with(|| Users::of(&self.files));
                self.resolve_again(known, users, stale, changed)
            }
            None => self.resolve_all(today),
        };
        stale.clear();
        changed.clear();
        findings.extend(current.findings.values().flatten().cloned());
        *resolved = Some(current);
    }

    fn resolve_all(&self, today: Date) -> Resolved {
        let resolver = Resolver::new(&self.model, today).indexed();
        let files: Vec<(&Arc<str>, &File)> = self.files.iter().collect();
        let findings = files
            .into_par_iter()
            .filter_map(|(name, file)| Some((name.clone(), resolve(&resolver, file)?)))
            .collect();
        Resolved { today, findings }
    }

    fn resolve_again(
        &self,
        known: Resolved,
        users: &mut Users,
        stale: &BTreeSet<Arc<str>>,
        changed: &[Id],
    ) -> Resolved {
        let mut affected: BTreeSet<Arc<str>> =
            known.findings.keys().chain(stale).cloned().collect();
        for id in changed {
            affected.extend(users.of_name(id));
        }
        for file in stale {
            if let Some((name, file)) = self.files.get_key_value(file) {
                users.add(name, file);
            }
        }
        let resolver = Resolver::new(&self.model, known.today);
        let mut findings = known.findings;
        for name in affected {
            match self.files.get(&name).and_then(|file| resolve(&resolver, file)) {
                Some(found) => findings.insert(name, found),
                None => findings.remove(&name),
            };
        }
        Resolved { today: known.today, findings }
    }

    /// Every reference to a resource, with the resource that makes it, in the order of resources.
    pub fn uses_of<'w>(&'w self, id: &'w Id) -> impl Iterator<Item = (&'w Resource, &'w Use)> {
        let refers = move |one: &Use| {
            let fits = one.slug.as_deref() == Some(id.slug);
            fits && (one.name == id.name
                || self.model.find(id.slug, &one.name).is_some_and(|target| target.id == *id))
        };
        self.model.resources().flat_map(move |resource| {
            resource.uses.iter().filter(move |one| refers(one)).map(move |one| (resource, one))
        })
    }
}

fn resolve(resolver: &Resolver<'_>, file: &File) -> Option<Vec<Diagnostic>> {
    let mut findings = Vec::new();
    for resource in &file.loaded.resources {
        resolver.findings(resource, &mut findings);
    }
    (!findings.is_empty()).then_some(findings)
}

/// Which files refer to a name. Names are kept as hashes: a collision only means that a file is
/// resolved again without need.
#[derive(Debug)]
struct Users {
    files: Vec<Arc<str>>,
    numbers: BTreeMap<Arc<str>, u32>,
    by_name: HashMap<u64, Vec<u32>, FixedState>,
}

impl Users {
    fn of(files: &BTreeMap<Arc<str>, File>) -> Self {
        let mut users =
            Self { files: Vec::new(), numbers: BTreeMap::new(), by_name: HashMap::default() };
        for (name, file) in files {
            users.add(name, file);
        }
        users
    }

    fn add(&mut self, name: &Arc<str>, file: &File) {
        let next = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(name.clone()).or_insert(next);
        if number == next {
            self.files.push(name.clone());
        }
        for one in file.loaded.resources.iter().flat_map(|resource| &resource.uses) {
            let slugs = one.slug.as_deref().map_or(one.accepts, |_| &[]);
            for slug in one.slug.as_deref().into_iter().chain(slugs.iter().copied()) {
                let users = self.by_name.entry(key(slug, &one.name)).or_default();
                if users.last() != Some(&number) && !users.contains(&number) {
                    users.push(number);
                }
            }
        }
    }

    /// The files that refer to a resource by its name or by the number that it begins with.
    fn of_name(&self, id: &Id) -> impl Iterator<Item = Arc<str>> {
        let digits = id.name.split('-').next().unwrap_or_default().trim_start_matches('0');
        let padded = id.name.split('-').next().unwrap_or_default();
        let keys = [key(id.slug, &id.name), key(id.slug, digits), key(id.slug, padded)];
        let numbers = keys.into_iter().filter_map(|key| self.by_name.get(&key)).flatten();
        numbers.filter_map(|number| self.files.get(*number as usize).cloned())
    }
}

fn key(slug: &str, name: &str) -> u64 {
    FixedState::default().hash_one((slug, name))
}
