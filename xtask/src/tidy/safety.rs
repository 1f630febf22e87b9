//! Memory safety is the compiler's matter: every crate of ours forbids `unsafe`.

use crate::tidy::tree::Tree;

/// Finds crates that do not take the workspace's lints, and a workspace that no longer forbids.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    let workspace = tree.files.get("Cargo.toml").map_or("", String::as_str);
    if !workspace.contains("\nunsafe_code = \"forbid\"\n") {
        findings
            .push("Cargo.toml: the workspace's lints must say `unsafe_code = \"forbid\"`".into());
    }
    for (path, text) in tree.below("", "/Cargo.toml") {
        if !path.starts_with("fuzz/") && !text.contains("[lints]\nworkspace = true") {
            findings
                .push(format!("{path}: takes no lints of the workspace, which forbid `unsafe`"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_of_ours_forbids_unsafe_code() {
        let workspace = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";
        let good = ("crates/a/Cargo.toml", "[lints]\nworkspace = true\n");
        assert!(check(&Tree::of(&[("Cargo.toml", workspace), good])).is_empty());
        let bad = ("crates/b/Cargo.toml", "[dependencies]\n");
        assert_eq!(check(&Tree::of(&[("Cargo.toml", workspace), good, bad])).len(), 1);
        assert_eq!(check(&Tree::of(&[("Cargo.toml", "[workspace]\n"), good])).len(), 1);
        let ours = check(&Tree::read(&crate::root()).unwrap());
        assert!(ours.is_empty(), "{ours:?}");
    }
}
