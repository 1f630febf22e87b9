//! `council check` of a large playbook, beside check-jsonschema with our schema on the same files.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::bail;

use crate::bench::{Effort, Figure, playbook};
use crate::{process, say};

/// Runs of `council check`; the fastest counts, as the others measure what else the machine did.
const RUNS: usize = 5;

/// Resources that the peer is given: its time grows with the number of documents, at minutes for these.
const PEER_RESOURCES: usize = 10_000;

/// Generates, checks, and measures.
pub(crate) fn run(root: &Path, council: &Path, effort: Effort) -> anyhow::Result<Vec<Figure>> {
    let directory = root.join("target/bench-playbook");
    let mut figures = Vec::new();
    if effort == Effort::Full {
        let megabytes = generate(&directory, 100_000)?;
        figures.push(Figure {
            name: format!(
                "`council check`, the whole command, 100000 resources, {megabytes:.1} MB"
            ),
            value: fastest(council, &directory)?,
            unit: "s".to_owned(),
            peer: None,
            peer_value: None,
        });
    }
    let megabytes = generate(&directory, PEER_RESOURCES)?;
    figures.push(Figure {
        name: format!(
            "`council check`, the whole command, {PEER_RESOURCES} resources, {megabytes:.1} MB"
        ),
        value: fastest(council, &directory)?,
        unit: "s".to_owned(),
        peer: Some("check-jsonschema, same documents, our schema".to_owned()),
        peer_value: check_jsonschema(root, &directory),
    });
    Ok(figures)
}

/// Writes the playbook anew and returns its size in megabytes.
fn generate(directory: &Path, resources: usize) -> anyhow::Result<f64> {
    if directory.exists() {
        std::fs::remove_dir_all(directory)?;
    }
    let bytes = playbook::write(directory, resources)?;
    Ok(f64::from(u32::try_from(bytes / 1000)?) / 1e3)
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
