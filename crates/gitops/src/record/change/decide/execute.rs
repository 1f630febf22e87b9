//! Applying: begin when the gate allows it, write down every step, end it.

use governance::Refusal;
use plan::execute::{Fence, Record};
use plan::lifecycle::Happening;

use super::super::state::event;
use super::super::{Around, Event, Origin, Planned, Stage};
use super::Desk;
use crate::gate::Outcome;

impl Desk<'_> {
    /// Begins, or goes on. What has begun under the gate goes on without asking it again: half a
    /// change is worse than a whole one.
    pub(super) fn start(&self, fence: &Fence) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        self.can(Happening::ApplyStarted)?;
        let Some(plan) = &self.state.plan else {
            return Err(self.not_now("it has no plan to apply"));
        };
        if fence.generation != plan.generation {
            let text = format!(
                "the executor works on generation {}, and the plan is of generation {}",
                fence.generation, plan.generation
            );
            return Err(
                Refusal::new("stale-plan", text).passes_if("it applies the plan as it stands")
            );
        }
        self.is_newest(fence)?;
        let under_way = matches!(self.state.stage, Stage::Applying | Stage::Verifying);
        let verdict = self.verdict_of(self.state);
        if !under_way && verdict.outcome != Outcome::Allow {
            let mut refusal = Refusal::new("held", format!("the gate says {}", verdict.outcome));
            for reason in verdict.held_by() {
                refusal.reasons.push(reason.text.clone());
                refusal.would_pass_if.extend(reason.would_change.clone());
            }
            return Err(refusal);
        }
        let started = Event::ApplyStarted { plan: plan.hash.clone(), fence: fence.clone() };
        if under_way || self.state.stage == Stage::Failed {
            return Ok(vec![started]);
        }
        let notes = verdict.reasons.iter().map(|it| (it.code.clone(), it.text.clone())).collect();
        Ok(vec![Event::Judged { outcome: verdict.outcome, reasons: notes }, started])
    }

    fn is_newest(&self, fence: &Fence) -> Result<(), Refusal> {
        let known = self.state.fence.as_ref().filter(|known| known.token > fence.token);
        known.map_or(Ok(()), |known| {
            let text = format!(
                "another executor has taken over with token {}; this one has {}",
                known.token, fence.token
            );
            Err(Refusal::new("fenced", text)
                .passes_if("it stops, and starts again with a new lease"))
        })
    }

    pub(super) fn journal(&self, after: usize, records: &[Record]) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        if self.state.stage != Stage::Applying {
            return Err(self.not_now("nobody is applying it"));
        }
        let known = self.state.journal.len();
        if after != known {
            let text = format!("the executor knows {after} records, and the journal has {known}");
            return Err(Refusal::new("fenced", text)
                .passes_if("it reads the journal again; another executor may have gone on"));
        }
        let plan = self.state.plan.as_ref().map(|plan| plan.hash.as_str());
        for record in records {
            if let Record::Started { plan: other, fence, .. } = record {
                self.is_newest(fence)?;
                if plan != Some(other.to_string().as_str()) {
                    return Err(Refusal::new("stale-plan", "the executor works on another plan")
                        .passes_if("it applies the plan as it stands"));
                }
            }
        }
        Ok(records.iter().map(event).collect())
    }

    pub(super) fn finish(&self) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        self.can(Happening::Applied)?;
        let alone = |plan: &Planned| plan.steps.saturating_sub(plan.carried);
        let steps = self.state.plan.as_ref().map_or(0, alone);
        let last = self.state.steps();
        let done = last
            .values()
            .filter(|record| matches!(record, Record::Applied { .. } | Record::Verified { .. }));
        let done = u64::try_from(done.count()).unwrap_or(u64::MAX);
        if done < steps {
            let text = format!("{done} of {} are done", diag::words::count(count(steps), "step"));
            return Err(Refusal::new("steps-left", text).passes_if("every step is done"));
        }
        Ok(vec![Event::Applied {}])
    }

    /// Done; a rollback that is done takes its change back, which whoever carries this out follows up
    /// with [`Command::RollBack`](super::super::Command::RollBack).
    pub(super) fn verify(&self) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        self.can(Happening::Verified)?;
        Ok(vec![Event::Verified {}])
    }

    pub(super) fn fail(&self, why: &str) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        self.can(Happening::Failed)?;
        Ok(vec![Event::Failed { why: why.to_owned() }])
    }

    pub(super) fn roll_back(&self, by: &str) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        self.can(Happening::RolledBack)?;
        let rollback = self.facts.record.changes.get(by);
        let is_ours = rollback.is_some_and(|rollback| {
            rollback.origin == Origin::RollbackOf(self.name.to_owned())
                && rollback.stage == Stage::Done
        });
        if !is_ours {
            let text = format!("`{by}` has not taken `{}` back", self.name);
            return Err(Refusal::new("not-rolled-back", text)
                .passes_if("a rollback of it is applied and verified"));
        }
        Ok(vec![Event::RolledBack { by: by.to_owned() }])
    }

    pub(super) fn around(&self, happened: &Around) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        let known = match happened {
            Around::Silenced { silence, .. } => {
                *silence < self.state.said.maintenance.silences.len()
            }
            Around::SilenceMatched { silence, matched } => {
                let stands = self.state.around.silences.get(silence);
                stands.is_some_and(|stands| stands.matched < Some(*matched))
            }
            Around::SilenceEnded { silence, .. } => {
                self.state.around.silences.contains_key(silence)
            }
            Around::NoticeShown {} | Around::NoticeEnded {} => {
                self.state.said.maintenance.notice.is_some()
            }
            Around::Refused { .. } => true,
        };
        if !known {
            let text = "the change declares nothing like that, or nothing new was seen";
            return Err(Refusal::new("not-declared", text).passes_if("its maintenance names it"));
        }
        Ok(vec![Event::Around { happened: happened.clone() }])
    }
}

fn count(steps: u64) -> usize {
    usize::try_from(steps).unwrap_or(usize::MAX)
}
