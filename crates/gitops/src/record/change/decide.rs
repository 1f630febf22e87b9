//! What may be done about a change, by whom, and what follows from it.

mod approve;
mod execute;
mod glass;
mod write;

use governance::Refusal;
use plan::lifecycle::Happening;

use super::super::{Facts, State as Record};
use super::{Command, Event, Stage, State};
use crate::gate::{self, Verdict};

/// Carries out a command about the change `name`, or says why not.
///
/// # Errors
/// Refuses what the stage, the actor, the plan or the gate does not allow.
pub fn decide(
    before: Option<&State>,
    name: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Command::Draft { said, origin } = command {
        return write::draft(before, name, said, origin, facts);
    }
    let Some(state) = before else {
        return Err(Refusal::new("no-change", format!("there is no change `{name}`"))
            .passes_if("it is drafted first; `council change list` shows what there is"));
    };
    let desk = Desk { state, name, facts };
    match command {
        Command::Draft { .. } => Ok(Vec::new()),
        Command::Describe { said } => desk.describe(said),
        Command::Plan { plan } => desk.plan(plan),
        Command::Submit {} => desk.submit(),
        Command::Approve { seat, plan, revision, via, comment } => {
            desk.approve(seat, (plan, revision), *via, comment.as_ref())
        }
        Command::WithdrawApproval { seat, reason } => desk.withdraw(seat, reason.as_ref()),
        Command::Drift { drifted } => desk.drift(drifted),
        Command::Settle {} => desk.settle(),
        Command::Judge {} => desk.judge(),
        Command::BreakGlass { seat, reason } => desk.break_glass(seat, reason),
        Command::Review { finding } => desk.review(finding),
        Command::Start { fence } => desk.start(fence),
        Command::Journal { after, records } => desk.journal(*after, records),
        Command::Finish {} => desk.finish(),
        Command::Verify {} => desk.verify(),
        Command::Fail { why } => desk.fail(why),
        Command::RollBack { by } => desk.roll_back(by),
        Command::Abandon { reason } => desk.abandon(reason.as_ref()),
        Command::Around { happened } => desk.around(happened),
    }
}

/// The next free id of a year: `CHG-2026-0007`.
pub fn next_id(record: &Record, year: i16) -> String {
    let prefix = format!("CHG-{year:04}-");
    let numbers =
        record.changes.keys().filter_map(|id| id.strip_prefix(&prefix)?.parse::<u32>().ok());
    format!("{prefix}{:04}", numbers.max().unwrap_or(0) + 1)
}

/// Everything that deciding needs: the state, its name, the world.
struct Desk<'a> {
    state: &'a State,
    name: &'a str,
    facts: &'a Facts<'a>,
}

impl Desk<'_> {
    /// Refuses what cannot happen at this stage of a change's life.
    fn can(&self, happening: Happening) -> Result<(), Refusal> {
        let after = self.state.stage.after(happening);
        after.map(|_| ()).map_err(|refusal| self.not_now(&refusal.to_string()))
    }

    fn not_now(&self, why: &str) -> Refusal {
        Refusal::new("wrong-stage", format!("`{}`: {why}", self.name))
            .passes_if(format!("`council change show {}` says what it waits for", self.name))
    }

    /// Whether somebody may still say something else about it.
    fn is_open(&self) -> Result<(), Refusal> {
        match self.state.stage {
            Stage::Draft
            | Stage::Planned
            | Stage::AwaitingApproval
            | Stage::Approved
            | Stage::Failed => Ok(()),
            stage @ (Stage::Applying
            | Stage::Verifying
            | Stage::Done
            | Stage::RolledBack
            | Stage::Abandoned) => {
                Err(self.not_now(&format!("a change that is {} stays as it is", stage.words())))
            }
        }
    }

    /// Refuses everybody but the author; when the author has left, anybody at the table clears up.
    fn is_author(&self, deed: &str) -> Result<(), Refusal> {
        let council = &self.facts.council;
        council.actor_works_here()?;
        let author = &self.state.author;
        if council.actor == author {
            return Ok(());
        }
        if !council.roster().works_here(author) {
            return council.actor_has_a_say(None);
        }
        Err(Refusal::new("not-author", format!("only its author, `{author}`, can {deed}"))
            .passes_if(format!("`{author}` does it")))
    }

    /// Refuses strangers; council itself plans, settles and applies.
    fn may_act(&self) -> Result<(), Refusal> {
        if self.facts.is_itself() { Ok(()) } else { self.facts.council.actor_works_here() }
    }

    /// What the gate says of a state.
    fn verdict_of(&self, state: &State) -> Verdict {
        let mut facts = std::borrow::Cow::Borrowed(self.facts.gate);
        if !state.drifted.is_empty() {
            facts.to_mut().drift = state.drifted.clone();
        }
        let council = &self.facts.council;
        gate::judge(&state.subject(self.name), council.model, &facts, council.now)
    }

    /// What follows from events about approvals: enough are there, or not any more.
    fn follow(&self, mut events: Vec<Event>) -> Vec<Event> {
        let now = self.facts.council.now;
        let after = events
            .iter()
            .try_fold(self.state.clone(), |state, event| State::apply(Some(state), event, now));
        let Some(after) = after else { return events };
        let verdict = self.verdict_of(&after);
        let enough = verdict.approved || verdict.broke_glass;
        match after.stage {
            Stage::AwaitingApproval if enough => {
                let given = verdict.reasons.iter().filter(|reason| reason.code == "approved");
                let reasons = given.map(|reason| reason.text.clone()).collect();
                events.push(Event::Cleared { reasons });
            }
            Stage::Approved if !enough => {
                let missing = verdict.reasons.iter().find(|reason| reason.holds());
                let why = missing.map_or_else(String::new, |reason| reason.text.clone());
                events.push(Event::Reopened { why });
            }
            Stage::Draft
            | Stage::Planned
            | Stage::AwaitingApproval
            | Stage::Approved
            | Stage::Applying
            | Stage::Verifying
            | Stage::Done
            | Stage::Failed
            | Stage::RolledBack
            | Stage::Abandoned => {}
        }
        events
    }
}
