//! Planning: what the playbook wants at each target, what is there, and the plan that closes the gap.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use gitops::kinds::Target;
use gitops::plan::Unrendered;
use gitops::record::change::Stage;
use jiff::Timestamp;
use plan::execute::Progress;
use plan::{Artefacts, Desired, Observations, Plan, ResourceId, Scope, Targets, Terms};

use super::machines;
use super::tools::Ask;
use crate::http::Problem;
use crate::{AppState, Record, Snapshot};

/// What is to be planned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// Only these targets, or single machines with what is asked of them; everything when empty.
    pub(crate) targets: BTreeSet<String>,
    /// The plan that the new one follows.
    pub(crate) parent: Option<Plan>,
    /// Whether tools that plan by themselves are asked.
    pub(crate) ask: Ask,
}

/// A plan, the bytes that it writes, and what it rests on.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) plan: Plan,
    pub(crate) artefacts: Artefacts,
    pub(crate) observed: Observations,
    pub(crate) desired: Vec<Desired>,
}

impl AppState {
    /// Looks at the targets and plans what the present playbook wants there.
    pub(crate) async fn plan(&self, wish: &Wish) -> Result<Made, Problem> {
        let snapshot = self.snapshot();
        let picked = machines::pick(&snapshot, &wish.targets)?;
        check_targets(&snapshot, &picked.targets)?;
        let (model, today) = (snapshot.model(), snapshot.facts.today);
        let wanted = gitops::plan::desired(model, &self.config().artefacts, today);
        let wanted = wanted.map_err(|failed| unrendered(&failed))?;
        let only = &picked.targets;
        let within = |id: &ResourceId| only.is_empty() || only.contains(&id.target);
        let mut desired: Vec<_> =
            wanted.desired.into_iter().filter(|desired| within(&desired.id)).collect();
        let targets = self.targets(&snapshot);
        let (mut observed, said) = tokio::join!(
            observe(&targets, only),
            self.ask_tools(&targets, &snapshot, (wish.ask, only)),
        );
        let mut terms = Terms::new(snapshot.revision.id.clone(), self.clock().now());
        terms.fingerprints = self.fingerprints().clone();
        let mut artefacts = wanted.bytes;
        for (target, said) in said {
            said.join(&target, &mut terms, (&mut artefacts, &mut observed));
        }
        self.add_machines(&snapshot, &observed, (&mut desired, &mut terms));
        picked.tell(&mut terms);
        let plan = plan::plan(wish.parent.as_ref(), &desired, &observed, &terms);
        self.sight().heard(&observed);
        Ok(Made { plan, artefacts, observed, desired })
    }

    /// Plans the way back from what a change did, to what the changes before it had made true.
    pub(crate) async fn plan_back(&self, id: &str, of: &Plan) -> Result<Made, Problem> {
        let (record, snapshot) = (self.record(), self.snapshot());
        let change = record.state.changes.changes.get(id);
        let journal = change.map_or(&[][..], |change| &change.journal);
        let progress = Progress::read(of, journal).map_err(|error| Problem::internal(&error))?;
        let started = change.and_then(|change| change.started_at);
        let desired = self.made_true_before(&record, started);
        let targets = of.steps().iter().map(|step| step.resource.target.clone()).collect();
        let observed = observe(&self.targets(&snapshot), &targets).await;
        let mut terms = Terms::new(snapshot.revision.id.clone(), self.clock().now());
        terms.fingerprints = self.fingerprints().clone();
        let plan = plan::rollback(of, &progress, &desired, &observed, &terms);
        let artefacts = self.plans().artefacts(&plan)?;
        Ok(Made { plan, artefacts, observed, desired })
    }

    /// What the changes that were done before a moment had made true, target by target.
    fn made_true_before(&self, record: &Record, before: Option<Timestamp>) -> Vec<Desired> {
        let done = record.state.changes.changes.values().filter_map(|change| {
            let at = change.closed_at.filter(|at| before.is_none_or(|before| *at < before))?;
            let took_effect = matches!(change.stage, Stage::Done | Stage::RolledBack);
            let plan = change.plan.as_ref().filter(|_| took_effect)?;
            Some((at, &plan.hash))
        });
        let mut done: Vec<_> = done.collect();
        done.sort();
        let mut by_target: BTreeMap<String, Vec<Desired>> = BTreeMap::new();
        for (_, plan) in done {
            let desired = self.plans().desired(plan);
            let targets: BTreeSet<_> = desired.iter().map(|one| one.id.target.clone()).collect();
            for target in targets {
                let here = desired.iter().filter(|one| one.id.target == target).cloned().collect();
                by_target.insert(target, here);
            }
        }
        by_target.into_values().flatten().collect()
    }
}

/// Asks targets what is there, side by side, each within its own time limit.
pub(crate) async fn observe(targets: &Targets, only: &BTreeSet<String>) -> Observations {
    let wanted = |name: &str| only.is_empty() || only.contains(name);
    let looks = targets.iter().filter(|(name, _)| wanted(name)).map(|(name, target)| async move {
        let limit = target.limits().timeout;
        let timeout = std::time::Duration::try_from(limit).unwrap_or_default();
        match tokio::time::timeout(timeout, target.observe(Scope::All)).await {
            Ok(observed) => observed,
            Err(_) => {
                let why = format!("it did not answer within {limit:#}");
                Observations::silent(name, None, why)
            }
        }
    });
    let mut all = Observations::new();
    join_all(looks).await.into_iter().for_each(|observed| all.extend(observed));
    all
}

/// Half of what should be is not planned: the other half would look as if nobody wanted it.
fn unrendered(failed: &[Unrendered]) -> Problem {
    let all: Vec<String> = failed.iter().map(ToString::to_string).collect();
    Problem::conflict("artefact-broken", format!("{}.", all.join("; ")))
        .hint("Mend what it is rendered from, and plan again")
}

fn check_targets(snapshot: &Snapshot, targets: &BTreeSet<String>) -> Result<(), Problem> {
    let model = snapshot.model();
    let is_known = |name: &str| {
        model.get::<Target>(name).is_some() || machines::is_provisioner(snapshot, name)
    };
    match targets.iter().find(|name| !is_known(name)) {
        Some(name) => Err(Problem::not_found(format!("There is no target `{name}`."))
            .hint("`/api/v1/resources?kind=target` lists them; provisioners with an endpoint are targets, too")),
        None => Ok(()),
    }
}
