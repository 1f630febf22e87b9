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
        loud(&format!("{purpose}: no `{program}`; `cargo xtask test` installs it"));
    }
    found
}

/// OpenTofu or Terraform: the program that `COUNCIL_TEST_TOFU` names, or what is on the search path.
pub(crate) fn tofu() -> Option<PathBuf> {
    let named = std::env::var_os("COUNCIL_TEST_TOFU").filter(|value| !value.is_empty());
    named.map(PathBuf::from).or_else(|| {
        any(&["tofu", "terraform"], "plans of the real OpenTofu or Terraform (COUNCIL_TEST_TOFU)")
    })
}

/// The first of these programs on the search path.
pub(crate) fn any(programs: &[&str], purpose: &str) -> Option<PathBuf> {
    let found = programs.iter().find_map(|program| on_path(program));
    if found.is_none() {
        loud(&format!("{purpose}: none of {programs:?} is installed"));
    }
    found
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|below| below.join(program)).find(|path| path.is_file())
}

/// What a variable says that names a real server, or a loud word about its absence.
pub(crate) fn variable(name: &str) -> Option<String> {
    let found = std::env::var(name).ok().filter(|value| !value.is_empty());
    if found.is_none() {
        loud(&format!("`{name}` is not set, so this real server is not asked"));
    }
    found
}

/// Says what is left out, around what the test harness holds back of tests that pass.
fn loud(words: &str) {
    use std::io::Write as _;
    // At once, or what other tests say at the same time gets in between.
    drop(std::io::stderr().lock().write_all(format!("LEFT OUT: {words}\n").as_bytes()));
}
