//! The organization's own policies: `policies/*.cedar` say who may do what, `policies/**/*.rego` what a plan must not do.
//!
//! They are a part of the playbook: `council check` reports what is wrong in them like anything else, and a
//! playbook with a broken policy does not become current.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diag::{Code, Diagnostic, Place, RuleInfo, Severity, Sources, Span};
use guardrail::Guardrails;
use policy::Authorizer;

use crate::limits::{MAX_POLICIES, MAX_POLICY_BYTES};

/// Where policies stand below the playbook's root.
const DIRECTORY: &str = "policies";

/// The pages of what can be wrong in a policy, for `council explain`.
pub static RULES: [&RuleInfo; 5] = [&SYNTAX, &TYPES, &DUPLICATE, &UNREADABLE, &GUARDRAIL];

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

static GUARDRAIL: RuleInfo = RuleInfo {
    code: Code("POL005"),
    name: "guardrail-broken",
    severity: Severity::Error,
    summary: "A guardrail is written in Rego.",
    page: "\
A file `policies/**/*.rego` that cannot be read as Rego v1 would let every plan pass, so it is an error. The
conventions are conftest's: rules called `deny` or `warn`, the plan as `input`.

Fails:
```rego
package main
deny contains msg if input.steps[_].action = msg := \"no\"
```
Mended:
```rego
package main
deny contains msg if {
  some step in input.steps
  step.action == \"destroy\"
  msg := sprintf(\"%v would be destroyed\", [step.resource.name])
}
```
",
};

/// The policy files of a playbook, by name.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    texts: BTreeMap<Arc<str>, String>,
    unreadable: Vec<Diagnostic>,
    guardrails: Option<Guardrails>,
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
        for (at, path) in files_below(&root.join(DIRECTORY)).iter().enumerate() {
            let Ok(file) = path.strip_prefix(root) else { continue };
            let name: Arc<str> = file.to_string_lossy().into();
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
        match Guardrails::new(&policies.rego()) {
            Ok(guardrails) => policies.guardrails = Some(guardrails),
            Err(faults) => {
                let found = faults.iter().map(|fault| policies.of_fault(fault));
                let found: Vec<_> = found.collect();
                policies.unreadable.extend(found);
            }
        }
        policies
    }

    /// What plans must keep to. Nothing while a guardrail is broken: then no plan passes, and the playbook does not
    /// become current anyway.
    pub fn guardrails(&self) -> Option<&Guardrails> {
        self.guardrails.as_ref()
    }

    fn rego(&self) -> Vec<(String, String)> {
        let found = self.texts.iter().filter(|(name, _)| name.ends_with(".rego"));
        found.map(|(name, text)| (name.to_string(), text.clone())).collect()
    }

    fn of_fault(&self, fault: &guardrail::Fault) -> Diagnostic {
        let line = fault.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
        let text = self.texts.get(&*fault.file).map_or("", String::as_str);
        let start: usize =
            text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let length = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let place =
            Place::new(fault.file.clone(), Span::new(offset(start), offset(start + length)));
        let diagnostic = Diagnostic::new(&GUARDRAIL, place, fault.message.clone());
        match &fault.hint {
            Some(hint) => diagnostic.hint(hint.clone()),
            None => diagnostic,
        }
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
        let found = self.texts.iter().filter(|(name, _)| name.ends_with(".cedar"));
        found.map(|(name, text)| (&**name, text.as_str())).collect()
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

/// The policy files below a directory, in order. Links are not followed: they may lead anywhere, also in circles.
fn files_below(directory: &Path) -> Vec<PathBuf> {
    let (mut found, mut waiting) = (Vec::new(), vec![directory.to_owned()]);
    while let Some(directory) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&directory) else { continue };
        for entry in entries.flatten() {
            let (path, kind) = (entry.path(), entry.file_type());
            if kind.as_ref().is_ok_and(std::fs::FileType::is_dir) {
                waiting.push(path);
            } else if is_policy(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Says whether a file is a policy by its name.
pub(crate) fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "cedar" || extension == "rego")
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
