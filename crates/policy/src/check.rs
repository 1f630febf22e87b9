//! Checking policy files: syntax, names, types. Findings point into the file.

use std::collections::BTreeMap;

use cedar_policy::{Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};
use miette::Diagnostic;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The text is not Cedar.
    Syntax,
    /// A policy names what does not exist, or compares what cannot be compared.
    Types,
    /// Two policies have one name.
    Duplicate,
    /// A policy can never decide anything.
    Idle,
}

impl Code {
    /// Says whether nothing may be decided by such a file; an idle policy harms nobody but its author's hopes.
    pub fn is_error(self) -> bool {
        match self {
            Self::Syntax | Self::Types | Self::Duplicate => true,
            Self::Idle => false,
        }
    }
}

/// One thing that is wrong in a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of problem.
    pub code: Code,
    /// The file, as it was named.
    pub file: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What to do now.
    pub hint: Option<String>,
}

/// Policies under their own names, each with the file it came from.
pub(crate) struct Read {
    pub(crate) policies: Vec<Policy>,
    pub(crate) findings: Vec<Finding>,
}

/// Checks policy files, given as name and text, against the schema and each other.
pub fn check(files: &[(&str, &str)]) -> Vec<Finding> {
    if files.is_empty() {
        return Vec::new();
    }
    let schema = crate::authorizer::parsed_schema();
    let mut names = built_in_names();
    let mut findings = Vec::new();
    for (file, text) in files {
        let named = read(file, text, &mut names);
        findings.extend(named.findings);
        findings.extend(types(schema, file, text, &named.policies));
    }
    findings
}

fn built_in_names() -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    read("the built-in policies", crate::BUILT_IN, &mut names);
    names
}

/// Reads one file and names its policies: by `@id`, else by file and number.
pub(crate) fn read(file: &str, text: &str, names: &mut BTreeMap<String, String>) -> Read {
    let set: PolicySet = match text.parse() {
        Ok(set) => set,
        Err(errors) => {
            let errors: cedar_policy::ParseErrors = errors;
            let findings = errors.iter().map(|error| finding(Code::Syntax, file, text, error));
            return Read { policies: Vec::new(), findings: findings.collect() };
        }
    };
    let mut parsed: Vec<&Policy> = set.policies().collect();
    // The reader numbers them `policy0`, `policy1` … in the order of the file.
    parsed.sort_by_key(|policy| number(policy.id()));
    let mut named = Read { policies: Vec::new(), findings: Vec::new() };
    for (at, policy) in parsed.into_iter().enumerate() {
        let name = policy
            .annotation("id")
            .filter(|id| !id.is_empty())
            .map_or_else(|| format!("{file}#{}", at + 1), str::to_owned);
        if let Some(first) = names.insert(name.clone(), file.to_owned()) {
            named.findings.push(duplicate(file, text, &name, &first));
            continue;
        }
        named.policies.push(policy.new_id(PolicyId::new(name)));
    }
    named
}

fn number(id: &PolicyId) -> usize {
    let text: &str = id.as_ref();
    text.trim_start_matches("policy").parse().unwrap_or(usize::MAX)
}

fn duplicate(file: &str, text: &str, name: &str, first: &str) -> Finding {
    let quoted = format!("\"{name}\"");
    let start = text.rfind(&quoted).unwrap_or_default();
    Finding {
        code: Code::Duplicate,
        file: file.to_owned(),
        start,
        end: (start + quoted.len()).min(text.len()),
        message: format!("the policy `{name}` exists already in {first}"),
        hint: Some("Give it an `@id` of its own; built-in policies are not replaced".to_owned()),
    }
}

fn types(schema: &Schema, file: &str, text: &str, policies: &[Policy]) -> Vec<Finding> {
    let mut set = PolicySet::new();
    for policy in policies {
        set.add(policy.clone()).expect("BUG: names were made unique before");
    }
    let result = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
    let mut findings: Vec<Finding> =
        result.validation_errors().map(|error| finding(Code::Types, file, text, error)).collect();
    // A policy that does not type can be idle, too, and for the same reason: one fault is one finding.
    let broken: Vec<(usize, usize)> =
        findings.iter().map(|found| (found.start, found.end)).collect();
    let idle = result.validation_warnings().map(|warning| finding(Code::Idle, file, text, warning));
    let holds =
        |idle: &Finding| !broken.iter().any(|&(start, end)| idle.start <= start && end <= idle.end);
    findings.extend(idle.filter(holds));
    findings.sort_by(|left, right| {
        (left.start, left.end, &left.message).cmp(&(right.start, right.end, &right.message))
    });
    findings
}

fn finding(code: Code, file: &str, text: &str, error: &dyn Diagnostic) -> Finding {
    let label = error.labels().and_then(|mut labels| labels.next());
    let (start, end) = label.map_or((0, text.len()), |label| {
        let start = label.offset().min(text.len());
        (start, (start + label.len()).min(text.len()))
    });
    let hint = error.help().map(|help| help.to_string());
    Finding { code, file: file.to_owned(), start, end, message: error.to_string(), hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(text: &str, code: Code, excerpt: &str, words: &str) {
        let findings = check(&[("policies/own.cedar", text)]);
        let found = findings.first().unwrap_or_else(|| panic!("nothing was found in {text}"));
        assert_eq!(found.code, code, "{found:?}");
        assert!(found.message.contains(words), "{found:?}");
        assert_eq!(text.get(found.start..found.end), Some(excerpt), "{found:?}");
    }

    #[test]
    fn the_built_in_policies_are_well_typed() {
        let schema = crate::authorizer::parsed_schema();
        let named = read("built_in.cedar", crate::BUILT_IN, &mut BTreeMap::new());
        assert_eq!(named.findings, Vec::new());
        assert_eq!(types(schema, "built_in.cedar", crate::BUILT_IN, &named.policies), Vec::new());
    }

    #[test]
    fn a_good_policy_has_no_findings() {
        let text = r#"permit (principal in Team::"payments", action == Action::"decision.propose", resource);"#;
        assert_eq!(check(&[("policies/own.cedar", text)]), Vec::new());
    }

    #[test]
    fn a_broken_text_is_found_where_it_breaks() {
        expect(
            "permit (principal, action resource);",
            Code::Syntax,
            "resource",
            "unexpected token",
        );
    }

    #[test]
    fn an_unknown_action_and_an_unknown_attribute_are_found() {
        expect(
            r#"permit (principal, action == Action::"decision.vot", resource);"#,
            Code::Types,
            r#"Action::"decision.vot""#,
            "decision.vot",
        );
        expect(
            r#"permit (principal, action == Action::"decision.vote", resource) when { principal.age > 3 };"#,
            Code::Types,
            "principal.age",
            "age",
        );
    }

    #[test]
    fn a_policy_that_never_decides_anything_is_found() {
        let text =
            r#"permit (principal, action == Action::"change.apply", resource) when { false };"#;
        expect(text, Code::Idle, text, "impossible");
    }

    #[test]
    fn every_fault_is_one_finding_at_its_own_place() {
        let text = r#"permit (principal, action == Action::"decision.vot", resource);
permit (principal, action == Action::"decision.vote", resource) when { principal.age > 3 && resource.nam == "x" };
forbid (principal, action == Action::"change.approve", resource) when { resource.kind == 3 };
"#;
        let found = check(&[("policies/own.cedar", text)]);
        let excerpts: Vec<_> = found.iter().filter_map(|it| text.get(it.start..it.end)).collect();
        assert_eq!(
            excerpts,
            [r#"Action::"decision.vot""#, "principal.age", "resource.nam", "resource.kind == 3"]
        );
    }

    #[test]
    fn two_policies_cannot_have_one_name() {
        let own = r#"@id("deciding-seats-vote") permit (principal, action, resource);"#;
        expect(own, Code::Duplicate, "\"deciding-seats-vote\"", "exists already");
    }
}
