//! `council check` of a large playbook, beside check-jsonschema with our schema on the same files.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::bail;

use crate::bench::{Effort, Figure, playbook};
use crate::{process, say};

/// Runs of `council check`; the fastest counts, as the others measure what else the machine did.
const RUNS: usize = 5;

/// Generates, checks, and measures.
pub(crate) fn run(root: &Path, council: &Path, effort: Effort) -> anyhow::Result<Vec<Figure>> {
    let resources = match effort {
        Effort::Full => 100_000,
        Effort::Quick => 10_000,
    };
    let directory = root.join("target/bench-playbook");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let bytes = playbook::write(&directory, resources)?;
    let kilobytes = u32::try_from(bytes / 1000)?;
    let megabytes = Figure {
        name: format!("size of the playbook of {resources} resources"),
        value: f64::from(kilobytes) / 1e3,
        unit: "MB".to_owned(),
        peer: None,
        peer_value: None,
    };
    let seconds = fastest(council, &directory)?;
    let peer = check_jsonschema(root, &directory);
    let check = Figure {
        name: format!("`council check`, the whole command, {resources} resources"),
        value: seconds,
        unit: "s".to_owned(),
        peer: Some("check-jsonschema, same files, our schema".to_owned()),
        peer_value: peer,
    };
    Ok(vec![megabytes, check])
}

fn fastest(council: &Path, directory: &Path) -> anyhow::Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let start = Instant::now();
        let status = Command::new(council)
            .args(["check", "--playbook"])
            .arg(directory)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        best = best.min(start.elapsed().as_secs_f64());
        if !status.success() {
            bail!(
                "`council check` found errors in the generated playbook below {}",
                directory.display()
            );
        }
    }
    Ok(best)
}

/// Installs the peer from the Python package index into a scratch directory; `None` where it cannot be had.
fn check_jsonschema(root: &Path, directory: &Path) -> Option<f64> {
    let venv = root.join("target/bench-venv");
    let python = venv.join("bin/python");
    if !python.exists() {
        process::run(root, &["python3", "-m", "venv", &venv.to_string_lossy()]).ok()?;
        process::run(
            root,
            &[&python.to_string_lossy(), "-m", "pip", "install", "--quiet", "check-jsonschema"],
        )
        .ok()?;
    }
    // The peer reads one document a file, so it is given the same documents in one list of files.
    let split = root.join("target/bench-playbook-split");
    if split.exists() {
        std::fs::remove_dir_all(&split).ok()?;
    }
    let files = split_documents(directory, &split).ok()?;
    say(&format!("check-jsonschema reads {} files; this takes minutes", files.len()));
    let schema = root.join("schemas/playbook.schema.json");
    let start = Instant::now();
    // Command lines are limited; xargs feeds as many files at once as fit.
    let mut child = Command::new("xargs")
        .args(["-0"])
        .arg(venv.join("bin/check-jsonschema"))
        .args(["--quiet", "--schemafile"])
        .arg(schema)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    std::io::Write::write_all(&mut input, files.join("\0").as_bytes()).ok()?;
    drop(input);
    let succeeded = child.wait().ok()?.success();
    let seconds = start.elapsed().as_secs_f64();
    if succeeded {
        Some(seconds)
    } else {
        say(
            "warning: check-jsonschema found fault with the generated playbook; its time is left out",
        );
        None
    }
}

fn split_documents(directory: &Path, split: &Path) -> anyhow::Result<Vec<String>> {
    std::fs::create_dir_all(split)?;
    let mut files = Vec::new();
    for folder in std::fs::read_dir(directory)?.flatten().filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(folder.path())?.flatten() {
            let text = std::fs::read_to_string(file.path())?;
            for document in text.split("---\n").filter(|document| !document.is_empty()) {
                let path = split.join(format!("{:06}.yaml", files.len()));
                std::fs::write(&path, document)?;
                files.push(path.to_string_lossy().into_owned());
            }
        }
    }
    Ok(files)
}
