//! Finds and reads the files of a playbook, and never trusts what it finds.
//!
//! Only regular files are opened; links are looked at, not followed; sizes are known before reading.

mod read;
mod walk;

pub(crate) use read::read;
pub(crate) use walk::walk;

use diag::{Diagnostic, Place};

use crate::codes;

/// The finding that a file cannot be read.
fn unreadable(file: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&codes::UNREADABLE, Place::whole_file(file), "this file cannot be read")
        .why(why)
}

/// Says whether a file of this name belongs to the playbook.
pub(crate) fn is_ours(name: &str) -> bool {
    [".yaml", ".yml", ".md"].iter().any(|ending| name.ends_with(ending))
}
