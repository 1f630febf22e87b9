//! The dependency law: which room may use which. Arrows point one way.
//!
//! The table here and the one in ARCHITECTURE.md are the same table; a new edge changes both, and a
//! reviewer sees it twice.

use crate::tidy::tree::Tree;

/// Room and what it may use. Seat crates (`network`, `fleet`, …) share one line of the law.
const LAW: [(&str, &[&str]); 31] = [
    ("diag", &[]),
    ("playbook", &["diag"]),
    ("trial", &["diag", "playbook"]),
    ("ledger", &[]),
    ("ledger-postgres", &["ledger"]),
    ("plan", &[]),
    ("org", &["diag", "playbook"]),
    ("governance", &["diag", "playbook", "ledger", "org"]),
    ("network", SEAT),
    ("gitops", &["diag", "playbook", "ledger", "org", "governance", "plan"]),
    ("reliability", RECORDING_SEAT),
    ("finops", SEAT),
    ("desk", SEAT),
    ("talent", SEAT),
    ("tenancy", SEAT),
    // Machines become resources of plans, as files of targets do in `gitops`.
    ("fleet", &["diag", "playbook", "ledger", "org", "governance", "plan"]),
    ("estate", &[]),
    ("boot", &[]),
    ("policy", &[]),
    ("guardrail", &[]),
    ("oidc", &[]),
    ("signals", &[]),
    ("redfish", &[]),
    ("probe", &[]),
    ("harden", &[]),
    ("otlp", &[]),
    ("webpush", &[]),
    ("systems", &["diag", "plan", "gitops", "playbook", "fleet"]),
    ("lsp", &["diag", "playbook"]),
    (
        "server",
        &[
            "diag",
            "playbook",
            "ledger",
            "org",
            "governance",
            "policy",
            "plan",
            "gitops",
            "reliability",
            "fleet",
            "guardrail",
            "systems",
            "signals",
            "oidc",
            "probe",
            "otlp",
            "webpush",
        ],
    ),
    (
        "cli",
        &[
            "diag",
            "playbook",
            "ledger",
            "ledger-postgres",
            "org",
            "governance",
            "policy",
            "server",
            "lsp",
            "network",
            "gitops",
            "reliability",
            "finops",
            "desk",
            "talent",
            "tenancy",
            "fleet",
            "estate",
            "boot",
            "plan",
            "guardrail",
            "systems",
            "redfish",
            "probe",
            "harden",
        ],
    ),
];

/// What the crate of a seat may use: the foundation, the shared vocabulary, and how a document is made.
const SEAT: &[&str] = &["diag", "playbook", "org", "governance"];

/// A seat with a record of its own also folds the ledger.
const RECORDING_SEAT: &[&str] = &["diag", "playbook", "ledger", "org", "governance"];

/// Finds edges that the law does not allow.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let rooms: Vec<&str> = LAW.iter().map(|(room, _)| *room).collect();
    let mut findings = Vec::new();
    for (path, manifest) in tree.below("crates/", "/Cargo.toml") {
        let room = path.trim_start_matches("crates/").trim_end_matches("/Cargo.toml");
        let Some((_, allowed)) = LAW.iter().find(|(name, _)| *name == room) else {
            findings.push(format!("{path}: the room `{room}` is not in the dependency law; add it to xtask/src/tidy/law.rs and ARCHITECTURE.md"));
            continue;
        };
        for used in dependencies(manifest).filter(|name| rooms.contains(name)) {
            if !allowed.contains(&used) {
                findings.push(format!(
                    "{path}: `{room}` may not use `{used}`; it may use: {}",
                    list(allowed)
                ));
            }
        }
    }
    findings
}

/// Compares the table in ARCHITECTURE.md with the law.
pub(crate) fn check_document(tree: &Tree) -> Vec<String> {
    let document = tree.files.get("ARCHITECTURE.md").map_or("", String::as_str);
    LAW.iter()
        .map(|(room, allowed)| format!("| `{room}` | {} |", list(allowed)))
        .filter(|row| !document.contains(row.as_str()))
        .map(|row| format!("ARCHITECTURE.md: the dependency law lacks the row: {row}"))
        .collect()
}

fn list(rooms: &[&str]) -> String {
    match rooms {
        [] => "nothing of ours".to_owned(),
        rooms => rooms.join(", "),
    }
}

/// Names in `[dependencies]`; development dependencies may point anywhere.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_against_the_law_is_named() {
        let manifest = "[package]\n\n[dependencies]\nserver.workspace = true\n\n[dev-dependencies]\ncli.workspace = true\n";
        let findings = check(&Tree::of(&[("crates/org/Cargo.toml", manifest)]));
        assert_eq!(
            findings,
            ["crates/org/Cargo.toml: `org` may not use `server`; it may use: diag, playbook"]
        );
    }

    #[test]
    fn a_room_outside_the_law_is_named() {
        let findings = check(&Tree::of(&[("crates/utils/Cargo.toml", "[dependencies]\n")]));
        assert_eq!(findings.len(), 1, "{findings:?}");
    }
}
