//! The organization's own policies: `policies/*.cedar` say who may do what, `policies/**/*.rego` what a plan must not do.
//!
//! They are a part of the playbook: `council check` reports what is wrong in them like anything else, and a
//! playbook with a broken policy does not become current.

mod rules;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diag::{Diagnostic, Place, Sources, Span};
use guardrail::Guardrails;
use playbook::Model;
use policy::Authorizer;

pub use self::rules::RULES;
use self::rules::{DUPLICATE, GUARDRAIL, IDLE, NOBODY, SYNTAX, TYPES, UNREADABLE};

use crate::limits::{MAX_POLICIES, MAX_POLICY_BYTES};

/// Where policies stand below the playbook's root.
const DIRECTORY: &str = "policies";

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
            Ok(guardrails) => policies.guardrails = Some(guardrails.on_all_processors()),
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

    /// Everything that is wrong in them, beside the playbook whose people they name.
    pub fn diagnostics(&self, model: &Model) -> Vec<Diagnostic> {
        let mut found = self.unreadable.clone();
        found.extend(policy::check(&self.files()).into_iter().map(diagnostic));
        let named = policy::literals(&self.files()).into_iter();
        found.extend(named.filter_map(|literal| nobody(literal, model)));
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
        policy::Code::Idle => &IDLE,
    };
    let place = Place::new(finding.file, span(finding.start, finding.end));
    let diagnostic = Diagnostic::new(rule, place, finding.message);
    match finding.hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// What to say of somebody whom a policy names and the playbook does not declare.
fn nobody(literal: policy::Literal, model: &Model) -> Option<Diagnostic> {
    let policy::Literal { file, start, end, slug, name } = literal;
    // Service accounts are named as people are, with their kind before the name.
    let (slug, name) = match name.split_once('/') {
        Some((kind, name)) if slug == "person" => (kind, name),
        Some(_) | None => (slug, name.as_str()),
    };
    if model.find(slug, name).is_some() {
        return None;
    }
    let place = Place::new(file, span(start, end));
    let words = format!("the playbook declares no `{slug}/{name}`");
    let hint = match nearest(model, slug, name) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "name somebody of the playbook, or remove the policy".to_owned(),
    };
    Some(Diagnostic::new(&NOBODY, place, words).hint(hint))
}

/// The name that somebody who mistyped one may have had in mind.
pub(crate) fn nearest<'m>(model: &'m Model, slug: &str, name: &str) -> Option<&'m str> {
    let known = model.of_slug(slug).map(|resource| &*resource.id.name);
    let apart = known.map(|known| (strsim::osa_distance(known, name), known));
    // One slip, and one more for every four letters; short names do not resemble each other by accident.
    apart.min().filter(|(slips, _)| *slips <= 1 + name.len() / 4).map(|(_, known)| known)
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &[u8], code: &str) {
        let root = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(root.path().join(DIRECTORY)).expect("a directory");
        std::fs::write(root.path().join("policies/own.cedar"), text).expect("a file");
        let found = Policies::read(root.path()).diagnostics(&Model::default());
        assert_eq!(found.first().map(|finding| finding.code.0), Some(code), "{found:?}");
        assert_eq!(&*found[0].place.file, "policies/own.cedar");
    }

    #[test]
    fn what_is_wrong_in_a_policy_is_a_diagnostic_of_the_playbook() {
        check(b"permit (principal, action resource);", "POL001");
        check(br#"permit (principal, action == Action::"nothing", resource);"#, "POL002");
        check(br#"@id("members-propose") permit (principal, action, resource);"#, "POL003");
        check(b"\xff\xfe", "POL004");
        check(br"permit (principal, action, resource) when { false };", "POL006");
        check(br#"permit (principal in Team::"nobody", action, resource);"#, "POL007");
    }

    #[test]
    fn an_idle_policy_does_not_take_the_others_away() {
        let root = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(root.path().join(DIRECTORY)).expect("a directory");
        let text = "permit (principal, action, resource) when { false };\n@id(\"mine\") forbid (principal, action, resource);";
        std::fs::write(root.path().join("policies/own.cedar"), text).expect("a file");
        let authorizer = Policies::read(root.path()).authorizer();
        assert!(authorizer.policy("mine").is_some(), "the policy that forbids still counts");
    }

    #[test]
    fn a_playbook_without_policies_is_fine() {
        let root = tempfile::tempdir().expect("a directory");
        assert_eq!(Policies::read(root.path()).diagnostics(&Model::default()), Vec::new());
    }
}
