//! What the files look like from outside: cheap to take, and different after a change.
//!
//! A file system that reports names the paths, and only those are looked at; otherwise the whole tree is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use playbook::Workspace;

use crate::limits::MAX_WATCHED_FILES;
use crate::reader::Changes;

/// Size and time of change.
type Look = (u64, Option<SystemTime>);

/// The look of each file that can matter.
#[derive(Debug)]
pub(super) struct Looks(BTreeMap<PathBuf, Look>);

impl Looks {
    /// Looks at every file below a directory, without reading any.
    pub(super) fn of(root: &Path) -> Self {
        let mut found = BTreeMap::new();
        let mut waiting = vec![root.to_owned()];
        while let Some(directory) = waiting.pop() {
            let Ok(entries) = std::fs::read_dir(&directory) else { continue };
            for entry in entries.flatten() {
                let Ok(kind) = entry.file_type() else { continue };
                if is_hidden(&entry.file_name().to_string_lossy()) {
                    continue;
                }
                if kind.is_dir() {
                    waiting.push(entry.path());
                } else if let Some(look) = look(&entry.path()) {
                    found.insert(entry.path(), look);
                }
                if found.len() >= MAX_WATCHED_FILES {
                    return Self(found);
                }
            }
        }
        // A commit changes the revision even when it changes no file.
        for head in heads(root) {
            if let Some(look) = look(&head) {
                found.insert(head, look);
            }
        }
        Self(found)
    }

    /// What changed anywhere below the directory.
    pub(super) fn everywhere(&mut self, root: &Path) -> Changes {
        let now = Self::of(root);
        let before = std::mem::replace(self, now);
        let differs = |path: &&PathBuf| before.0.get(*path) != self.0.get(*path);
        let paths: BTreeSet<&PathBuf> =
            before.0.keys().chain(self.0.keys()).filter(differs).collect();
        let mut changes = Changes::default();
        for path in paths {
            sort_in(root, path, &mut changes);
            changes.tree |= !is_head(path);
        }
        changes
    }

    /// What changed at the reported paths; `None` when files may have come or gone.
    pub(super) fn at(
        &mut self,
        paths: BTreeSet<PathBuf>,
        workspace: &Workspace,
    ) -> Option<Changes> {
        let root = workspace.root();
        let mut changes = Changes::default();
        // Noted when all are known to be judged: after `None` the whole tree is looked at, and has to find these different.
        let mut looks = Vec::new();
        for path in paths {
            if is_head(&path) || is_policy(root, &path) {
                sort_in(root, &path, &mut changes);
                continue;
            }
            let name = name(root, &path)?;
            if !workspace.has_file(&name) {
                if may_be_ours(&path, &name) {
                    return None;
                }
                continue;
            }
            let look = look(&path)?;
            looks.push((path, look));
            changes.files.insert(name);
        }
        self.0.extend(looks);
        Some(changes)
    }
}

/// Says whether a path that is no known file may be a new one or a directory. An editor's swap file is neither, and
/// one comes with every edit.
fn may_be_ours(path: &Path, name: &str) -> bool {
    if name.split('/').any(is_hidden) {
        return false;
    }
    let is_file =
        path.symlink_metadata().map_or_else(|_| name.contains('.'), |meta| meta.is_file());
    let ours = [".yaml", ".yml", ".md", "ignore"].iter().any(|ending| name.ends_with(ending));
    ours || !is_file
}

fn sort_in(root: &Path, path: &Path, changes: &mut Changes) {
    if is_head(path) {
        changes.head = true;
    } else if is_policy(root, path) {
        changes.policies = true;
    } else if let Some(name) = name(root, path) {
        changes.files.insert(name);
    }
}

fn look(path: &Path) -> Option<Look> {
    let meta = std::fs::symlink_metadata(path).ok()?;
    (!meta.is_dir()).then(|| (meta.len(), meta.modified().ok()))
}

/// What moves when Git's head does.
fn heads(root: &Path) -> [PathBuf; 1] {
    [root.join(".git/logs/HEAD")]
}

fn is_head(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == ".git")
}

fn is_policy(root: &Path, path: &Path) -> bool {
    path.starts_with(root.join("policies")) && crate::policies::is_policy(path)
}

/// Hidden files are none of the playbook's, except those that say what else is not.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && name != ".gitignore" && name != ".councilignore"
}

/// A file's name in the playbook.
fn name(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.components();
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use playbook::Vocabulary;

    use super::*;

    /// What `sed -i` does: a file without an ending is written beside, and takes the place of the known one.
    #[test]
    fn what_changed_beside_a_file_that_nobody_knows_is_found_in_the_whole_tree() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::write(root.join("council.yaml"), "").unwrap();
        let workspace = Workspace::open(root, Arc::new(Vocabulary::new()));
        let root = workspace.root().to_owned();
        let mut looks = Looks::of(&root);
        let known = root.join("council.yaml");
        std::fs::write(&known, "# changed\n").unwrap();
        let reported = BTreeSet::from([known, root.join("sedXy7Zq")]);
        assert!(looks.at(reported, &workspace).is_none());
        assert_eq!(looks.everywhere(&root).files, BTreeSet::from(["council.yaml".to_owned()]));
    }
}
