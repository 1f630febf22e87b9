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
    let mut command =
        vec!["cargo", "run", "--release", "--quiet", "--package", package, "--example", example];
    if effort == Effort::Quick {
        command.extend(["--", "--quick"]);
    }
    let output = process::output(root, &command)?;
    output
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| {
            serde_json::from_str(line)
                .with_context(|| format!("`{example}` printed no figure: {line}"))
        })
        .collect()
}
