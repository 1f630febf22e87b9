//! Finds the files of a playbook below its root.
//!
//! Hidden files, what `.gitignore` and `.councilignore` list, and directories that are playbooks of
//! their own (with a `council.yaml`) are left out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use diag::{Diagnostic, Place};
use ignore::{DirEntry, WalkBuilder};

use super::{is_ours, unreadable};
use crate::codes;

/// A file to read: its name in the playbook and its path on the disk.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) file: Arc<str>,
    pub(crate) path: PathBuf,
}

/// Walks the tree below a directory, in the order of names.
pub(crate) fn walk(root: &Path) -> (Vec<Found>, Vec<Diagnostic>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let canonical = match root.canonicalize() {
        Ok(canonical) if canonical.is_dir() => canonical,
        Ok(_) => {
            problems.push(
                unreadable(".", "it is not a directory")
                    .hint("name the directory that holds `council.yaml`"),
            );
            return (found, problems);
        }
        Err(error) => {
            problems.push(
                unreadable(".", &error.to_string())
                    .hint("name the directory that holds `council.yaml`"),
            );
            return (found, problems);
        }
    };
    // Settings of one machine or of directories above must not change what a playbook says.
    let walk = WalkBuilder::new(root)
        .git_global(false)
        .git_exclude(false)
        .parents(false)
        .require_git(false)
        .add_custom_ignore_filename(".councilignore")
        .filter_entry(|entry| entry.depth() == 0 || !is_playbook(entry))
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => look(root, &canonical, &entry, &mut found, &mut problems),
            Err(error) => problems.push(failed(root, &error)),
        }
    }
    found.sort_by(|left, right| left.file.cmp(&right.file));
    (found, problems)
}

fn is_playbook(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
        && entry.path().join("council.yaml").is_file()
}

fn look(
    root: &Path,
    canonical: &Path,
    entry: &DirEntry,
    found: &mut Vec<Found>,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(file) = name(root, entry.path()) else { return };
    let Some(kind) = entry.file_type() else { return };
    let ours = is_ours(&file);
    if kind.is_symlink() {
        problems.extend(link(canonical, entry.path(), &file, ours));
    } else if kind.is_dir() {
        if ours {
            let finding = unreadable(&file, "it is a directory that is called like a file");
            problems.push(finding.hint("rename the directory"));
        }
    } else if ours && !below_such_a_directory(&file) {
        found.push(Found { file: Arc::from(file), path: entry.path().to_owned() });
    }
}

/// Says whether a directory above is called like a file, which is reported once, for the directory.
fn below_such_a_directory(file: &str) -> bool {
    [".yaml/", ".yml/", ".md/"].iter().any(|ending| file.contains(ending))
}

/// A path relative to the root, with `/`; `None` for the root itself.
fn name(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?;
    let name = relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/");
    (!name.is_empty()).then_some(name)
}

/// Looks where a link leads. Inside the playbook it is fine and not followed: its target is read where it is.
fn link(root: &Path, path: &Path, file: &str, ours: bool) -> Option<Diagnostic> {
    let finding = |message: &str, hint: &str| {
        Some(Diagnostic::new(&codes::LINK, Place::whole_file(file), message).hint(hint))
    };
    match path.canonicalize() {
        Ok(target) if !target.starts_with(root) => {
            (ours || target.is_dir()).then_some(())?;
            finding(
                "this link leads out of the playbook",
                "copy what it points to into the playbook, or list the link in `.councilignore`",
            )
        }
        Ok(target)
            if target.is_dir()
                && path
                    .parent()
                    .and_then(|parent| parent.canonicalize().ok())
                    .is_some_and(|parent| parent.starts_with(&target)) =>
        {
            finding("this link leads back to a directory above itself", "delete the link")
        }
        Ok(_) => None,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            ours.then_some(())?;
            finding("this link leads nowhere", "delete the link, or restore what it pointed to")
        }
        // What else can go wrong while links are followed is that they go in a circle.
        Err(_) => finding("this link leads in a circle", "delete the link"),
    }
}

fn failed(root: &Path, error: &ignore::Error) -> Diagnostic {
    let file = path_of(error).and_then(|path| name(root, path)).unwrap_or_else(|| ".".to_owned());
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    unreadable(&file, &why).hint("look at its permissions, or list it in `.councilignore`")
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Partial(all) => all.first().and_then(path_of),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Io(_)
        | ignore::Error::Glob { .. }
        | ignore::Error::UnrecognizedFileType(_)
        | ignore::Error::InvalidDefinition => None,
    }
}
