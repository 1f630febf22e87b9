//! What a run of Ansible depends on: every file of its directory, the inventory, the play. Its digest is what people
//! approve; when anything differs at the time of the apply, nothing runs.

use std::collections::BTreeMap;
use std::path::Path;

use plan::{Digest, Fault, FaultKind};
use serde::{Deserialize, Serialize};

/// The most files that are looked at. A repository of roles has hundreds; more is a home directory by mistake.
const MAX_FILES: usize = 50_000;

/// How deep directories may be nested; deeper is a link that leads back to itself.
const MAX_DEPTH: usize = 32;

/// Directories that no play reads.
const PASSED_OVER: [&str; 3] = [".git", "__pycache__", ".ansible"];

/// Digests of everything that a run depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) playbook: String,
    pub(super) limit: Option<String>,
    pub(super) inventory: String,
    pub(super) files: BTreeMap<String, String>,
}

impl Manifest {
    /// Looks at all files below a directory.
    pub(super) fn files(directory: &Path) -> Result<BTreeMap<String, String>, Fault> {
        let mut files = BTreeMap::new();
        visit(directory, directory, MAX_DEPTH, &mut files)?;
        Ok(files)
    }

    /// Its bytes, which are the same for the same files.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self)
            .expect("BUG: a manifest has string keys and no fallible serializers")
    }

    /// Names what differs from what was approved.
    pub(super) fn difference(&self, approved: &Self) -> String {
        let mut differing: Vec<&str> = self
            .files
            .iter()
            .filter(|(path, digest)| approved.files.get(*path) != Some(digest))
            .map(|(path, _)| path.as_str())
            .chain(
                approved
                    .files
                    .keys()
                    .filter(|path| !self.files.contains_key(*path))
                    .map(String::as_str),
            )
            .collect();
        if self.inventory != approved.inventory {
            differing.push("the inventory");
        }
        differing.sort_unstable();
        if differing.is_empty() { "the play or its limit".to_owned() } else { differing.join(", ") }
    }
}

fn visit(
    root: &Path,
    directory: &Path,
    depth: usize,
    files: &mut BTreeMap<String, String>,
) -> Result<(), Fault> {
    let refused = |why: String| Fault::new(FaultKind::Refused, why);
    let unreadable = |path: &Path, error: &std::io::Error| {
        refused(format!("`{}` cannot be read ({error})", path.display()))
    };
    if depth == 0 || files.len() > MAX_FILES {
        return Err(refused(format!(
            "`{}` holds more than {MAX_FILES} files or a link that leads back to itself; name the directory of the play",
            root.display()
        )));
    }
    let entries = std::fs::read_dir(directory).map_err(|error| unreadable(directory, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(directory, &error))?;
        let (path, name) = (entry.path(), entry.file_name());
        // A link is what it leads to: that is what the play reads. One that leads nowhere is nothing.
        if path.is_dir() {
            if !PASSED_OVER.iter().any(|passed| name == *passed) {
                visit(root, &path, depth - 1, files)?;
            }
        } else if path.is_file() {
            let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            let below = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.insert(below, Digest::of(&bytes).to_string());
        }
    }
    Ok(())
}
