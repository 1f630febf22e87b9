//! Reads one file as text.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use diag::{Diagnostic, Place};

use super::unreadable;
use crate::codes;
use crate::limits::MAX_FILE_BYTES;

/// Reads a regular file of acceptable size as UTF-8.
pub(crate) fn read(path: &Path, file: &str) -> Result<String, Diagnostic> {
    let failed = |error: std::io::Error| {
        unreadable(file, &error.to_string())
            .hint("look at the permissions of the file and of its directory")
    };
    // Opening a pipe waits for somebody to write into it, so that the type is looked at first.
    let metadata = std::fs::symlink_metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(unreadable(file, "it is a pipe, a socket or a device")
            .hint("delete it, or list it in `.councilignore`"));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(too_large(file, metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    let opened = File::open(path).map_err(failed)?;
    // One byte more than allowed, for a file that grows while it is read.
    opened.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large(file, bytes.len() as u64));
    }
    bytes.shrink_to_fit();
    String::from_utf8(bytes)
        .map_err(|error| not_utf8(file, error.as_bytes(), error.utf8_error().valid_up_to()))
}

fn too_large(file: &str, bytes: u64) -> Diagnostic {
    let megabytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
    let (found, allowed) = (megabytes(bytes), megabytes(MAX_FILE_BYTES));
    Diagnostic::new(
        &codes::TOO_LARGE,
        Place::whole_file(file),
        format!("the file is too large: {found} MiB"),
    )
    .why(format!("files of more than {allowed} MiB are not read"))
    .hint("split it, or list it in `.councilignore`")
}

fn not_utf8(file: &str, bytes: &[u8], offset: usize) -> Diagnostic {
    let before = bytes.get(..offset).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let utf16 = matches!(bytes.get(..2), Some([0xff, 0xfe] | [0xfe, 0xff]));
    let why = if utf16 {
        "it is UTF-16".to_owned()
    } else {
        format!("byte {offset} (line {line}) does not belong to any character")
    };
    Diagnostic::new(&codes::NOT_UTF8, Place::whole_file(file), "the file is not UTF-8 text")
        .why(why)
        .hint("save it as UTF-8")
}
