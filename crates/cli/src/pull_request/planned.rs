//! What merging would do at the targets, and what the guardrails say of it.
//!
//! Asks no target: a pipeline reaches none, and must not. The plan leads from what the base wants to what the head
//! wants; how far the targets are from the base is drift, and another question.

use diag::Diagnostic;
use gitops::gate::{GuardrailFinding, Said, Subject};
use gitops::plan::{between, for_guardrails, touched};
use gitops::pr::{self, PlanSummary};
use guardrail::Severity;
use plan::{Plan, Terms};
use playbook::Workspace;
use server::policies::Policies;

use super::Case;
use crate::context::Context;

/// A plan, and what was found in it.
pub(super) struct Judged {
    pub(super) plan: PlanSummary,
    /// `None` when neither side's policies can be read.
    pub(super) guardrails: Option<Vec<Diagnostic>>,
}

/// Plans, and judges the plan by the policies of both sides.
pub(super) fn planned(case: &Case<'_>, context: &Context) -> Result<Judged, Vec<Diagnostic>> {
    let (base, head) = (case.base.model(), case.head.model());
    let revision = case.request.head.clone().unwrap_or_default();
    // The commit's own time: the same commits give the same plan, whoever asks and when.
    let at = case.range.as_ref().and_then(|range| range.git.time(&range.head));
    let terms = Terms::new(revision, at.unwrap_or_else(|| context.now_in(head)));
    let today = context.facts(head).today;
    let plan = between((base, head), &crate::artefacts::artefacts(), today, &terms)
        .map_err(|failed| pr::unplannable(head, &failed))?;
    let guardrails = judged(case, &plan).map(|found| pr::guarded(head, &found));
    let around = plan::render::Context::default();
    Ok(Judged { plan: PlanSummary::of(&plan, &around), guardrails })
}

/// The base's policies judge by what the base says of targets, so that a change cannot loosen what judges it; those
/// that it brings hold from now on, so they judge it as well.
fn judged(case: &Case<'_>, plan: &Plan) -> Option<Vec<GuardrailFinding>> {
    let input = serde_json::to_value(plan).unwrap_or_default();
    let mut sides = vec![case.base];
    sides.extend((!std::ptr::eq(case.base, case.head)).then_some(case.head));
    let mut found: Option<Vec<GuardrailFinding>> = None;
    for side in sides {
        let policies = Policies::read(side.root());
        let Some(guardrails) = policies.guardrails() else { continue };
        let council = for_guardrails(side.model(), &subject(case, side, plan));
        let all = found.get_or_insert_default();
        for one in guardrails.judge(&input, &council) {
            let one = GuardrailFinding {
                policy: one.policy,
                message: one.message,
                denies: one.severity == Severity::Deny,
                resource: one.resource,
            };
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    found
}

fn subject(case: &Case<'_>, side: &Workspace, plan: &Plan) -> Subject {
    let (model, request) = (side.model(), &case.request);
    let author = request.authors.first().and_then(|author| pr::person_of(model, author));
    let description = request.description.as_deref().unwrap_or_default();
    Subject {
        name: request.branch.clone().unwrap_or_default(),
        author: author.map_or_else(String::new, |person| person.name().to_owned()),
        revision: plan.revision().to_owned(),
        touched: touched(model, plan),
        said: Said { cites: pr::cites(model, description), ..Said::default() },
        ..Subject::default()
    }
}
