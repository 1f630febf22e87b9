//! What a plan touches: the short form in which the record and the gate know it.

use plan::{Action, Plan};
use playbook::Model;

use crate::gate::Touched;
use crate::kinds::{StepAction, Target};
use crate::record::change::Planned;

/// What a plan touches, with what the playbook says about its targets.
pub fn touched(model: &Model, plan: &Plan) -> Touched {
    let mut touched = Touched::default();
    for step in plan.steps() {
        touched.target(model, &step.resource.target);
        touched.step(step.action.into());
        touched.services.extend(step.labels.get("service").cloned());
        touched.sites.extend(step.labels.get("site").cloned());
        touched.environments.extend(step.labels.get("environment").cloned());
        let cost = step.cost_delta.map_or(0, |delta| delta.0);
        touched.monthly_cost_micros = touched.monthly_cost_micros.saturating_add(cost);
    }
    touched
}

/// A plan as the record knows it. `changed` adds what a plan cannot know: the files and kinds of the
/// playbook that changed.
pub fn planned(model: &Model, plan: &Plan, changed: &Touched) -> Planned {
    let mut touched = touched(model, plan);
    touched.paths.extend(changed.paths.iter().cloned());
    touched.kinds.extend(changed.kinds.iter().cloned());
    touched.repositories.extend(changed.repositories.iter().cloned());
    touched.unlisted += changed.unlisted;
    let steps = plan.steps();
    let count = |which: fn(&plan::Step) -> bool| size(steps.iter().filter(|it| which(it)).count());
    Planned {
        hash: plan.hash().to_string(),
        revision: plan.revision().to_owned(),
        generation: plan.generation(),
        parent: plan.parent().map(|parent| parent.to_string()),
        effect: plan.effect().to_string(),
        steps: size(steps.len()),
        carried: count(|step| step.carried_by.is_some()),
        irreversible: count(|step| !step.is_reversible()),
        disruptive: count(|step| step.disruptive),
        held_back: size(plan.report().len()),
        touched,
    }
}

fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What council knows about a plan besides: what guardrails read as `data.council`.
pub fn for_guardrails(model: &Model, subject: &crate::gate::Subject) -> serde_json::Value {
    let targets: serde_json::Map<String, serde_json::Value> = subject
        .touched
        .targets
        .iter()
        .map(|name| (name.clone(), target_for_guardrails(model, name)))
        .collect();
    serde_json::json!({
        "change": subject.name,
        "author": subject.author,
        "cites": subject.said.cites,
        "required_labels": ["owner"],
        "targets": targets,
    })
}

fn target_for_guardrails(model: &Model, name: &str) -> serde_json::Value {
    use org::kinds::{Environment, EnvironmentTier};
    let target = model.get::<Target>(name);
    let environment = target.and_then(|target| target.spec.environment.as_ref());
    let tier = environment.and_then(|it| model.get::<Environment>(it.name())).map(|it| it.tier);
    // A target of which nobody says where it belongs may be production.
    let tier = match tier {
        Some(EnvironmentTier::Production) | None => "production",
        Some(EnvironmentTier::Staging) => "staging",
        Some(EnvironmentTier::Development) => "development",
    };
    serde_json::json!({
        "environment": environment.map(|it| it.name().to_owned()),
        "tier": tier,
        "site": target.and_then(|it| it.spec.site.as_ref()).map(|it| it.name().to_owned()),
        "owner": target.and_then(|it| it.spec.owner.as_ref()).map(ToString::to_string),
    })
}

impl From<Action> for StepAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Create => Self::Create,
            Action::Update => Self::Update,
            Action::Replace => Self::Replace,
            Action::Destroy => Self::Destroy,
            Action::Run => Self::Run,
        }
    }
}

#[cfg(test)]
mod tests {
    use plan::{Content, Micros, Purpose, ResourceId, Step, StepId};

    use super::super::FILE;
    use super::*;
    use crate::testing::{council, noon};

    #[test]
    fn what_a_plan_touches_follows_from_its_steps_and_their_targets() {
        let workspace = council("");
        let mut step =
            Step::new(StepId(1), ResourceId::new("switches", FILE, "a"), Action::Destroy);
        step.cost_delta = Some(Micros(7));
        let plan = Plan::seal(Content {
            parent: None,
            generation: 1,
            revision: "r1".to_owned(),
            at: noon(),
            purpose: Purpose::Change,
            steps: vec![step],
            report: Vec::new(),
        });
        let mut changed = Touched::default();
        changed.kinds.insert("vlan".to_owned());
        let planned = planned(workspace.model(), &plan, &changed);
        let touched = &planned.touched;
        assert_eq!(touched.actions.get(&StepAction::Destroy), Some(&1));
        assert!(touched.environments.contains("production"), "{touched:?}");
        assert!(touched.services.contains("checkout") && touched.kinds.contains("vlan"));
        assert_eq!((planned.steps, planned.irreversible, touched.monthly_cost_micros), (1, 1, 7));
    }
}
