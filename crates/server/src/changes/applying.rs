//! Applying: one change carried out to its end, or to where it stops, under a lease.
//!
//! Everything that matters is in the change's stream: killed anywhere, the next turn of the worker goes on from there. The
//! lease is renewed while the executor works; when it is lost, nothing more is begun, and whatever is still written is
//! refused by the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gitops::record::Command as Any;
use gitops::record::change::{Command, Stage};
use ledger::Lease;
use plan::execute::{self, End, Fence, JournalError, Outcome, Pace, Run};
use plan::{Action, Artefacts, FingerprintKey, Observations, Plan, Seen};

use super::clock::ServerClock;
use super::journal::LedgerJournal;
use super::planning::Wish;
use super::tools::Ask;
use crate::AppState;
use crate::http::Problem;
use crate::limits::{LEASE, LEASE_RENEWAL};

/// Carries a change out as far as it goes. Says in words how it ended.
pub(crate) async fn apply(state: &AppState, change: &str) -> Result<String, Problem> {
    let lease = take(state, change).await?;
    let stop = Arc::new(AtomicBool::new(false));
    let renewal = tokio::spawn(renew(state.clone(), lease.clone(), stop.clone()));
    let done = carry_out(state, change, &lease, &stop).await;
    renewal.abort();
    let now = state.clock().now();
    if let Err(error) = state.ledger().release(&lease, now) {
        tracing::warn!(%error, change, "a lease could not be given back; it ends by itself");
    }
    done
}

async fn carry_out(
    state: &AppState,
    change: &str,
    lease: &Lease,
    stop: &AtomicBool,
) -> Result<String, Problem> {
    let (plan, artefacts) = match load(state, change) {
        Ok(loaded) => loaded,
        // Nothing can be applied that is not there as it was approved, however often it is tried.
        Err(problem) => {
            let why = problem.detail().to_owned();
            tell(state, change, Command::Fail { why: why.clone() }).await?;
            return Ok(why);
        }
    };
    let fence =
        Fence { lease: lease.name.clone(), token: lease.token, generation: plan.generation() };
    tell(state, change, Command::Start { fence: fence.clone() }).await?;
    // What is to be silent is silent before the first step.
    if let Err(problem) = state.tend(change).await {
        tracing::warn!(change, why = problem.detail(), "what happens around a change waits");
    }
    let outcome = execute(state, change, (&plan, &artefacts, &fence), stop).await;
    let sentence = outcome.sentence(&plan);
    match outcome.end {
        End::Done => {
            tell(state, change, Command::Finish {}).await?;
            prove(state, change, &plan).await
        }
        End::Failed { .. } | End::UnknownTarget(_) => {
            tell(state, change, Command::Fail { why: sentence.clone() }).await?;
            Ok(sentence)
        }
        End::Stale(_) => {
            let why = format!("the world has moved since it was planned: {sentence}");
            tell(state, change, Command::Fail { why: why.clone() }).await?;
            Ok(why)
        }
        // Going on is safe at any time, and the next turn does.
        End::Stopped | End::Interrupted(JournalError::Unavailable(_)) => Ok(sentence),
        End::Interrupted(JournalError::Fenced(_) | JournalError::Unreadable(_)) => Ok(sentence),
    }
}

fn load(state: &AppState, change: &str) -> Result<(Plan, Artefacts), Problem> {
    let record = state.record();
    let known = record.state.changes.changes.get(change).and_then(|change| change.plan.as_ref());
    let Some(planned) = known else {
        return Err(Problem::not_found(format!("There is no planned change `{change}`.")));
    };
    let plan = state.plans().load(&planned.hash)?;
    let artefacts = state.plans().artefacts(&plan)?;
    Ok((plan, artefacts))
}

async fn execute(
    state: &AppState,
    change: &str,
    (plan, artefacts, fence): (&Plan, &Artefacts, &Fence),
    stop: &AtomicBool,
) -> Outcome {
    let targets = state.targets(&state.snapshot());
    let journal = LedgerJournal { state: state.clone(), change: change.to_owned() };
    let clock = ServerClock(state.clock().clone());
    execute::run(Run {
        plan,
        artefacts,
        targets: &targets,
        journal: &journal,
        fence,
        clock: &clock,
        fingerprints: state.fingerprints(),
        pace: Pace::default(),
        stop,
    })
    .await
}

/// Looks once more at everything that the plan touched: a second plan must find nothing left to do there.
///
/// A rollback leaves the playbook's way on purpose, so the second plan would lead forward again: there it is the executor
/// alone that has seen each effect.
async fn prove(state: &AppState, change: &str, plan: &Plan) -> Result<String, Problem> {
    if *plan.purpose() != plan::Purpose::Change {
        tell(state, change, Command::Verify {}).await?;
        return Ok("taken back and verified step by step".to_owned());
    }
    let targets = plan.steps().iter().map(|step| step.resource.target.clone()).collect();
    state.tools().forget(&targets);
    // A tool has proven by itself that a second check finds nothing, before it said that it is done.
    let again = state.plan(&Wish { targets, parent: None, ask: Ask::Nobody }).await?;
    let left = if again.plan.revision() == plan.revision() {
        planned_again(plan, &again.plan)
    } else {
        // The playbook has gone on, as it does with a merge: what it wants by now is another change's matter, and what
        // this one made must still be there.
        undone(plan, &again.observed, state.fingerprints())
    };
    if left.is_empty() {
        tell(state, change, Command::Verify {}).await?;
        return Ok("applied and verified".to_owned());
    }
    let why = format!("not idempotent: a second look would change `{}` again", left.join("`, `"));
    tell(state, change, Command::Fail { why: why.clone() }).await?;
    Ok(why)
}

/// The resources of a plan that a second plan would change again.
fn planned_again(plan: &Plan, again: &Plan) -> Vec<String> {
    let touched =
        |step: &&plan::Step| plan.steps().iter().any(|done| done.resource == step.resource);
    again.steps().iter().filter(touched).map(|step| step.resource.to_string()).collect()
}

/// The resources of a plan that are not as its steps left them. What nobody could see was seen right after its step.
fn undone(plan: &Plan, observed: &Observations, fingerprints: &FingerprintKey) -> Vec<String> {
    let is_undone = |step: &&plan::Step| {
        let seen = plan::verify(step, &observed.of(&step.resource), fingerprints);
        step.action != Action::Run && matches!(seen, Seen::Otherwise(_))
    };
    plan.steps().iter().filter(is_undone).map(|step| step.resource.to_string()).collect()
}

async fn tell(state: &AppState, change: &str, command: Command) -> Result<(), Problem> {
    let (state, id) = (state.clone(), change.to_owned());
    let work = move || state.perform_itself(Any::Change { id, command });
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map(drop),
        Err(error) => Err(Problem::internal(&error)),
    }
}

async fn take(state: &AppState, change: &str) -> Result<Lease, Problem> {
    let (state, name) = (state.clone(), format!("apply/{change}"));
    let work = move || state.ledger().lease(&name, state.holder(), state.clock().now(), LEASE);
    match tokio::task::spawn_blocking(work).await {
        Ok(lease) => lease.map_err(|error| {
            Problem::conflict("lease-held", error.to_string())
                .hint("Another executor works on it, or died; its lease ends by itself")
        }),
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// Renews the lease while the executor works, and stops it when the lease is lost or the server stops.
async fn renew(state: AppState, lease: Lease, stop: Arc<AtomicBool>) {
    loop {
        tokio::select! {
            () = state.stopping().cancelled() => break,
            () = tokio::time::sleep(LEASE_RENEWAL) => {}
        }
        let (again, name) = (state.clone(), lease.name.clone());
        let work = move || again.ledger().lease(&name, again.holder(), again.clock().now(), LEASE);
        let renewed = tokio::task::spawn_blocking(work).await;
        if !matches!(renewed, Ok(Ok(renewed)) if renewed.token == lease.token) {
            tracing::warn!(lease = lease.name, "the lease is lost; nothing more is begun");
            break;
        }
    }
    stop.store(true, Ordering::Relaxed);
}

/// The changes that somebody has begun to apply and nobody has ended.
pub(crate) fn under_way(state: &AppState) -> Vec<String> {
    let record = state.record();
    let changes = record.state.changes.changes.iter();
    changes
        .filter(|(_, change)| matches!(change.stage, Stage::Applying | Stage::Verifying))
        .map(|(id, _)| id.clone())
        .collect()
}
