//! Files that commands write, with errors that name them.

use std::path::Path;

use crate::command_error::CommandError;

/// Writes a file, replacing what was there.
pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<(), CommandError> {
    if let Some(parent) = path.parent() {
        make_directory(parent)?;
    }
    std::fs::write(path, text).map_err(|error| cannot("written", path, &error))
}

/// Makes a directory with all above it.
pub(crate) fn make_directory(path: &Path) -> Result<(), CommandError> {
    std::fs::create_dir_all(path).map_err(|error| cannot("made", path, &error))
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(path).map_err(|error| cannot("read", path, &error))
}

/// Says that a file could not be written or read.
pub(crate) fn cannot(done: &str, path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::failed(format!("`{}` cannot be {done}", path.display()))
        .why(error)
        .hint("check that the path is right and that you may use it")
}
