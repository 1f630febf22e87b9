//! The branch's name: does it follow the policy, and does the incident that it names exist?

use diag::{Diagnostic, Place};
use playbook::{Model, Resource, Typed};

use super::facts::{Incidents, PullRequest};
use super::report::{Aspect, Part, State};
use super::rules::{BRANCH_NAME, INCIDENT};
use crate::branch::{Pattern, Reading};
use crate::kinds::{BranchPattern, BranchPolicy, Repository};

/// What a placeholder for an incident is called.
const INCIDENT_PLACEHOLDERS: [&str; 3] = ["incidentid", "incident-id", "incident"];

pub(super) fn check(
    model: &Model,
    request: &PullRequest,
    incidents: &Incidents,
) -> (Part, Vec<Diagnostic>) {
    let part = |state, text: String| Part::new(Aspect::Branch, state, text);
    let Some(name) = request.branch.as_deref() else {
        return (part(State::Skipped, "the branch's name is not known".to_owned()), Vec::new());
    };
    let policies = policies(model, request);
    if policies.is_empty() {
        return (
            part(State::Skipped, "no branch policy says what names mean".to_owned()),
            Vec::new(),
        );
    }
    let matching: Vec<Match<'_>> =
        policies.iter().flat_map(|policy| matches(*policy, name)).collect();
    let Some(first) = matching.first() else {
        return (
            part(State::Failed, format!("`{name}` follows no pattern")),
            misnamed(&policies, name),
        );
    };
    let purpose = first.pattern.purpose.trim_end_matches('.');
    let named: Vec<&str> = matching.iter().flat_map(Match::incidents).collect();
    // A pattern without an incident that matches as well makes the name fine without one.
    if named.is_empty() || matching.iter().any(|one| one.incidents().is_empty()) {
        return (part(State::Passed, format!("`{name}`: {purpose}")), Vec::new());
    }
    match incidents {
        Incidents::Unknown { why } => {
            let text = format!(
                "`{name}`: whether the incident exists could not be looked up, because {why}"
            );
            let finding = Diagnostic::new(&INCIDENT, first.place(), text.clone())
                .subject(first.resource.id.to_string())
                .hint("ask a running council: set COUNCIL_URL and COUNCIL_TOKEN");
            (
                part(State::Passed, text),
                vec![Diagnostic { severity: diag::Severity::Warning, ..finding }],
            )
        }
        Incidents::Known(known) => {
            let exists = |id: &&&str| known.iter().any(|one| one.eq_ignore_ascii_case(id));
            if let Some(id) = named.iter().find(exists) {
                return (part(State::Passed, format!("`{name}`: {purpose}, for {id}")), Vec::new());
            }
            let guess = likely(&named);
            let text = format!("there is no incident `{guess}`");
            let finding = Diagnostic::new(&INCIDENT, first.place(), text.clone())
                .why("a hotfix belongs to an incident, so that the incident's record says what was done")
                .hint("name an incident that exists, or use a branch for ordinary work")
                .subject(first.resource.id.to_string());
            (part(State::Failed, text), vec![finding])
        }
    }
}

/// Says whether the branch's name means an incident, so that somebody should look up which there are.
pub fn names_incident(model: &Model, request: &PullRequest) -> bool {
    let Some(name) = request.branch.as_deref() else { return false };
    let policies = policies(model, request);
    policies
        .iter()
        .flat_map(|policy| matches(*policy, name))
        .any(|found| !found.incidents().is_empty())
}

/// The policies that can apply: the repository's own, or else all of them.
fn policies<'m>(model: &'m Model, request: &PullRequest) -> Vec<Typed<'m, BranchPolicy>> {
    let repository = request.repository.as_deref().and_then(|name| model.get::<Repository>(name));
    let own = repository.and_then(|it| model.follow(it.spec.branch_policy.as_ref()?));
    own.map_or_else(|| model.all().collect(), |own| vec![own])
}

/// A pattern that a name follows, with all ways to read it.
struct Match<'m> {
    resource: &'m Resource,
    pattern: &'m BranchPattern,
    readings: Vec<Reading>,
}

impl Match<'_> {
    fn place(&self) -> Place {
        self.resource.at(self.pattern.pattern.span)
    }

    /// What the name may mean as the incident; nothing when the pattern has no place for one.
    fn incidents(&self) -> Vec<&str> {
        let of = |reading: &Reading, key: &&str| reading.contains_key(*key);
        self.readings
            .iter()
            .filter_map(|reading| {
                let key = INCIDENT_PLACEHOLDERS.iter().find(|key| of(reading, key))?;
                reading.get(*key).map(String::as_str)
            })
            .collect()
    }
}

fn matches<'m>(policy: Typed<'m, BranchPolicy>, name: &str) -> Vec<Match<'m>> {
    let of = |pattern: &'m BranchPattern| {
        let readings = Pattern::parse(&pattern.pattern)?.readings(name);
        (!readings.is_empty()).then_some(Match { resource: policy.resource, pattern, readings })
    };
    policy.spec.patterns.iter().filter_map(of).collect()
}

fn misnamed(policies: &[Typed<'_, BranchPolicy>], name: &str) -> Vec<Diagnostic> {
    let Some(policy) = policies.first() else { return Vec::new() };
    let patterns: Vec<String> = policies
        .iter()
        .flat_map(|policy| &policy.spec.patterns)
        .map(|pattern| format!("`{}`", pattern.pattern.value))
        .collect();
    let place = policy.spec.patterns.first().map_or_else(
        || policy.resource.place.clone(),
        |first| policy.resource.at(first.pattern.span),
    );
    let message = if policies.iter().any(|policy| policy.main == name) {
        format!("`{name}` is the main branch: work happens on a branch of its own")
    } else {
        format!("the branch `{name}` follows no pattern of the policy")
    };
    let finding = Diagnostic::new(&BRANCH_NAME, place, message)
        .why("a name says what the work is for, and a hotfix names its incident")
        .hint(format!("rename it after one of {}: `git branch -m {name} NEW`", patterns.join(", ")))
        .subject(policy.resource.id.to_string());
    vec![finding]
}

/// The reading that most likely was meant: the longest that ends in a digit, as numbers of incidents do.
fn likely<'n>(named: &[&'n str]) -> &'n str {
    let ends = |id: &str| id.ends_with(|last: char| last.is_ascii_digit());
    let numbered = named.iter().filter(|id| ends(id)).max_by_key(|id| id.len());
    numbered.or(named.first()).copied().unwrap_or_default()
}
