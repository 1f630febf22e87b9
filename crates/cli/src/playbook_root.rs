//! Where the playbook is: the nearest directory upwards that holds `council.yaml`.

use std::path::{Path, PathBuf};

use crate::command_error::CommandError;

/// The file that makes a directory a playbook.
pub(crate) const MARKER: &str = "council.yaml";

/// Finds the playbook: the directory that was named, or else the nearest one upwards.
pub(crate) fn find(named: Option<&Path>, directory: &Path) -> Result<PathBuf, CommandError> {
    match named {
        Some(named) => require(named, directory),
        None => directory
            .ancestors()
            .find(|candidate| candidate.join(MARKER).is_file())
            .map(Path::to_owned)
            .ok_or_else(|| {
                CommandError::usage("there is no playbook here")
                    .why(format!(
                        "neither `{}` nor a directory above it holds a `{MARKER}`",
                        directory.display()
                    ))
                    .hint("name one with `--playbook DIR`, or start one with `council init`")
            }),
    }
}

fn require(named: &Path, directory: &Path) -> Result<PathBuf, CommandError> {
    let root = directory.join(named);
    if !root.is_dir() {
        return Err(CommandError::usage(format!("`{}` is not a directory", named.display()))
            .hint("name the directory that holds the playbook's `council.yaml`"));
    }
    if !root.join(MARKER).is_file() {
        return Err(CommandError::usage(format!("`{}` is not a playbook", named.display()))
            .why(format!("it holds no `{MARKER}`"))
            .hint(format!("start a playbook there with `council init {}`", named.display())));
    }
    Ok(root)
}
