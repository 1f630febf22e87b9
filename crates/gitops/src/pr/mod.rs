//! The check of a pull request: may this be merged, and if not, what is missing?
//!
//! [`check`] takes the playbook, what is known about the [`PullRequest`] and the [`Evidence`] that other tools
//! gathered (findings of the playbook check, plan, guardrails, secrets, known incidents), and answers with a
//! [`Report`]: one [`Part`] for each thing that was looked at, and findings that point at the policy, template
//! or file that asks. The report knows its exit code and its comment; SARIF comes from its findings.
//!
//! Invariants: pure and deterministic; the author of a change never approves it; a review of an older commit
//! does not count; two seats of one person count once; what could not be looked at is said, never assumed.
//!
//! Absent on purpose: Git, forges, files and the clock. Whoever calls gathers the facts, and a forge's answer is
//! as good here as a signed merge on a plain Git server.

mod branch;
mod comment;
mod description;
mod facts;
mod gather;
mod policy;
mod report;
mod review;
mod reviewer;
mod rules;
#[cfg(test)]
mod tests;

use playbook::Model;

pub use branch::names_incident;
pub use comment::{MARKER, comment, escape};
pub use description::{cites, section};
pub use facts::{Evidence, Identity, Incidents, PlanSummary, PullRequest, Review, Verdict};
pub use gather::{guarded, unplannable};
pub use report::{Aspect, Part, Report, State};
pub use reviewer::person_of;
pub use rules::{CODEOWNERS, FROM_BASE, HISTORY, RULES};

/// Checks one pull request against the playbook.
pub fn check(
    model: &Model,
    request: &PullRequest,
    evidence: &Evidence,
    facts: &playbook::Facts,
) -> Report {
    let policies = policy::applying(model, request);
    let mut report = Report { plan: evidence.plan.clone(), ..Report::default() };
    report.add(branch::check(model, request, &evidence.incidents));
    report.add(description::check(model, request, &policies));
    report.add(review::check(model, request, &policies, facts.today));
    let found = |aspect, findings| found(aspect, findings, evidence.skipped.get(&aspect));
    report.add(found(Aspect::Playbook, evidence.playbook.as_deref()));
    // Only a repository that has the file wants to hear of it.
    if evidence.codeowners.is_some() {
        report.add(found(Aspect::Codeowners, evidence.codeowners.as_deref()));
    }
    report.add(planned(evidence));
    report.add(found(Aspect::Guardrails, evidence.guardrails.as_deref()));
    report.add(found(Aspect::Secrets, evidence.secrets.as_deref()));
    report.finish()
}

/// The part of a tool that reports findings of its own.
fn found(
    aspect: Aspect,
    findings: Option<&[diag::Diagnostic]>,
    skipped: Option<&String>,
) -> (Part, Vec<diag::Diagnostic>) {
    let Some(findings) = findings else {
        let why = skipped.map_or("was not looked at", String::as_str);
        return (Part::new(aspect, State::Skipped, why), Vec::new());
    };
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let part = match (errors, findings.len()) {
        (0, 0) => Part::new(aspect, State::Passed, "nothing was found"),
        (0, all) => {
            let text = format!("{}, and no error", diag::words::count(all, "new finding"));
            Part::new(aspect, State::Passed, text)
        }
        (errors, _) => Part::new(aspect, State::Failed, diag::words::count(errors, "error")),
    };
    // Notes are about the playbook as a whole, not about this change.
    let told = findings.iter().filter(|finding| finding.severity != diag::Severity::Note);
    (part, told.cloned().collect())
}

/// What would be done, or why nobody can tell.
fn planned(evidence: &Evidence) -> (Part, Vec<diag::Diagnostic>) {
    let why = evidence.skipped.get(&Aspect::Plan).map_or("nothing was planned", String::as_str);
    let part = match (&evidence.plan, evidence.unplannable.len()) {
        (Some(plan), 0) => Part::new(Aspect::Plan, State::Passed, plan.headline()),
        (None, 0) => Part::new(Aspect::Plan, State::Skipped, why),
        (_, broken) => {
            let text = format!("{} cannot be rendered", diag::words::count(broken, "file"));
            Part::new(Aspect::Plan, State::Failed, text)
        }
    };
    (part, evidence.unplannable.clone())
}
