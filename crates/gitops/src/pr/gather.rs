//! What other tools found out, as findings of the check: each at the place where the playbook declares the target.

use diag::{Diagnostic, Place};
use playbook::Model;

use super::facts::PlanSummary;
use super::rules::{GUARDRAIL_DENIES, GUARDRAIL_WARNS, UNRENDERED};
use crate::gate::GuardrailFinding;
use crate::kinds::Target;
use crate::plan::Unrendered;

/// Lines of the plan's screen in a report: what fits beside the rest of a comment without scrolling for long.
const SCREEN_LINES: usize = 40;

impl PlanSummary {
    /// Sums a plan up.
    pub fn of(plan: &plan::Plan, context: &plan::render::Context) -> Self {
        let count = |action| plan.steps().iter().filter(|step| step.action == action).count();
        Self {
            hash: plan.hash().to_string(),
            creates: count(plan::Action::Create),
            updates: count(plan::Action::Update),
            replaces: count(plan::Action::Replace),
            destroys: count(plan::Action::Destroy),
            runs: count(plan::Action::Run),
            held: plan.report().len(),
            screen: plan::render::screen(plan, context, SCREEN_LINES),
        }
    }
}

/// What guardrails found in the plan. A finding about a resource stands where its target is declared.
pub fn guarded(model: &Model, found: &[GuardrailFinding]) -> Vec<Diagnostic> {
    let told = |one: &GuardrailFinding| {
        let rule = if one.denies { &GUARDRAIL_DENIES } else { &GUARDRAIL_WARNS };
        let about = one.resource.as_deref().map_or_else(String::new, |it| format!("`{it}`: "));
        let target = one.resource.as_deref().and_then(|it| it.split('/').next());
        let message = format!("{about}{}", one.message);
        let why = format!("the policy `{}` says so", one.policy);
        placed(Diagnostic::new(rule, nowhere(), message).why(why), model, target)
    };
    found.iter().map(told).collect()
}

/// What cannot be rendered, and so stops every plan.
pub fn unplannable(model: &Model, failed: &[Unrendered]) -> Vec<Diagnostic> {
    let told = |one: &Unrendered| {
        let finding = Diagnostic::new(&UNRENDERED, nowhere(), one.to_string())
            .hint("mend what it is rendered from; until then nothing can be planned");
        placed(finding, model, Some(&one.target))
    };
    failed.iter().map(told).collect()
}

/// A finding that is about nothing in particular is about the playbook.
fn nowhere() -> Place {
    Place::whole_file("council.yaml")
}

fn placed(mut finding: Diagnostic, model: &Model, target: Option<&str>) -> Diagnostic {
    if let Some(target) = target.and_then(|name| model.get::<Target>(name)) {
        finding.place = target.resource.place.clone();
        return finding.subject(target.resource.id.to_string());
    }
    finding
}
