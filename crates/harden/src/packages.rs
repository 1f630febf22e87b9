//! Packages, as dpkg, rpm, apk or pacman knows them.
//!
//! A package is not there only if its manager says so in its own words: silence, and a database that cannot be read, say nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::control::Control;
use crate::facts::{Fact, Facts};
use crate::frame::Topic;
use crate::judge::Finding;
use crate::text::shown;

/// What installs security updates on Debian and Ubuntu.
pub(crate) const UNATTENDED: &str = "unattended-upgrades";

/// The packages that controls ask about.
pub(crate) fn asked(controls: &[Control]) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for settings in controls.iter().map(|control| &control.settings) {
        names.extend(settings.installed.iter().chain(&settings.absent).map(String::as_str));
        names.extend(settings.security_updates.then_some(UNATTENDED));
    }
    names.retain(|name| is_name(name));
    names
}

/// Whether a text is the name of a package for all managers, and a pattern for none.
fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._:@~".contains(&byte);
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    first && text.len() <= 128 && text.bytes().all(allowed)
}

/// How much of a package is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// Nothing that runs.
    Gone,
    /// Something, in this state of its manager's.
    Partly(String),
    /// All of it, in this version.
    There(String),
}

/// What the managers of a host said.
#[derive(Debug)]
pub(crate) struct Packages {
    manager: Fact<String>,
    states: BTreeMap<String, State>,
    said: String,
}

impl Packages {
    pub(crate) fn of(facts: &Facts) -> Self {
        let manager = facts.text(Topic::Manager, "");
        let mut said = String::new();
        for chunk in facts.names(Topic::Packages) {
            if let Fact::Is(text) = facts.text(Topic::Packages, chunk) {
                said.push_str(&text);
                said.push('\n');
            }
        }
        let mut states = BTreeMap::new();
        for line in said.lines() {
            for (name, state) in lines(line, manager.value().map_or("", String::as_str)) {
                // The same package of several architectures: what is there counts.
                let known = states.entry(name).or_insert(State::Gone);
                *known = state.max(known.clone());
            }
        }
        Self { manager, states, said }
    }

    fn state(&self, name: &str) -> Fact<State> {
        if !is_name(name) {
            return Fact::unknown(format!("`{}` is no name of a package", shown(name)));
        }
        match (&self.manager, self.states.get(name)) {
            (Fact::Is(_), Some(state)) => Fact::Is(state.clone()),
            (Fact::Is(manager), None) => {
                let said =
                    self.said.lines().find(|line| !line.starts_with("have ")).unwrap_or_default();
                Fact::unknown(format!(
                    "{} says neither that it is there nor that it is not: `{}`",
                    shown(manager),
                    shown(said)
                ))
            }
            (Fact::Absent, _) => Fact::unknown("the host has no manager of packages"),
            (Fact::Unknown { why }, _) => Fact::unknown(why.clone()),
        }
    }
}

/// What one line says; a package of another architecture also goes by its name with that.
fn lines(line: &str, manager: &str) -> Vec<(String, State)> {
    let words: Vec<&str> = line.split(' ').collect();
    let gone = |name: &str| vec![(name.to_owned(), State::Gone)];
    match (manager, words.as_slice()) {
        ("dpkg" | "rpm" | "apk", ["have", name, status, version, architecture]) => {
            let state = state(status, version);
            vec![((*name).to_owned(), state.clone()), (format!("{name}:{architecture}"), state)]
        }
        ("dpkg", ["dpkg-query:", "no", "packages", "found", "matching", name])
        | ("rpm", ["package", name, "is", "not", "installed"])
        | ("apk", ["lack", name]) => gone(name),
        ("pacman", ["error:", "package", name, "was", "not", "found"]) => {
            gone(name.trim_matches('\''))
        }
        ("pacman", [name, version]) => {
            vec![((*name).to_owned(), State::There((*version).to_owned()))]
        }
        _ => Vec::new(),
    }
}

/// The states of dpkg (dpkg(1), "Package states"); the other managers have only the first.
fn state(status: &str, version: &str) -> State {
    match status {
        "installed" | "triggers-awaited" | "triggers-pending" => State::There(version.to_owned()),
        "not-installed" | "config-files" => State::Gone,
        other => State::Partly(other.to_owned()),
    }
}

/// Judges a package that must be there.
pub(crate) fn judge_installed(name: &str, packages: &Packages) -> Finding {
    const EXPECTED: &str = "installed";
    match packages.state(name) {
        Fact::Is(State::There(_)) => Finding::Held,
        Fact::Is(State::Partly(status)) => Finding::broken(EXPECTED, shown(&status)),
        Fact::Is(State::Gone) | Fact::Absent => Finding::broken(EXPECTED, "not installed"),
        Fact::Unknown { why } => Finding::Unknown { why },
    }
}

/// Judges a package that must not be there. What is left of its configuration does not count.
pub(crate) fn judge_absent(name: &str, packages: &Packages) -> Finding {
    const EXPECTED: &str = "not installed";
    match packages.state(name) {
        Fact::Is(State::Gone) | Fact::Absent => Finding::Held,
        Fact::Is(State::Partly(status)) => Finding::broken(EXPECTED, shown(&status)),
        Fact::Is(State::There(version)) if version == "-" => Finding::broken(EXPECTED, "installed"),
        Fact::Is(State::There(version)) => {
            Finding::broken(EXPECTED, shown(&format!("installed, version {version}")))
        }
        Fact::Unknown { why } => Finding::Unknown { why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tests::facts;

    fn packages(manager: &str, said: &str) -> Packages {
        Packages::of(&facts(&[("manager", "", manager), ("packages", "0", said)]))
    }

    #[track_caller]
    fn check(packages: &Packages, name: &str, expect: Option<bool>) {
        let there = match (judge_installed(name, packages), judge_absent(name, packages)) {
            (Finding::Held, Finding::Broken { .. }) => Some(true),
            (Finding::Broken { .. }, Finding::Held) => Some(false),
            (Finding::Unknown { .. }, Finding::Unknown { .. }) => None,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(there, expect, "{name}");
    }

    #[test]
    fn each_manager_is_understood() {
        let dpkg = "have telnet config-files 0.17 amd64\nhave libc6 installed 2.36 amd64\nhave libc6 installed 2.36 i386\n\
                    dpkg-query: no packages found matching nginx\nhave man-db triggers-pending 2 amd64\nhave gone not-installed  amd64\n\
                    have zlib not-installed  i386\nhave zlib installed 1 amd64\nhave zlib config-files 1 armhf";
        let rpm = "have bash installed 5.2-1.el9 x86_64\npackage nginx is not installed";
        let pacman = "bash 5.2.037-1\nerror: package 'nginx' was not found";
        let apk = "have busybox installed - -\nlack nginx";
        for (manager, said, there, gone) in [
            (
                "dpkg",
                dpkg,
                &["libc6", "libc6:i386", "man-db", "zlib"][..],
                &["telnet", "nginx", "gone", "zlib:i386"][..],
            ),
            ("rpm", rpm, &["bash"], &["nginx"]),
            ("pacman", pacman, &["bash"], &["nginx"]),
            ("apk", apk, &["busybox"], &["nginx"]),
        ] {
            let packages = packages(manager, said);
            there.iter().for_each(|name| check(&packages, name, Some(true)));
            gone.iter().for_each(|name| check(&packages, name, Some(false)));
            for unknown in ["curl", "a*", "-a", "a b", ""] {
                check(&packages, unknown, None);
            }
        }
    }

    #[test]
    fn a_manager_that_fails_says_nothing_about_a_package() {
        let broken = packages(
            "dpkg",
            "dpkg-query: error: failed to open package info file: Permission denied",
        );
        let Finding::Unknown { why } = judge_absent("nginx", &broken) else {
            panic!("it is not known")
        };
        assert!(why.contains("Permission denied"), "{why}");
        check(&packages("zypper", "have nginx installed 1 x"), "nginx", None);
        let none = Packages::of(&facts(&[
            ("manager", "", "?nobody"),
            ("packages", "0", "have nginx installed 1 x"),
        ]));
        check(&none, "nginx", None);
    }

    #[test]
    fn what_is_half_there_is_neither() {
        let packages = packages("dpkg", "have nginx half-configured 1 amd64");
        assert_eq!(
            judge_installed("nginx", &packages),
            Finding::broken("installed", "half-configured")
        );
        assert_eq!(
            judge_absent("nginx", &packages),
            Finding::broken("not installed", "half-configured")
        );
    }
}
