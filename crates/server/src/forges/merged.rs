//! After the merge: what was approved is applied when the gate allows it, and waits and says why when it does not.

use std::collections::BTreeSet;

use gitops::gate::Touched;
use gitops::plan::desired;
use gitops::record::Command as Any;
use gitops::record::change::{Command, Planned, Stage as Life};
use plan::execute::Fence;
use plan::{Plan, ResourceId, Terms};

use super::pulls::{Case, Trouble};
use super::{propose, voices};
use crate::changes::{Made, observe};
use crate::http::Problem;
use crate::workers::{APPLY, DRIFT};

/// Goes on with the change of a pull request that was merged by `commit`.
pub(super) async fn go_on(
    case: &mut Case<'_>,
    commit: Option<&str>,
) -> Result<Option<String>, Trouble> {
    let Some((id, change)) = case.change() else { return Ok(None) };
    match change.stage {
        Life::Draft | Life::Planned => {
            if let Some(viewer) = propose::author(case) {
                propose::submit(case, &viewer, &id).await;
            }
        }
        Life::AwaitingApproval | Life::Approved => {
            voices::follow(case, &id).await;
            if let Some(planned) = &change.plan {
                apply(case, &id, planned, commit).await?;
            }
        }
        Life::Failed => {
            let why = change.failure.clone().unwrap_or_default();
            case.note(format!("It failed: {why}"));
        }
        Life::Applying | Life::Verifying | Life::Done | Life::RolledBack | Life::Abandoned => {}
    }
    Ok(Some(id))
}

async fn apply(
    case: &mut Case<'_>,
    id: &str,
    planned: &Planned,
    commit: Option<&str>,
) -> Result<(), Trouble> {
    let snapshot = case.state.snapshot();
    let merge = commit.unwrap_or(&case.request.head);
    let at = snapshot.revision.id.as_str();
    if snapshot.revision.dirty || !case.pulls.mirror.is_ancestor(merge, at).await? {
        let short: String = at.chars().take(10).collect();
        case.note(format!(
            "It is merged, and waits until the playbook holds it; that is at {short}."
        ));
        case.state.board().nudge("follow");
        return Ok(());
    }
    let approved = case.state.plans().load(&planned.hash);
    let approved = approved.map_err(|problem| problem.detail().to_owned())?;
    let made = wanted_now(case, &approved).await?;
    if made.plan.is_empty() {
        return nothing_left(case, &made).await;
    }
    if made.plan.effect() != approved.effect() {
        return plan_again(case, id, &made).await;
    }
    if let Some(person) = voices::objections(case).first() {
        case.note(format!("It is merged, and waits: `{person}` asks for changes."));
        return Ok(());
    }
    start(case, id, planned).await
}

/// What the playbook wants now of what the approved plan is about.
async fn wanted_now(case: &Case<'_>, approved: &Plan) -> Result<Made, Trouble> {
    let (state, snapshot) = (case.state, case.state.snapshot());
    let wanted = desired(snapshot.model(), &state.config().artefacts, snapshot.facts.today);
    let wanted =
        wanted.map_err(|failed| failed.iter().map(ToString::to_string).collect::<String>())?;
    let only: BTreeSet<ResourceId> =
        approved.steps().iter().map(|step| step.resource.clone()).collect();
    let targets = only.iter().map(|id| id.target.clone()).collect();
    let observed = observe(&state.targets(&snapshot), &targets).await;
    let mut terms = Terms::new(snapshot.revision.id.clone(), state.clock().now());
    terms.fingerprints = state.fingerprints().clone();
    terms.only = Some(only);
    let plan = plan::plan(Some(approved), &wanted.desired, &observed, &terms);
    Ok(Made { plan, artefacts: wanted.bytes, observed, desired: wanted.desired })
}

/// Either the targets are as they should be by another way, or nobody can say.
async fn nothing_left(case: &mut Case<'_>, made: &Made) -> Result<(), Trouble> {
    if let Some(held) = made.plan.report().first() {
        case.note(format!("It is merged, and waits: {}", held.text));
        return Ok(());
    }
    if let Some(viewer) = propose::author(case) {
        let why = "the targets are as the merged playbook wants them already";
        propose::abandon(case, &viewer, why).await;
    }
    Ok(())
}

/// The merge does something else than what was approved, because others merged before it or the targets moved.
async fn plan_again(case: &mut Case<'_>, id: &str, made: &Made) -> Result<(), Trouble> {
    case.state.keep(made).map_err(|problem| problem.detail().to_owned())?;
    let snapshot = case.state.snapshot();
    let plan = gitops::plan::planned(snapshot.model(), &made.plan, &Touched::default());
    let submitted = match itself(case, id, Command::Plan { plan }).await {
        Ok(()) => itself(case, id, Command::Submit {}).await,
        refused => refused,
    };
    case.note(match submitted {
        Ok(()) => "What is merged does something else than what was approved. It was planned again, and waits for \
                   approvals of that plan."
            .to_owned(),
        Err(problem) => problem.detail().to_owned(),
    });
    Ok(())
}

async fn start(case: &mut Case<'_>, id: &str, planned: &Planned) -> Result<(), Trouble> {
    let known = case.change().and_then(|(_, change)| change.fence);
    let fence = Fence {
        lease: format!("apply/{id}"),
        token: known.map_or(0, |fence| fence.token),
        generation: planned.generation,
    };
    match itself(case, id, Command::Start { fence }).await {
        Ok(()) => {
            case.state.board().nudge(APPLY);
        }
        Err(problem) => {
            case.note(format!("It is merged, and waits: {}", problem.reasons_in_words()));
            // What the gate misses may be a look at the targets.
            case.state.board().nudge(DRIFT);
        }
    }
    Ok(())
}

/// Carries out a command of council itself.
async fn itself(case: &Case<'_>, id: &str, command: Command) -> Result<(), Problem> {
    let (state, id) = (case.state.clone(), id.to_owned());
    let work = move || state.perform_itself(Any::Change { id, command });
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map(drop),
        Err(error) => Err(Problem::internal(&error)),
    }
}
