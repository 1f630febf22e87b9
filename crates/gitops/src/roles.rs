//! The structure of Ansible roles, held against the standard of the playbook.
//!
//! A standard groups roles by domain (`base_os`, `k8s_node`, `openstack_compute`). A repository is looked at by the paths
//! of its files alone: which roles there are, whether each belongs to a domain, and whether each has what a role is
//! called by.
//!
//! Invariants: pure; findings are in the order of the roles.
//!
//! Absent on purpose: what stands in the files. That tasks settle is proven by running them twice, and style is
//! looked at by Ansible's own tools.

use std::collections::{BTreeMap, BTreeSet};

use playbook::Model;
use serde::Serialize;

use crate::kinds::AnsibleStandard;

/// Something about a role that is not as the standard says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleFinding {
    /// The role.
    pub role: String,
    /// What is wrong, in a sentence.
    pub text: String,
    /// What to do.
    pub hint: String,
}

/// What the paths of a repository say about its roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Roles {
    /// The roles that are there, by domain.
    pub by_domain: BTreeMap<String, Vec<String>>,
    /// What is not as it should be.
    pub findings: Vec<RoleFinding>,
}

/// Looks at the paths of a repository, relative to its root with `/` between. Nothing is found where no standard is
/// declared.
#[must_use]
pub fn roles<'p>(model: &Model, paths: impl IntoIterator<Item = &'p str>) -> Roles {
    let mut domains: BTreeMap<&str, &str> = BTreeMap::new();
    for standard in model.all::<AnsibleStandard>() {
        for domain in &standard.spec.domains {
            domains.extend(domain.roles.iter().map(|role| (role.as_str(), domain.domain.as_str())));
        }
    }
    let mut found = Roles::default();
    if domains.is_empty() {
        return found;
    }
    let there = by_role(paths);
    for (role, files) in &there {
        look(role, files, &domains, &mut found);
    }
    for (role, domain) in domains.iter().filter(|(role, _)| !there.contains_key(**role)) {
        found.findings.push(RoleFinding {
            role: (*role).to_owned(),
            text: format!("the standard names it for `{domain}`, and it is not there"),
            hint: "write it, or take it out of the standard".to_owned(),
        });
    }
    found.findings.sort_by(|left, right| left.role.cmp(&right.role));
    found
}

/// The files of each role, by their paths within it: what stands below a directory called `roles`.
fn by_role<'p>(paths: impl IntoIterator<Item = &'p str>) -> BTreeMap<&'p str, BTreeSet<&'p str>> {
    let mut roles: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in paths {
        let below = path.strip_prefix("roles/").or_else(|| Some(path.split_once("/roles/")?.1));
        let Some((role, file)) = below.and_then(|below| below.split_once('/')) else { continue };
        roles.entry(role).or_default().insert(file);
    }
    roles
}

fn look(role: &str, files: &BTreeSet<&str>, domains: &BTreeMap<&str, &str>, found: &mut Roles) {
    let mut say = |text: &str, hint: &str| {
        let (text, hint) = (text.to_owned(), hint.to_owned());
        found.findings.push(RoleFinding { role: role.to_owned(), text, hint });
    };
    let is_plain = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
    if !role.chars().all(is_plain) {
        say(
            "its name is not in lower case with `_` between",
            "rename its directory, such as `base_os`",
        );
    }
    let has = |directory: &str| {
        ["yml", "yaml"].iter().any(|end| files.contains(format!("{directory}/main.{end}").as_str()))
    };
    if !has("tasks") {
        say("it has no `tasks/main.yml`", "write one; a role without tasks does nothing");
    }
    if !has("meta") {
        say("it has no `meta/main.yml`", "say there who wrote it and what it depends on");
    }
    match domains.get(role) {
        Some(domain) => {
            found.by_domain.entry((*domain).to_owned()).or_default().push(role.to_owned());
        }
        None => say(
            "it belongs to no domain",
            "add it to `domains` of the Ansible standard, where its seat will see it",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::TRIAL;

    const STANDARD: &str = "AnsibleStandard/a: {idempotent: true, domains: [{domain: Operating system, roles: [base_os]}, {domain: Kubernetes, roles: [k8s_node]}], inventories: {sources: [], groups: []}}";

    fn found(paths: &[&str]) -> Roles {
        roles(TRIAL.read(STANDARD).model(), paths.iter().copied())
    }

    #[test]
    fn roles_of_a_domain_with_tasks_and_meta_are_right() {
        let found = found(&[
            "roles/base_os/tasks/main.yml",
            "roles/base_os/meta/main.yml",
            "ansible/roles/k8s_node/tasks/main.yaml",
            "ansible/roles/k8s_node/meta/main.yaml",
            "site.yml",
        ]);
        assert_eq!(found.findings, []);
        assert_eq!(found.by_domain["Kubernetes"], ["k8s_node"]);
    }

    #[test]
    fn every_way_to_be_wrong_is_named() {
        let found = found(&["roles/base_os/meta/main.yml", "roles/My-Role/tasks/main.yml"]);
        let said: Vec<String> =
            found.findings.iter().map(|one| format!("{}: {}", one.role, one.text)).collect();
        assert_eq!(
            said,
            [
                "My-Role: its name is not in lower case with `_` between",
                "My-Role: it has no `meta/main.yml`",
                "My-Role: it belongs to no domain",
                "base_os: it has no `tasks/main.yml`",
                "k8s_node: the standard names it for `Kubernetes`, and it is not there",
            ]
        );
    }

    #[test]
    fn without_a_standard_nothing_is_said() {
        let empty = TRIAL.read("");
        assert_eq!(roles(empty.model(), ["roles/x/y"]), Roles::default());
    }
}
