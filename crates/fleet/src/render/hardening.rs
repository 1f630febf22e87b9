//! A hardening baseline as files, packages and commands, and as variables for Ansible.
//!
//! Only what a control's settings say is rendered. Each line names its control, so that whoever finds it on a machine knows
//! whom to ask. Where two controls set one thing, the first one holds, as the SSH server itself reads its files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::shell::word;
use super::{Setup, yaml};
use crate::kinds::Control;

/// A file on a machine, with root as its owner and readable to all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SystemFile {
    pub(super) path: &'static str,
    pub(super) content: String,
}

/// What makes the controls of a machine true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hardening {
    /// Files that are written.
    pub(super) files: Vec<SystemFile>,
    /// Packages that must be there, in order.
    pub(super) installed: Vec<String>,
    /// Packages that must not be there, in order.
    pub(super) absent: Vec<String>,
}

/// Read first by the SSH server, which takes the first value that it finds.
const SSHD: &str = "/etc/ssh/sshd_config.d/10-council.conf";
/// Read last of the usual numbers, because the last value of a kernel setting holds.
const KERNEL: &str = "/etc/sysctl.d/90-council.conf";
const UPDATES: &str = "/etc/apt/apt.conf.d/90council-updates";

/// Lists and upgrades, every day.
const UPDATES_TEXT: &str = "APT::Periodic::Update-Package-Lists \"1\";\n\
                            APT::Periodic::Unattended-Upgrade \"1\";\n";

const HEADER: &str = "Rendered by council from the hardening baseline.\n";

impl Hardening {
    /// What makes these controls true.
    pub(super) fn of(controls: &[&Control]) -> Self {
        let mut files = Vec::new();
        let mut add = |path, lines: String| {
            if !lines.is_empty() {
                files.push(SystemFile { path, content: format!("# {HEADER}{lines}") });
            }
        };
        add(SSHD, lines(controls, |control| &control.settings.sshd, " "));
        add(KERNEL, lines(controls, |control| &control.settings.kernel, " = "));
        let updating = controls.iter().find(|control| control.settings.security_updates);
        if let Some(control) = updating {
            // APT's files know another comment than all others.
            let content = format!("// {HEADER}// {}\n{UPDATES_TEXT}", control.id.value);
            files.push(SystemFile { path: UPDATES, content });
        }
        let mut installed: BTreeSet<String> =
            controls.iter().flat_map(|control| control.settings.installed.clone()).collect();
        if updating.is_some() {
            installed.insert("unattended-upgrades".to_owned());
        }
        let absent: BTreeSet<String> =
            controls.iter().flat_map(|control| control.settings.absent.clone()).collect();
        Self {
            files,
            installed: installed.into_iter().collect(),
            absent: absent.into_iter().collect(),
        }
    }
}

/// The command that takes packages away, of which some are not there; a name that no archive knows is no reason to fail.
pub(super) fn purge(packages: &[String]) -> Option<String> {
    if packages.is_empty() {
        return None;
    }
    let names: Vec<String> = packages.iter().map(|name| word(name)).collect();
    Some(format!(
        "for name in {}; do if dpkg -s \"$name\" > /dev/null 2>&1; then apt-get purge --yes --quiet \"$name\"; fi; done",
        names.join(" ")
    ))
}

/// The settings of one sort, below the control that asks for them; what an earlier control has set is left out.
fn lines<'c>(
    controls: &[&'c Control],
    settings: impl Fn(&'c Control) -> &'c BTreeMap<String, String>,
    between: &str,
) -> String {
    let mut text = String::new();
    let mut seen = BTreeSet::new();
    for control in controls {
        let fresh: Vec<_> =
            settings(control).iter().filter(|(key, _)| seen.insert(key.to_lowercase())).collect();
        if fresh.is_empty() {
            continue;
        }
        text.push_str(&format!("# {}\n", control.id.value));
        for (key, value) in fresh {
            text.push_str(&format!("{key}{between}{value}\n"));
        }
    }
    text
}

/// The baseline of a machine as variables that plays and templates read.
#[must_use]
pub fn ansible(setup: &Setup<'_>) -> String {
    let Hardening { installed, absent, .. } = Hardening::of(&setup.controls);
    let variables = json!({
        "hardening_controls": setup.controls.iter().map(|control| control.id.value.clone()).collect::<Vec<_>>(),
        "hardening_sshd": merged(&setup.controls, |control| &control.settings.sshd),
        "hardening_kernel": merged(&setup.controls, |control| &control.settings.kernel),
        "hardening_packages_installed": installed,
        "hardening_packages_absent": absent,
        "hardening_security_updates":
            setup.controls.iter().any(|control| control.settings.security_updates),
    });
    format!("---\n# {HEADER}{}", yaml::document(&variables))
}

fn merged<'c>(
    controls: &[&'c Control],
    settings: impl Fn(&'c Control) -> &'c BTreeMap<String, String>,
) -> Value {
    let mut all = Map::new();
    let mut seen = BTreeSet::new();
    for (key, value) in controls.iter().flat_map(|control| settings(control)) {
        if seen.insert(key.to_lowercase()) {
            all.insert(key.clone(), Value::from(value.clone()));
        }
    }
    Value::Object(all)
}
