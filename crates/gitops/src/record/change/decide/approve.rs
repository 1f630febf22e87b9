//! Approving: by a seat that is not the author's, for the plan as it stands.

use std::collections::{BTreeMap, BTreeSet};

use governance::{Refusal, Text};
use org::kinds::Seat;

use super::super::{Event, Stage, Via};
use super::Desk;
use super::write::short;
use crate::gate::{self, Capacity, voices};

impl Desk<'_> {
    pub(super) fn approve(
        &self,
        seat: &str,
        (plan, revision): (&str, &str),
        via: Via,
        comment: Option<&Text>,
    ) -> Result<Vec<Event>, Refusal> {
        let council = &self.facts.council;
        council.actor_works_here()?;
        self.awaits_approval()?;
        let person = council.actor;
        if person == self.state.author {
            let text =
                format!("`{person}` wrote `{}`, and nobody approves their own change", self.name);
            return Err(Refusal::new("own-change", text).passes_if("somebody else approves it"));
        }
        self.same_plan(plan, revision)?;
        let capacity = self.may_speak(seat)?;
        let standing = self.state.standing();
        let mut given =
            standing.filter(|it| it.approval.seat == seat && it.approval.person == person);
        if given.any(|it| it.approval.expires > council.now) {
            let text = format!("`{person}` has approved it for the seat `{seat}` already");
            return Err(
                Refusal::new("approved-already", text).passes_if("another seat approves it")
            );
        }
        let last = gate::policy(council.model).approvals_last.to_duration();
        let expires = council.now.checked_add(last).map_err(|_| {
            Refusal::new("no-time", "the approval would expire after the end of time")
                .passes_if("the gate policy's `approvals_last` is shorter")
        })?;
        Ok(self.follow(vec![Event::Approved {
            seat: seat.to_owned(),
            person: person.to_owned(),
            capacity,
            plan: plan.to_owned(),
            revision: revision.to_owned(),
            expires,
            via,
            comment: comment.cloned(),
        }]))
    }

    fn awaits_approval(&self) -> Result<(), Refusal> {
        match self.state.stage {
            Stage::AwaitingApproval | Stage::Approved => Ok(()),
            stage @ (Stage::Draft | Stage::Planned) => Err(self.not_now(&format!(
                "a change that is {} is not up for approval; its author submits it first",
                stage.words()
            ))),
            stage @ (Stage::Applying
            | Stage::Verifying
            | Stage::Done
            | Stage::Failed
            | Stage::RolledBack
            | Stage::Abandoned) => {
                Err(self.not_now(&format!("it is {}: an approval comes too late", stage.words())))
            }
        }
    }

    /// An approval is for what somebody has read.
    fn same_plan(&self, plan: &str, revision: &str) -> Result<(), Refusal> {
        let Some(known) = &self.state.plan else {
            return Err(self.not_now("it has no plan that could be approved"));
        };
        if known.hash != plan {
            let text = format!(
                "the approval is for the plan {}, and the plan of `{}` is {} now",
                short(plan),
                self.name,
                short(&known.hash)
            );
            return Err(Refusal::new("other-plan", text)
                .passes_if("you read the plan as it stands and approve that one"));
        }
        if known.revision != revision {
            let text = format!(
                "the approval is for the revision {}, and the plan rests on {}",
                short(revision),
                short(&known.revision)
            );
            return Err(Refusal::new("other-revision", text)
                .passes_if("you read the plan as it stands and approve that one"));
        }
        Ok(())
    }

    /// In which capacity the actor speaks for a seat.
    fn may_speak(&self, seat: &str) -> Result<Capacity, Refusal> {
        let council = &self.facts.council;
        let Some(found) = council.model.get::<Seat>(seat) else {
            let mine: Vec<_> = council.seats_of(council.actor).map(|it| it.name()).collect();
            let refusal = Refusal::new("no-seat", format!("there is no seat `{seat}`"));
            return Err(match mine.as_slice() {
                [] => refusal.passes_if("it names a seat of the playbook"),
                mine => {
                    refusal.passes_if(format!("it is for one of yours: `{}`", mine.join("`, `")))
                }
            });
        };
        let roster = council.roster();
        if !roster.is_active(&found) {
            let condition = found.active_when.as_ref().map_or("", |name| name.as_str());
            let text = format!("the seat `{seat}` is at the table only while `{condition}` holds");
            return Err(Refusal::new("inactive-seat", text)
                .passes_if(format!("the organization's condition `{condition}` is true")));
        }
        let engaged: BTreeSet<&str> = self
            .state
            .standing()
            .filter(|it| it.approval.seat != seat)
            .map(|it| it.approval.person.as_str())
            .collect();
        let may = voices(found, &roster, &self.state.author, &engaged);
        if let Some((_, capacity)) = may.iter().find(|(person, _)| person == council.actor) {
            return Ok(*capacity);
        }
        let actor = council.actor;
        let is_backup = found.backup.as_ref().is_some_and(|backup| backup.name() == actor);
        let text = match found.primary.as_ref().filter(|_| is_backup) {
            Some(primary) => {
                format!("`{actor}` is the backup of `{seat}`, and `{}` is here", primary.name())
            }
            None => format!("`{actor}` does not hold the seat `{seat}`"),
        };
        let refusal = Refusal::new("not-holder", text);
        Err(match may.first() {
            Some((person, _)) => refusal.passes_if(format!("`{person}` approves it")),
            None => {
                refusal.passes_if(format!("the playbook names `{actor}` as its primary or backup"))
            }
        })
    }

    pub(super) fn withdraw(
        &self,
        seat: &str,
        reason: Option<&Text>,
    ) -> Result<Vec<Event>, Refusal> {
        let council = &self.facts.council;
        council.actor_works_here()?;
        self.awaits_approval()?;
        let person = council.actor;
        let mut mine = self.state.standing().filter(|it| it.approval.seat == seat);
        if !mine.any(|it| it.approval.person == person) {
            let text = format!("`{person}` has not approved it for the seat `{seat}`");
            return Err(Refusal::new("not-approved", text)
                .passes_if("it names the seat for which you approved it"));
        }
        Ok(self.follow(vec![Event::ApprovalWithdrawn {
            seat: seat.to_owned(),
            person: person.to_owned(),
            reason: reason.cloned(),
        }]))
    }

    pub(super) fn drift(
        &self,
        drifted: &BTreeMap<String, Vec<String>>,
    ) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        let waits =
            matches!(self.state.stage, Stage::Planned | Stage::AwaitingApproval | Stage::Approved);
        let touched = self.state.plan.as_ref().map(|plan| &plan.touched.targets);
        let drifted: BTreeMap<String, Vec<String>> = drifted
            .iter()
            .filter(|(target, resources)| {
                !resources.is_empty() && touched.is_some_and(|it| it.contains(*target))
            })
            .map(|(target, resources)| (target.clone(), resources.clone()))
            .collect();
        if !waits || drifted.is_empty() || drifted == self.state.drifted {
            return Err(Refusal::new(
                "nothing-drifted",
                "nothing has changed that the plan rests on",
            )
            .passes_if("a target of a plan that waits reports something else than it did"));
        }
        let mut events = vec![Event::Drifted { drifted }];
        let seats: Vec<String> = self.state.standing().map(|it| it.approval.seat.clone()).collect();
        if !seats.is_empty() {
            let why = "the systems have changed since the plan was made".to_owned();
            events.push(Event::ApprovalsVoid { seats, why });
        }
        Ok(self.follow(events))
    }

    /// Approvals that ran out, or whose holders left, are written down as such.
    pub(super) fn settle(&self) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        let nothing = || {
            Refusal::new("nothing-due", "time has brought nothing to it yet")
                .passes_if("an approval runs out")
        };
        if !matches!(self.state.stage, Stage::AwaitingApproval | Stage::Approved) {
            return Err(nothing());
        }
        let council = &self.facts.council;
        let roster = council.roster();
        let ran_out = |it: &&super::super::Approved| it.approval.expires <= council.now;
        let gone = |it: &&super::super::Approved| !roster.works_here(&it.approval.person);
        let seats = |which: &dyn Fn(&&super::super::Approved) -> bool| -> Vec<String> {
            self.state.standing().filter(which).map(|it| it.approval.seat.clone()).collect()
        };
        let mut events = Vec::new();
        for (seats, why) in [
            (seats(&ran_out), "they ran out"),
            (seats(&gone), "whoever gave them does not work here any more"),
        ] {
            if !seats.is_empty() {
                events.push(Event::ApprovalsVoid { seats, why: why.to_owned() });
            }
        }
        let events = self.follow(events);
        if events.is_empty() { Err(nothing()) } else { Ok(events) }
    }
}
