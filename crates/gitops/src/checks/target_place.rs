//! A target keeps each artefact at a place of its own, below its root.

use std::collections::BTreeSet;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::{Target, Via};

/// A target keeps each artefact at a place of its own, below its root.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT007"),
        name: "target-place",
        severity: Severity::Error,
        summary: "A target keeps each artefact at a place of its own, below its root.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Two artefacts in one file overwrite each other with every apply; a place outside of the target's root belongs to
somebody else. A play and a configuration keep no files at all: give the artefact to a target that does.

Fails:

```yaml
apiVersion: council/v1
kind: Target
metadata: {name: edge}
spec:
  via: {directory: {path: targets/edge}}
  artefacts: [{name: network/vlans, to: ../vlans.yaml}]
```

Mended:

```yaml
apiVersion: council/v1
kind: Target
metadata: {name: edge}
spec:
  via: {directory: {path: targets/edge}}
  artefacts: [{name: network/vlans, to: vlans.yaml}]
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(target) = resource.typed::<Target>() else { return };
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for placed in &target.spec.artefacts {
        let to = placed.to.value.as_str();
        let message = if let Some(tool) = runs(&target.spec.via) {
            format!(
                "{} cannot be kept there: {tool} runs, and keeps no files",
                diag::words::quote(to)
            )
        } else if !is_below(to) {
            format!("{} does not stay below the target's root", diag::words::quote(to))
        } else if !taken.insert(to) {
            format!("{} is kept twice", diag::words::quote(to))
        } else {
            continue;
        };
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(placed.to.span), message)
                .why("every file of a target is one artefact's")
                .hint("name a relative path that no other artefact of a target with files has")
                .subject(resource.id.to_string()),
        );
    }
}

/// The tool behind a target that keeps no files.
fn runs(via: &Via) -> Option<&'static str> {
    match via {
        Via::Directory(_) | Via::Git(_) | Via::Http(_) => None,
        Via::Ansible(_) => Some("a play"),
        Via::Terraform(_) => Some("a configuration"),
    }
}

fn is_below(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".." | ".council"))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn places_outside_and_places_twice_are_found() {
        TRIAL.finds(
            &RULE,
            "Target/a: {via: {directory: {path: x}}, artefacts: [{name: a, to: /etc/passwd}, {name: a, to: b/../../c}]}
             Target/b: {via: {directory: {path: x}}, artefacts: [{name: a, to: one}, {name: b, to: one}]}",
            &[
                ("/etc/passwd", "`/etc/passwd` does not stay below the target's root"),
                ("b/../../c", "`b/../../c` does not stay below the target's root"),
                ("one", "`one` is kept twice"),
            ],
        );
    }

    #[test]
    fn what_runs_keeps_no_files() {
        TRIAL.finds(
            &RULE,
            "Target/a: {via: {ansible: {directory: x, playbook: site.yaml}}, artefacts: [{name: a, to: one}]}
             Target/b: {via: {terraform: {directory: x}}}",
            &[("one", "`one` cannot be kept there: a play runs, and keeps no files")],
        );
    }

    #[test]
    fn a_place_each_is_right() {
        TRIAL.finds(
            &RULE,
            "Target/a: {via: {directory: {path: x}}, artefacts: [{name: a, to: one}, {name: a, to: two/one}]}",
            &[],
        );
    }
}
