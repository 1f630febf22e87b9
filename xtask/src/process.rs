//! Runs other programs and says which one failed.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::say;

/// Runs a command in a directory with its output shown; fails when it does.
pub(crate) fn run(directory: &Path, command: &[&str]) -> anyhow::Result<()> {
    say(&format!("$ {}", command.join(" ")));
    let status = prepared(directory, command)
        .status()
        .with_context(|| format!("cannot start `{}`", command[0]))?;
    if !status.success() {
        bail!("`{}` failed: {status}", command.join(" "));
    }
    Ok(())
}

/// Runs a command and returns what it printed on standard output; fails when it does.
pub(crate) fn output(directory: &Path, command: &[&str]) -> anyhow::Result<String> {
    let output = prepared(directory, command)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{}`", command[0]))?;
    if !output.status.success() {
        bail!("`{}` failed: {}", command.join(" "), output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed no UTF-8", command.join(" ")))
}

/// What a command said, on both streams, and whether it succeeded.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) succeeded: bool,
    pub(crate) text: String,
}

/// Runs a command that may fail for a reason that is not ours to end at.
pub(crate) fn attempt(directory: &Path, command: &[&str]) -> anyhow::Result<Said> {
    let output = prepared(directory, command)
        .output()
        .with_context(|| format!("cannot start `{}`", command[0]))?;
    let text = [output.stdout, output.stderr].concat();
    Ok(Said {
        succeeded: output.status.success(),
        text: String::from_utf8_lossy(&text).into_owned(),
    })
}

/// Says whether a program can be started.
pub(crate) fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

fn prepared(directory: &Path, command: &[&str]) -> Command {
    let mut prepared = Command::new(command[0]);
    prepared.args(&command[1..]).current_dir(directory).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_of_this_package) {
            prepared.env_remove(name);
        }
    }
    prepared
}

/// Whether `cargo run` set a variable to say which package it runs.
///
/// A build script that watches `CARGO_MANIFEST_DIR` (that of `ring` does) runs again when the variable changes. If ours were handed
/// on, a cargo started from here and one started by hand would each undo what the other built, and the TLS stack with the server
/// behind it would be compiled anew every time.
fn is_of_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_does_not_learn_which_package_started_it() {
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "cargo runs this test");
        let printed = output(Path::new("."), &["env"]).unwrap();
        let handed_on: Vec<&str> = printed
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, _)| name)
            .filter(|name| is_of_this_package(name))
            .collect();
        assert_eq!(handed_on, Vec::<&str>::new());
        assert!(printed.lines().any(|line| line.starts_with("PATH=")), "the rest stays");
    }
}
