//! Changing one file: what an editor types, and what the disk says when a file is saved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use jiff::civil::Date;

use super::{File, Workspace};
use crate::load::Loaded;
use crate::resource::Id;
use crate::{Resource, files};

impl Workspace {
    /// Replaces a file's text by an editor's, or forgets the editor's and reads the disk again; a
    /// file that is not there is forgotten altogether.
    pub fn update(&mut self, file: &str, text: Option<String>) {
        let known = self.files.get_key_value(file).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| Arc::from(file));
        let next = match text {
            Some(text) => {
                let loaded = File::load(&self.vocabulary, &name, Ok(text));
                Some(File { is_overlay: true, ..loaded })
            }
            None => self.read_again(&name),
        };
        self.replace(name, next);
    }

    /// Walks the directory again: takes in files that are new, forgets those that are gone, and reads those
    /// again that the caller saw change. Says whether anything is different.
    pub fn rescan(&mut self, changed: &BTreeSet<String>) -> bool {
        let (found, tree_problems) = files::walk(&self.root);
        let mut differs = self.tree_problems != tree_problems;
        self.tree_problems = tree_problems;
        let present: BTreeSet<&Arc<str>> = found.iter().map(|found| &found.file).collect();
        let gone: Vec<Arc<str>> = self
            .files
            .iter()
            .filter(|(name, file)| !file.is_overlay && !present.contains(name))
            .map(|(name, _)| name.clone())
            .collect();
        differs |= !gone.is_empty();
        gone.into_iter().for_each(|name| self.replace(name, None));
        for found in found {
            let known = self.files.get(&found.file);
            let is_overlay = known.is_some_and(|file| file.is_overlay);
            if is_overlay || (known.is_some() && !changed.contains(&*found.file)) {
                continue;
            }
            let text = files::read(&found.path, &found.file);
            let next = File::load(&self.vocabulary, &found.file, text);
            self.replace(found.file, Some(next));
            differs = true;
        }
        differs
    }

    /// Says whether a file of this name was found.
    pub fn has_file(&self, file: &str) -> bool {
        self.files.contains_key(file)
    }

    /// Says whether a file's text is an editor's, not the disk's.
    pub fn is_overlay(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|file| file.is_overlay)
    }

    fn read_again(&self, name: &Arc<str>) -> Option<File> {
        let stays_inside = !name.starts_with('/') && !name.split('/').any(|part| part == "..");
        let path = self.root.join(name.as_ref());
        if !stays_inside || !files::is_ours(name) || !path.exists() {
            return None;
        }
        Some(File::load(&self.vocabulary, name, files::read(&path, name)))
    }

    fn replace(&mut self, name: Arc<str>, next: Option<File>) {
        let before = self.files.remove(&name).map(|file| file.loaded).unwrap_or_default();
        let nothing = Loaded::default();
        let after = next.as_ref().map_or(&nothing, |file| &file.loaded);
        before.broken.iter().for_each(|id| self.model.broken.remove(id));
        after.broken.iter().for_each(|id| self.model.broken.add(id));
        // The usual edit changes what a resource says, not which there are.
        let (once_before, once_after) = (declared_once(&before), declared_once(after));
        let kept: BTreeSet<&Id> = once_before
            .intersection(&once_after)
            .copied()
            .filter(|id| !self.contested.contains_key(*id))
            .collect();
        for old in before.resources.iter().filter(|old| !kept.contains(&old.id)) {
            self.withdraw(old);
        }
        for new in &after.resources {
            if kept.contains(&new.id) {
                self.model.insert(Arc::clone(new));
            } else {
                self.declare(new);
            }
        }
        let changed = changed(&before, after);
        let references = self.references.get_mut().unwrap_or_else(PoisonError::into_inner);
        references.file_changed(&name, changed);
        if let Some(next) = next {
            self.files.insert(name, next);
        }
    }

    fn withdraw(&mut self, old: &Arc<Resource>) {
        let Some(all) = self.contested.get_mut(&old.id) else {
            self.model.remove(&old.id);
            return;
        };
        all.retain(|one| !Arc::ptr_eq(one, old));
        match all.as_slice() {
            [] => {
                self.model.remove(&old.id);
                self.contested.remove(&old.id);
            }
            [only] => {
                self.model.insert(Arc::clone(only));
                self.contested.remove(&old.id);
            }
            [first, ..] => self.model.insert(Arc::clone(first)),
        }
    }

    fn declare(&mut self, new: &Arc<Resource>) {
        let Some(present) = self.model.shared(&new.id) else {
            self.model.insert(Arc::clone(new));
            return;
        };
        let all = self.contested.entry(new.id.clone()).or_insert_with(|| vec![present]);
        all.push(Arc::clone(new));
        all.sort_by(|left, right| left.place.cmp(&right.place));
        if let Some(first) = all.first() {
            self.model.insert(Arc::clone(first));
        }
    }
}

/// The identities that a file declares exactly once.
fn declared_once(loaded: &Loaded) -> BTreeSet<&Id> {
    let mut once = BTreeSet::new();
    let mut more = BTreeSet::new();
    for resource in &loaded.resources {
        if !once.insert(&resource.id) {
            more.insert(&resource.id);
        }
    }
    once.difference(&more).copied().collect()
}

/// The identities whose references have to be looked at again: those that appeared, vanished, or
/// were retired or brought back.
fn changed(before: &Loaded, after: &Loaded) -> Vec<Id> {
    type Retirement<'l> = BTreeMap<&'l Id, (Option<Date>, Option<&'l str>)>;
    fn retirement(loaded: &Loaded) -> Retirement<'_> {
        loaded
            .resources
            .iter()
            .map(|one| (&one.id, (one.meta.retired, one.meta.replaced_by.as_deref())))
            .collect()
    }
    let (old, new) = (retirement(before), retirement(after));
    let differs = |id: &&&Id| old.get(**id) != new.get(**id);
    let changed = old.keys().chain(new.keys()).filter(differs).map(|id| (*id).clone());
    before.broken.iter().chain(&after.broken).cloned().chain(changed).collect()
}
