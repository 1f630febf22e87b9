//! Other people's programs that some tests want: taken when they are there, missed loudly when not.

use std::path::{Path, PathBuf};

/// A program of the Python environment that `cargo xtask test` makes below `target/tools`, or of the search path.
pub(crate) fn python(program: &str, purpose: &str) -> Option<PathBuf> {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/python/bin");
    let made = made.join(program);
    if made.is_file() {
        return Some(made.canonicalize().unwrap_or(made));
    }
    any(&[program], purpose)
}

/// The first of these programs on the search path.
#[expect(clippy::print_stderr, reason = "a test says what it leaves out")]
pub(crate) fn any(programs: &[&str], purpose: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = |program: &&str| {
        std::env::split_paths(&path).map(|below| below.join(program)).find(|found| found.is_file())
    };
    let found = programs.iter().find_map(on_path);
    if found.is_none() {
        eprintln!("LEFT OUT: {purpose}: none of {programs:?} is installed");
    }
    found
}
