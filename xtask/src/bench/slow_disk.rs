//! The ledger's writers on a disk that takes its time: each sync is delayed by the kernel, on behalf of `strace`.
//!
//! Group commit is about disks that need milliseconds for a sync, as those of most data centres do. Where the disk of the
//! machine answers in microseconds, one writer is as good as many, and only a delay shows what would happen elsewhere. Only
//! the syncs are stopped, by a filter in the kernel; everything else runs at its own speed.

use std::path::Path;

use crate::bench::{Effort, Figure};
use crate::{process, say};

/// How long a sync takes: what the disks take on which one writer reaches some two hundred appends a second.
const SYNC_MICROSECONDS: u32 = 4_000;

/// Measures the writers of the ledger beside bare SQLite, with every sync as slow as that. Without `strace`, or where it
/// may not trace, there are no figures.
pub(super) fn run(root: &Path, effort: Effort) -> anyhow::Result<Vec<Figure>> {
    if !process::exists("strace") {
        say("left out: the ledger on a slow disk, because `strace` is not installed");
        return Ok(Vec::new());
    }
    let delay = format!("inject=fdatasync,fsync:delay_exit={SYNC_MICROSECONDS}");
    let mut command = vec!["strace", "--follow-forks", "--seccomp-bpf", "-qq", "-e", "status=none"];
    command.extend(["-e", "trace=fdatasync,fsync", "-e", &delay, "--output=/dev/null"]);
    command.extend(["target/release/examples/ledger_bench", "--writers"]);
    if effort == Effort::Quick {
        command.push("--quick");
    }
    let output = match process::output(root, &command) {
        Ok(output) => output,
        Err(error) => {
            say(&format!("left out: the ledger on a slow disk: {error:#}"));
            return Ok(Vec::new());
        }
    };
    let figures = output.lines().filter(|line| line.starts_with('{')).map(|line| {
        let mut figure: Figure = serde_json::from_str(line)?;
        figure.name.push_str(", a sync takes 4 ms");
        Ok(figure)
    });
    figures.collect()
}
