//! Which command is allowed when.

use governance::Refusal;

use super::{Command, Event, Stage, State};
use crate::kinds::Runbook;
use crate::record::Facts;

/// Carries out a command about the run `id`, or says why not.
///
/// # Errors
/// Refuses what the runbook, the stage or the actor does not allow.
pub fn decide(
    state: Option<&State>,
    id: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let person = facts.person()?;
    if let Command::Begin { runbook, parameters, incident } = command {
        if state.is_some() {
            return Err(Refusal::new("run-exists", format!("there is a run `{id}` already"))
                .passes_if("the new one gets a new id"));
        }
        return begin(runbook, parameters, incident.as_deref(), person, facts);
    }
    let Some(state) = state else {
        return Err(Refusal::new("no-run", format!("there is no run `{id}`"))
            .passes_if("it is begun before"));
    };
    if matches!(state.stage, Stage::Done | Stage::Abandoned) {
        return Err(
            Refusal::new("wrong-stage", format!("`{id}` is over")).passes_if("a new run is begun")
        );
    }
    match command {
        Command::Begin { .. } => Ok(Vec::new()),
        Command::Approve { step } => approve(state, *step, person, facts),
        Command::Start { step } => start(state, *step, person, facts),
        Command::Finish { step, ending, output } => {
            if state.under_way().is_none_or(|attempt| attempt.step != *step) {
                let what = format!("step {} of `{id}` was not begun", step + 1);
                return Err(Refusal::new("not-begun", what).passes_if("it is begun before"));
            }
            let (ending, output) = (ending.clone(), output.clone());
            Ok(vec![Event::Finished { step: *step, ending, output }])
        }
        Command::Abandon { reason } => Ok(vec![Event::Abandoned { reason: reason.clone() }]),
    }
}

fn begin(
    name: &str,
    parameters: &std::collections::BTreeMap<String, String>,
    incident: Option<&str>,
    person: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let found = facts.model.get::<Runbook>(name).ok_or_else(|| {
        Refusal::new("no-runbook", format!("there is no runbook `{name}`"))
            .passes_if("it is one of the playbook; `council runbook list` shows them")
    })?;
    let spec = found.spec;
    if spec.steps.is_empty() || !spec.faults.is_empty() {
        return Err(Refusal::new("no-steps", format!("`{name}` has no steps that can be run"))
            .passes_if(
                "its blocks are marked `sh council step`, and `council check` finds nothing",
            ));
    }
    let known = |name: &String| spec.parameters.iter().any(|one| one.name.value == *name);
    if let Some(strange) = parameters.keys().find(|name| !known(name)) {
        let what = format!("`{name}` has no parameter `{strange}`");
        return Err(Refusal::new("no-parameter", what).passes_if("it is one that it declares"));
    }
    let missing = spec.parameters.iter().find(|one| {
        !one.secret && one.default.is_none() && !parameters.contains_key(&one.name.value)
    });
    if let Some(missing) = missing {
        let what = format!("nobody said what `{}` is: {}", missing.name.value, missing.asks);
        return Err(Refusal::new("no-value", what).passes_if("it is said"));
    }
    let told = |one: &&crate::kinds::Parameter| !one.secret;
    let parameters = spec.parameters.iter().filter(told).filter_map(|one| {
        let said = parameters.get(&one.name.value).or(one.default.as_ref())?;
        Some((one.name.value.clone(), said.clone()))
    });
    if let Some(incident) = incident.filter(|id| !facts.record.incidents.contains_key(*id)) {
        return Err(Refusal::new("no-incident", format!("there is no incident `{incident}`"))
            .passes_if("it is one that was declared"));
    }
    Ok(vec![Event::Begun {
        runbook: name.to_owned(),
        digest: spec.digest(),
        steps: u32::try_from(spec.steps.len()).unwrap_or(u32::MAX),
        parameters: parameters.collect(),
        incident: incident.map(str::to_owned),
        person: person.to_owned(),
    }])
}

/// The runbook, when its steps are those with which the run began.
fn same<'a>(state: &State, facts: &Facts<'a>) -> Result<&'a Runbook, Refusal> {
    let found = facts.model.get::<Runbook>(&state.runbook).map(|found| found.spec);
    found.filter(|found| found.digest() == state.digest).ok_or_else(|| {
        let what = format!("the steps of `{}` are others than when the run began", state.runbook);
        Refusal::new("runbook-changed", what).passes_if("a new run is begun")
    })
}

fn in_turn(state: &State, step: u32) -> Result<(), Refusal> {
    if step == state.next {
        return Ok(());
    }
    let what = format!("step {} is not the next one, step {} is", step + 1, state.next + 1);
    Err(Refusal::new("not-in-turn", what).passes_if("the steps are run in their order"))
}

fn approve(
    state: &State,
    step: u32,
    person: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let found = usize::try_from(step).ok().and_then(|at| same(state, facts).ok()?.steps.get(at));
    same(state, facts)?;
    if !found.is_some_and(|step| step.approve) {
        let what = format!("step {} waits for nobody", step.saturating_add(1));
        return Err(Refusal::new("needs-no-approval", what)
            .passes_if("it is a step that is marked `approve`"));
    }
    if state.person == person {
        return Err(Refusal::new("own-run", "nobody approves a step of their own run")
            .passes_if("a second person does"));
    }
    Ok(vec![Event::Approved { step, person: person.to_owned() }])
}

fn start(state: &State, step: u32, person: &str, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let spec = same(state, facts)?;
    in_turn(state, step)?;
    let found = usize::try_from(step).ok().and_then(|at| spec.steps.get(at));
    if found.is_some_and(|found| found.approve) {
        match state.approved.get(&step) {
            None => {
                let what = format!("step {} waits for the approval of a second person", step + 1);
                return Err(Refusal::new("not-approved", what)
                    .passes_if("somebody else agrees to it, with `council runbook approve`"));
            }
            // Whoever resumes a run must not be the one who agreed to the step.
            Some(by) if by == person => {
                return Err(Refusal::new("own-approval", "you agreed to this step yourself")
                    .passes_if("somebody else runs it"));
            }
            Some(_) => {}
        }
    }
    Ok(vec![Event::Started { step, person: person.to_owned() }])
}
