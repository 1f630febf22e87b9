//! Paths and places as the reader of the output can open them.

use std::path::{Component, Path, PathBuf};

use diag::{LineIndex, Place, Sources as _};
use playbook::Workspace;

/// Writes a place as `file:line`, which terminals and editors open.
pub(crate) fn line_of(workspace: &Workspace, place: &Place) -> String {
    let text = workspace.text(&place.file).unwrap_or_default();
    let line = LineIndex::new(text).position(text, place.span.start).line;
    format!("{}:{line}", workspace.shown(&place.file))
}

/// What stands before the paths of a playbook at `root` for somebody who stands in `directory`.
pub(crate) fn prefix(root: &Path, directory: &Path) -> String {
    let way = relative(root, directory).to_string_lossy().replace('\\', "/");
    if way.is_empty() { way } else { way + "/" }
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
