//! Renews what is generated from the code and committed beside it. Tests fail while it is stale.

use std::path::Path;

use crate::process;

/// Every generated artefact, and the command of the binary that writes it.
const GENERATED: [&[&str]; 4] = [
    &["schema", "--write", "schemas"],
    &["reference", "--openapi", "docs/openapi.json"],
    &["reference", "--cli", "docs/cli.md"],
    &["reference", "--pages", "docs/reference"],
];

/// Writes all of them.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    for arguments in GENERATED {
        let mut command = vec!["cargo", "run", "--quiet", "--bin", "council", "--"];
        command.extend(arguments);
        process::run(root, &command)?;
    }
    Ok(())
}
