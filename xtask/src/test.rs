//! The one test command: what CI runs and what a newcomer runs.

use std::path::Path;

use crate::{audit, install, process, say, tidy};

/// Installs, then checks and tests everything; the first step that fails ends it.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let mut left_out = install::for_tests(root);
    process::run(root, &["cargo", "fmt", "--all", "--check"])?;
    tidy::run(root)?;
    left_out.extend(audit::run(root)?);
    process::run(
        root,
        &["cargo", "clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
    )?;
    // One run tells of every test that fails, not of the first crate that has one.
    process::run(root, &["cargo", "test", "--workspace", "--quiet", "--no-fail-fast"])?;
    own_playbook(root)?;
    for what in &left_out {
        say(&format!("LEFT OUT: {what}"));
    }
    if left_out.is_empty() {
        say("Nothing was left out.");
    }
    Ok(())
}

/// Builds the release binary and lets it check this repository, which is a playbook itself, and the examples.
fn own_playbook(root: &Path) -> anyhow::Result<()> {
    process::run(root, &["cargo", "build", "--release", "--quiet", "--bin", "council"])?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let council = root.join(target).join("release/council");
    let council = council.to_string_lossy();
    for playbook in [".", "examples/eustartup", "examples/eustartup-staffed"] {
        process::run(root, &[&council, "check", "--playbook", playbook])?;
    }
    Ok(())
}
