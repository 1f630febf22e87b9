//! Paths of the playbook's files as the reader of the output can open them.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use diag::{LineIndex, Place, Sources};
use playbook::Workspace;

/// A playbook's texts, with paths relative to where the reader stands.
#[derive(Debug)]
pub(crate) struct ShownFrom<'w> {
    workspace: &'w Workspace,
    prefix: PathBuf,
}

impl<'w> ShownFrom<'w> {
    /// Shows paths relative to a directory; both are absolute.
    pub(crate) fn new(workspace: &'w Workspace, directory: &Path) -> Self {
        Self { workspace, prefix: relative(workspace.root(), directory) }
    }

    /// Writes a place as `file:line`, which terminals and editors open.
    pub(crate) fn line_of(&self, place: &Place) -> String {
        let text = self.workspace.text(&place.file).unwrap_or_default();
        let line = LineIndex::new(text).position(text, place.span.start).line;
        format!("{}:{line}", self.shown(&place.file))
    }
}

impl Sources for ShownFrom<'_> {
    fn text(&self, file: &str) -> Option<&str> {
        self.workspace.text(file)
    }

    fn shown<'f>(&self, file: &'f str) -> Cow<'f, str> {
        if self.prefix.as_os_str().is_empty() {
            return Cow::Borrowed(file);
        }
        Cow::Owned(self.prefix.join(file).to_string_lossy().replace('\\', "/"))
    }
}

/// The way from one absolute directory to another, both without `.` and `..`.
pub(crate) fn relative(to: &Path, from: &Path) -> PathBuf {
    let (to, from) = (plain(to), plain(from));
    let shared = to.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// Takes `.` and `..` out of a path by its words alone, as a shell does.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                plain.push(component);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(to: &str, from: &str, expected: &str) {
        assert_eq!(relative(Path::new(to), Path::new(from)), Path::new(expected));
    }

    #[test]
    fn a_path_is_shown_from_where_the_reader_stands() {
        check("/a/playbook", "/a/playbook", "");
        check("/a/playbook", "/a", "playbook");
        check("/a/./playbook/../other", "/a", "other");
        check("/a", "/a/playbook/seats", "../..");
        check("/a/playbook", "/b", "../a/playbook");
    }
}
