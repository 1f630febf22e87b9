//! Other people's programs that some tests want: taken when they are there, missed loudly when not.

use std::path::{Path, PathBuf};

/// A program of the Python environment that `cargo xtask test` makes below `target/tools`, or of the
/// search path; without it the test says so and is left out.
pub(crate) fn python(program: &str, purpose: &str) -> Option<PathBuf> {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/python/bin");
    let made = made.join(program);
    let made = made.is_file().then(|| made.canonicalize().unwrap_or(made));
    let found = made.or_else(|| on_path(program));
    if found.is_none() {
        println!("LEFT OUT: {purpose}: no `{program}`; `cargo xtask test` installs it");
    }
    found
}

/// The first of these programs on the search path.
pub(crate) fn any(programs: &[&str], purpose: &str) -> Option<PathBuf> {
    let found = programs.iter().find_map(|program| on_path(program));
    if found.is_none() {
        println!("LEFT OUT: {purpose}: none of {programs:?} is installed");
    }
    found
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|below| below.join(program)).find(|path| path.is_file())
}
