//! Fuzzing with the compiler that everybody has: libFuzzer, fed by the coverage of the stable compiler's own passes.
//!
//! The usual driver wants a nightly compiler for its sanitizers. This code has no `unsafe`, so what fuzzing looks for
//! here is panics, broken promises and endless work, and for those coverage is enough.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::process::{output, run};

/// The targets, each a binary of `fuzz/` with a corpus of its name.
const TARGETS: [&str; 2] = ["loader", "markdown"];

/// What makes a program tell libFuzzer which edges it took and what it compared.
const COVERAGE: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // Without it, one module's coverage could be merged into another's and be lost.
    "-Ccodegen-units=1",
];

/// Runs every target for so many seconds; fails when one finds an input that breaks a promise, which it leaves in
/// `fuzz/artifacts/`. New inputs that reach new code are kept out of the committed corpus, in `fuzz/found/`.
pub(crate) fn run_for(root: &Path, seconds: &str) -> anyhow::Result<()> {
    let Ok(limit) = seconds.parse::<u32>() else {
        bail!("`{seconds}` is no number of seconds");
    };
    let directory = root.join("fuzz");
    let flags = format!("RUSTFLAGS={}", COVERAGE.join(" "));
    // Only with a target named are build scripts spared the flags; they have no libFuzzer to talk to.
    let host = output(root, &["rustc", "--print", "host-tuple"])?;
    let host = host.trim();
    run(&directory, &["env", &flags, "cargo", "build", "--release", "--bins", "--target", host])?;
    for target in TARGETS {
        for below in ["found", "artifacts"] {
            let path = directory.join(below).join(target);
            std::fs::create_dir_all(&path)
                .with_context(|| format!("`{}` cannot be made", path.display()))?;
        }
        let program = format!("target/{host}/release/{target}");
        let (found, corpus) = (format!("found/{target}"), format!("corpus/{target}"));
        let artifacts = format!("-artifact_prefix=artifacts/{target}/");
        let limit = format!("-max_total_time={limit}");
        // Ten seconds for one small file would be a hang to whoever saves it in an editor.
        run(&directory, &[&program, &found, &corpus, &artifacts, &limit, "-timeout=10"])?;
    }
    Ok(())
}
