//! The organization's own policies: `policies/*.cedar` of the playbook.
//!
//! They are a part of the playbook: `council check` reports what is wrong in them like anything else, and a
//! playbook with a broken policy does not become current.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use diag::{Code, Diagnostic, Place, RuleInfo, Severity, Sources, Span};
use policy::Authorizer;

use crate::limits::{MAX_POLICIES, MAX_POLICY_BYTES};

/// Where policies stand below the playbook's root.
const DIRECTORY: &str = "policies";

/// The pages of what can be wrong in a policy, for `council explain`.
pub static RULES: [&RuleInfo; 4] = [&SYNTAX, &TYPES, &DUPLICATE, &UNREADABLE];

static SYNTAX: RuleInfo = RuleInfo {
    code: Code("POL001"),
    name: "policy-syntax",
    severity: Severity::Error,
    summary: "A policy file is written in Cedar.",
    page: "\
A file below `policies/` that cannot be read as Cedar would silently not apply, so it is an error.

Fails:
```cedar
permit (principal, action resource);
```
Mended:
```cedar
permit (principal, action, resource);
```
",
};

static TYPES: RuleInfo = RuleInfo {
    code: Code("POL002"),
    name: "policy-types",
    severity: Severity::Error,
    summary: "A policy names actions and attributes that exist, and compares what can be compared.",
    page: "\
A policy about an action that does not exist never applies, and nobody would notice. The actions and attributes
are those of the schema `docs/policies.cedarschema`.

Fails:
```cedar
permit (principal, action == Action::\"decision.vot\", resource);
```
Mended:
```cedar
permit (principal in Team::\"payments\", action == Action::\"decision.vote\", resource);
```
",
};

static DUPLICATE: RuleInfo = RuleInfo {
    code: Code("POL003"),
    name: "policy-name-taken",
    severity: Severity::Error,
    summary: "Every policy has a name of its own.",
    page: "\
Denials name the policy that decided; two policies of one name could not be told apart. The names of the
built-in policies are taken, too: they are not replaced, but a `forbid` of one's own always wins.

Fails:
```cedar
@id(\"deciding-seats-vote\")
forbid (principal, action == Action::\"decision.vote\", resource);
```
Mended:
```cedar
@id(\"nobody-votes-in-the-freeze\")
forbid (principal, action == Action::\"decision.vote\", resource);
```
",
};

static UNREADABLE: RuleInfo = RuleInfo {
    code: Code("POL004"),
    name: "policy-unreadable",
    severity: Severity::Error,
    summary: "A policy file can be read.",
    page: "\
A policy that cannot be read might forbid something; going on without it would permit what it forbids. Policy
files are UTF-8 text of at most 256 KiB, and there are at most 200 of them.

Fails: a file `policies/freeze.cedar` in UTF-16, or without permission to read it.

Mended: the same file in UTF-8, readable by the user that runs `council`.
",
};

/// The policy files of a playbook, by name.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    texts: BTreeMap<Arc<str>, String>,
    unreadable: Vec<Diagnostic>,
}

impl Sources for Policies {
    fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(String::as_str)
    }
}

impl Policies {
    /// Reads the files below `policies/` of a playbook; none is fine.
    pub fn read(root: &Path) -> Self {
        let mut policies = Self::default();
        let Ok(entries) = std::fs::read_dir(root.join(DIRECTORY)) else { return policies };
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "cedar"));
        paths.sort();
        for (at, path) in paths.iter().enumerate() {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let name: Arc<str> = format!("{DIRECTORY}/{file}").into();
            match read_file(path, at) {
                Ok(text) => {
                    policies.texts.insert(name, text);
                }
                Err(why) => policies.unreadable.push(
                    Diagnostic::new(&UNREADABLE, Place::whole_file(name), why)
                        .hint("Make it a readable UTF-8 text, or remove it"),
                ),
            }
        }
        policies
    }

    /// Everything that is wrong in them.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut found = self.unreadable.clone();
        found.extend(policy::check(&self.files()).into_iter().map(diagnostic));
        diag::sort(&mut found);
        found
    }

    /// The authorizer with these policies; with the built-in ones alone while something is wrong in them, and
    /// then the playbook does not become current anyway.
    pub fn authorizer(&self) -> Authorizer {
        Authorizer::new(&self.files()).unwrap_or_else(|_| Authorizer::built_in())
    }

    fn files(&self) -> Vec<(&str, &str)> {
        self.texts.iter().map(|(name, text)| (&**name, text.as_str())).collect()
    }

    /// How many files there are, also those that cannot be read.
    pub fn count(&self) -> usize {
        self.texts.len() + self.unreadable.len()
    }

    /// What identifies them, for the playbook's revision.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(name, text)| (&**name, text.as_str()))
    }
}

fn read_file(path: &Path, at: usize) -> Result<String, String> {
    if at >= MAX_POLICIES {
        return Err(format!("there are more than {MAX_POLICIES} policy files"));
    }
    let size =
        std::fs::metadata(path).map_err(|error| format!("it cannot be read: {error}"))?.len();
    if size > MAX_POLICY_BYTES {
        return Err(format!(
            "it has {size} bytes, more than the {MAX_POLICY_BYTES} of a policy file"
        ));
    }
    std::fs::read_to_string(path).map_err(|error| format!("it cannot be read: {error}"))
}

fn diagnostic(finding: policy::Finding) -> Diagnostic {
    let rule = match finding.code {
        policy::Code::Syntax => &SYNTAX,
        policy::Code::Types => &TYPES,
        policy::Code::Duplicate => &DUPLICATE,
    };
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span::new(offset(finding.start), offset(finding.end));
    let diagnostic = Diagnostic::new(rule, Place::new(finding.file, span), finding.message);
    match finding.hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &[u8], code: &str) {
        let root = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(root.path().join(DIRECTORY)).expect("a directory");
        std::fs::write(root.path().join("policies/own.cedar"), text).expect("a file");
        let found = Policies::read(root.path()).diagnostics();
        assert_eq!(found.first().map(|finding| finding.code.0), Some(code), "{found:?}");
        assert_eq!(&*found[0].place.file, "policies/own.cedar");
    }

    #[test]
    fn what_is_wrong_in_a_policy_is_a_diagnostic_of_the_playbook() {
        check(b"permit (principal, action resource);", "POL001");
        check(br#"permit (principal, action == Action::"nothing", resource);"#, "POL002");
        check(br#"@id("members-propose") permit (principal, action, resource);"#, "POL003");
        check(b"\xff\xfe", "POL004");
    }

    #[test]
    fn a_playbook_without_policies_is_fine() {
        let root = tempfile::tempdir().expect("a directory");
        assert_eq!(Policies::read(root.path()).diagnostics(), Vec::new());
    }
}
