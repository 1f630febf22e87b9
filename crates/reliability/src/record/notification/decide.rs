//! What follows from a command about a notification.

use governance::Refusal;
use jiff::{SignedDuration, Timestamp};
use org::kinds::Seat;
use org::{Presence, Roster};
use playbook::Model;
use sha2::{Digest as _, Sha256};

use super::due::{agenda, exhausted};
use super::{Command, Event, Outcome, Stage, State, Told, Urgency};
use crate::oncall::escalate::{Rung, policy_of, rungs};
use crate::record::Facts;
use crate::record::facts::Actor;

/// How long a step waits that no policy names.
const WITHOUT_POLICY: SignedDuration = SignedDuration::from_mins(15);

/// The id of the notification for a key; the same key is the same notification, whoever asks again.
pub fn id_of(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Carries out a command about the notification `id`, or says why not.
///
/// # Errors
/// Refuses what the stage, the time or the actor does not allow.
pub fn decide(
    state: Option<&State>,
    id: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Command::Want { about, urgency, service, only, subject, text, link } = command {
        if state.is_some() {
            return Err(Refusal::new("notification-exists", "it is wanted already")
                .passes_if("another key is used"));
        }
        return Ok(vec![Event::Wanted {
            about: about.clone(),
            urgency: *urgency,
            service: service.clone(),
            only: only.clone(),
            subject: subject.clone(),
            text: text.clone(),
            link: link.clone(),
        }]);
    }
    let Some(state) = state else {
        return Err(Refusal::new("no-notification", format!("there is no notification `{id}`"))
            .passes_if("something wanted it"));
    };
    match command {
        Command::Want { .. } => Ok(Vec::new()),
        Command::Acknowledge {} => acknowledge(state, facts),
        Command::Climb {} => itself(facts).and_then(|()| climb(state, facts)),
        Command::Attempt { person, channel, step } => {
            itself(facts)?;
            open(state)?;
            Ok(vec![Event::Attempted {
                attempt: u32::try_from(state.attempts.len()).unwrap_or(u32::MAX),
                person: person.clone(),
                channel: channel.clone(),
                step: *step,
            }])
        }
        Command::Deliver { attempt } => {
            unsettled(state, *attempt, facts)?;
            Ok(vec![Event::Delivered { attempt: *attempt }])
        }
        Command::Fail { attempt, why, for_good } => {
            unsettled(state, *attempt, facts)?;
            let (why, for_good) = (why.clone(), *for_good);
            Ok(vec![Event::Failed { attempt: *attempt, why, for_good }])
        }
    }
}

fn acknowledge(state: &State, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let person = facts.person()?;
    if let Some(by) = &state.acknowledged_by {
        return Err(Refusal::new("acknowledged", format!("`{by}` acts on it already"))
            .passes_if("nobody had acknowledged it"));
    }
    Ok(vec![Event::Acknowledged { person: person.to_owned() }])
}

/// Sending is council's own work.
fn itself(facts: &Facts<'_>) -> Result<(), Refusal> {
    match facts.actor {
        Actor::Council => Ok(()),
        Actor::Person(_) => Err(Refusal::new("needs-council", "council sends it by itself")
            .passes_if("its worker does it")),
    }
}

fn open(state: &State) -> Result<(), Refusal> {
    if state.stage == Stage::Open {
        return Ok(());
    }
    Err(Refusal::new("notification-closed", "it is over").passes_if("a new one is wanted"))
}

/// An attempt can end after the notification has: somebody may acknowledge while it is on its way.
fn unsettled(state: &State, attempt: u32, facts: &Facts<'_>) -> Result<(), Refusal> {
    itself(facts)?;
    let found = usize::try_from(attempt).ok().and_then(|index| state.attempts.get(index));
    match found {
        Some(found) if found.outcome == Outcome::Open => Ok(()),
        Some(_) | None => Err(Refusal::new("no-attempt", format!("attempt {attempt} is not open"))
            .passes_if("it was begun and has not ended")),
    }
}

fn climb(state: &State, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    open(state)?;
    let early = || {
        Refusal::new("not-yet", "the step still waits for somebody to answer")
            .passes_if("its time is over")
    };
    match (state.urgency, state.steps.last()) {
        (_, None) => {}
        (Urgency::Ticket, Some(_)) => {
            let left = agenda(state, facts.model);
            return if left.is_empty() { Ok(vec![Event::Settled {}]) } else { Err(early()) };
        }
        (Urgency::Page, Some(step)) => {
            if facts.now < step.until && !exhausted(state, facts.model) {
                return Err(early());
            }
        }
    }
    let from = state.steps.len();
    let (ladder, rounds) = ladder(state, facts);
    let count = ladder.len();
    let total = count.saturating_mul(rounds);
    // A step that reaches nobody waits for nobody; it is written down, and the next one comes at once.
    let mut events = Vec::new();
    for step in from..total {
        let Some((rung, wait)) = ladder.get(step % count) else { break };
        let reaches = rung.reaches_somebody();
        let until = if reaches { later(facts.now, *wait) } else { facts.now };
        events.push(escalated(step, rung, until));
        if reaches {
            return Ok(events);
        }
    }
    events.push(Event::GivenUp {});
    Ok(events)
}

fn escalated(step: usize, rung: &Rung, until: Timestamp) -> Event {
    let told = rung
        .people
        .iter()
        .map(|told| Told { person: told.person.clone(), because: told.because.clone() });
    Event::Escalated {
        step: u32::try_from(step).unwrap_or(u32::MAX),
        told: told.collect(),
        gaps: rung.gaps.clone(),
        until,
    }
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// The steps with their waits, and how often they are gone through.
fn ladder(state: &State, facts: &Facts<'_>) -> (Vec<(Rung, SignedDuration)>, usize) {
    let model = facts.model;
    if let Some(Told { person, because }) = state.only.clone() {
        let people = vec![crate::oncall::escalate::Told { person, because }];
        let rung = Rung { after: SignedDuration::ZERO, people, gaps: Vec::new() };
        return (vec![(rung, WITHOUT_POLICY)], 1);
    }
    let named = state.service.as_deref().unwrap_or("");
    let Some(policy) = policy_of(model, named) else {
        return (vec![(everybody(model, facts), WITHOUT_POLICY)], 1);
    };
    let rungs = rungs(model, policy.spec, &facts.record.exchanges(), facts.now);
    let waits = policy.steps.value.iter().map(|step| step.wait.to_duration());
    let repeat = usize::try_from(policy.repeat).unwrap_or(0);
    (rungs.into_iter().zip(waits).collect(), repeat.saturating_add(1))
}

/// Whoever holds a seat: without a policy nobody is asked first, and a page must not be swallowed.
fn everybody(model: &Model, facts: &Facts<'_>) -> Rung {
    let roster = Roster::new(model, facts.today());
    let mut people: Vec<crate::oncall::escalate::Told> = Vec::new();
    for seat in model.all::<Seat>() {
        let Some(primary) = seat.spec.primary.as_ref().map(playbook::Ref::name) else { continue };
        let known = people.iter().any(|told| told.person == primary);
        if !known && roster.presence(primary) == Presence::Here {
            people.push(crate::oncall::escalate::Told {
                person: primary.to_owned(),
                because: format!("holds `seat/{}`; no escalation policy serves it", seat.name()),
            });
        }
    }
    Rung { after: SignedDuration::ZERO, people, gaps: Vec::new() }
}
