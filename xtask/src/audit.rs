//! What we build from: licences, sources, forbidden crates and known vulnerabilities of every dependency.
//!
//! Licences, sources and bans are judged from what Cargo itself has fetched. The advisory database is a repository elsewhere; where
//! it cannot be reached the check is left out, and the test command says so at its end.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::{install, process, say};

/// Judges the dependencies; returns what was left out.
pub(crate) fn run(root: &Path) -> anyhow::Result<Vec<String>> {
    let Some(deny) = tool(root) else {
        return Ok(vec![
            "licences, sources and advisories of dependencies: no `cargo-deny`".into(),
        ]);
    };
    let deny = deny.to_string_lossy();
    process::run(root, &[&deny, "check", "bans", "licenses", "sources"])?;
    let asked = [&*deny, "check", "advisories"];
    say(&format!("$ {}", asked.join(" ")));
    let said = process::attempt(root, &asked)?;
    match judge(&said) {
        Advisories::Clean => Ok(Vec::new()),
        Advisories::OutOfReach => Ok(vec![
            "known vulnerabilities of dependencies: the advisory database cannot be reached".into(),
        ]),
        Advisories::Found => {
            say(&said.text);
            bail!("`{}` found what must not ship", asked.join(" "))
        }
    }
}

/// `cargo-deny`, where the test command installs it or on the search path.
fn tool(root: &Path) -> Option<PathBuf> {
    let made = root.join(install::PYTHON).join("bin/cargo-deny");
    if made.is_file() {
        return Some(made);
    }
    process::exists("cargo-deny").then(|| PathBuf::from("cargo-deny"))
}

/// What became of the question for advisories.
#[derive(Debug, PartialEq, Eq)]
enum Advisories {
    Clean,
    Found,
    OutOfReach,
}

/// A database that could not be fetched is not a clean bill; anything else that fails is a finding.
fn judge(said: &process::Said) -> Advisories {
    const OUT_OF_REACH: [&str; 3] = [
        "failed to fetch advisory database",
        "unable to load advisory database",
        "failed to load advisory database",
    ];
    if said.succeeded {
        return Advisories::Clean;
    }
    let away = OUT_OF_REACH.iter().any(|words| said.text.contains(words));
    if away { Advisories::OutOfReach } else { Advisories::Found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(succeeded: bool, text: &str, expected: &Advisories) {
        assert_eq!(&judge(&process::Said { succeeded, text: text.to_owned() }), expected);
    }

    #[test]
    fn an_advisory_fails_the_test_command_and_a_database_out_of_reach_is_left_out() {
        check(true, "advisories ok", &Advisories::Clean);
        check(false, "error[vulnerability]: RUSTSEC-2099-0001", &Advisories::Found);
        check(false, "error: failed to fetch advisory database https://…", &Advisories::OutOfReach);
        check(false, "", &Advisories::Found);
    }
}
