//! Runs the benchmark that a crate ships as an example, and reads the figures it prints as JSON lines.

use std::path::Path;

use anyhow::Context as _;

use crate::bench::{Effort, Figure};
use crate::process;

/// Runs one example in release and collects its figures.
pub(crate) fn run(
    root: &Path,
    package: &str,
    example: &str,
    effort: Effort,
) -> anyhow::Result<Vec<Figure>> {
    figures(root, &["--package", package, "--example", example], effort)
}

/// Runs a binary of the package `council-benches`, which holds those that measure rooms with much in them: as an example of
/// such a room it would have the room's own tests among its dependencies, and most of the workspace compiled for it alone.
pub(crate) fn run_binary(root: &Path, binary: &str, effort: Effort) -> anyhow::Result<Vec<Figure>> {
    figures(root, &["--package", "council-benches", "--bin", binary], effort)
}

fn figures(root: &Path, program: &[&str], effort: Effort) -> anyhow::Result<Vec<Figure>> {
    let mut command = [&["cargo", "run", "--release", "--quiet"], program].concat();
    if effort == Effort::Quick {
        command.extend(["--", "--quick"]);
    }
    let output = process::output(root, &command)?;
    output
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| {
            serde_json::from_str(line)
                .with_context(|| format!("`{}` printed no figure: {line}", program.join(" ")))
        })
        .collect()
}
