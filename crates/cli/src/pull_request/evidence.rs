//! What the tools of this machine find out about a change.

use std::collections::BTreeSet;

use diag::Diagnostic;
use gitops::pr::{Aspect, Evidence};
use playbook::Facts;

use super::codeowners::codeowners;
use super::incidents::incidents;
use super::planned::{Judged, planned};
use super::secrets::secrets;
use super::{Case, Texts};
use crate::checked::Checked;
use crate::context::Context;

/// Runs what can be run here. What was found in texts that must not be shown is covered in `texts`.
pub(crate) fn evidence(case: &Case<'_>, context: &Context, texts: &mut Texts<'_>) -> Evidence {
    let facts = context.facts(case.head.model());
    let mut evidence = Evidence {
        codeowners: codeowners(case, context),
        incidents: incidents(case, context),
        secrets: secrets(case, context, texts),
        ..Evidence::default()
    };
    // Another repository's change leaves the playbook, and what is rendered from it, as it is.
    if case.below.is_none() {
        let why = "the playbook does not change, so nothing that is rendered from it does";
        evidence.skipped.insert(Aspect::Plan, why.to_owned());
        return evidence;
    }
    evidence.playbook = Some(new_findings(case, &facts));
    match planned(case, context) {
        Ok(Judged { plan, guardrails }) => {
            evidence.plan = Some(plan);
            evidence.guardrails = guardrails;
            let why = "the policies cannot be read; `council check` says why";
            evidence.skipped.insert(Aspect::Guardrails, why.to_owned());
        }
        Err(unplannable) => {
            evidence.unplannable = unplannable;
            let why = "there is no plan that they could judge";
            evidence.skipped.insert(Aspect::Guardrails, why.to_owned());
        }
    }
    evidence
}

/// What the change brings: errors, and warnings that were not there before it.
fn new_findings(case: &Case<'_>, facts: &Facts) -> Vec<Diagnostic> {
    let said = |finding: &Diagnostic| {
        (finding.code, finding.message.clone(), finding.subject.clone(), finding.place.file.clone())
    };
    let found = |workspace| Checked::beside(workspace).findings(facts);
    let before: BTreeSet<_> = found(case.base).iter().map(said).collect();
    let is_new = |finding: &Diagnostic| finding.is_error() || !before.contains(&said(finding));
    found(case.head).into_iter().filter(is_new).collect()
}
