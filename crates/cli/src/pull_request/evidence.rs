//! What the tools of this machine find out about a change.

use std::collections::BTreeSet;

use diag::Diagnostic;
use gitops::pr::Evidence;
use playbook::Facts;

use super::Case;
use super::codeowners::codeowners;
use super::incidents::incidents;
use crate::context::Context;

/// Runs what can be run here.
pub(crate) fn evidence(case: &Case<'_>, context: &Context) -> Evidence {
    let facts = context.facts(case.head.model());
    Evidence {
        // Another repository's change leaves the playbook as it is.
        playbook: case.below.as_ref().map(|_| new_findings(case, &facts)),
        codeowners: codeowners(case, context),
        incidents: incidents(case, context),
        ..Evidence::default()
    }
}

/// What the change brings: errors, and warnings that were not there before it.
fn new_findings(case: &Case<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let said = |finding: &Diagnostic| {
        (finding.code, finding.message.clone(), finding.subject.clone(), finding.place.file.clone())
    };
    let before: BTreeSet<_> = case.base.check(facts).iter().map(said).collect();
    let is_new = |finding: &Diagnostic| finding.is_error() || !before.contains(&said(finding));
    case.head.check(facts).into_iter().filter(is_new).collect()
}
