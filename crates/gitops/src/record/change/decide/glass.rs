//! The gate's word, and passing it in an emergency.

use governance::{Refusal, Text};

use super::super::{Event, Stage};
use super::Desk;
use crate::gate::{self, NeedKind};

impl Desk<'_> {
    /// Writes down what the gate says, when it says something new.
    pub(super) fn judge(&self) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        let verdict = self.verdict_of(self.state);
        let holding = verdict.held_by().map(|reason| (reason.code.clone(), reason.text.clone()));
        let reasons: Vec<(String, String)> = holding.collect();
        let judges =
            matches!(self.state.stage, Stage::Planned | Stage::AwaitingApproval | Stage::Approved);
        let known = self.state.judged.as_ref();
        let is_news =
            known.is_none_or(|known| known.outcome != verdict.outcome || known.reasons != reasons);
        if !judges || !is_news {
            return Err(Refusal::new("nothing-new", "the gate says what it said before")
                .passes_if("something changes"));
        }
        Ok(vec![Event::Judged { outcome: verdict.outcome, reasons }])
    }

    pub(super) fn break_glass(&self, seat: &str, reason: &Text) -> Result<Vec<Event>, Refusal> {
        let council = &self.facts.council;
        council.actor_works_here()?;
        let waits =
            matches!(self.state.stage, Stage::Planned | Stage::AwaitingApproval | Stage::Approved);
        let Some(plan) = self.state.plan.as_ref().filter(|_| waits) else {
            let stage = self.state.stage.words();
            return Err(self.not_now(&format!("it is {stage}: there is no gate to pass")));
        };
        if reason.is_blank() {
            return Err(Refusal::new("no-reason", "breaking the glass needs a reason")
                .passes_if("it says why it cannot wait"));
        }
        let person = council.actor;
        if !council.seats_of(person).any(|it| it.name() == seat) {
            let text = format!("`{person}` holds no seat `{seat}` at the table");
            return Err(Refusal::new("not-holder", text)
                .passes_if("the primary or backup of a seat breaks the glass"));
        }
        let broken = self.state.glass.as_ref();
        if broken.is_some_and(|glass| glass.by.plan.as_ref() == Some(&plan.hash)) {
            return Err(Refusal::new(
                "broken-already",
                "the glass is broken for this plan already",
            )
            .passes_if("the plan is another one"));
        }
        let verdict = self.verdict_of(self.state);
        let within = gate::policy(council.model).break_glass_review_within.to_duration();
        let review_due = council.now.checked_add(within).unwrap_or(council.now);
        let needed = verdict.needed.iter().filter(|need| need.kind != NeedKind::Inform);
        Ok(vec![Event::BrokeGlass {
            person: person.to_owned(),
            seat: seat.to_owned(),
            plan: plan.hash.clone(),
            reason: reason.clone(),
            overrode: verdict.held_by().map(|reason| reason.code.clone()).collect(),
            pages: needed.map(|need| need.party.clone()).collect(),
            review_due,
        }])
    }

    pub(super) fn review(&self, finding: &Text) -> Result<Vec<Event>, Refusal> {
        let council = &self.facts.council;
        council.actor_has_a_say(None)?;
        let Some(glass) = self.state.glass.as_ref().filter(|glass| glass.review.is_none()) else {
            return Err(Refusal::new(
                "no-review-due",
                "nobody broke the glass, or it was reviewed",
            )
            .passes_if("`council change list` shows a review that is due"));
        };
        if glass.by.person == council.actor {
            let text =
                format!("`{}` broke the glass, and nobody reviews themselves", council.actor);
            return Err(
                Refusal::new("own-glass", text).passes_if("another holder of a seat does it")
            );
        }
        if finding.is_blank() {
            return Err(Refusal::new("no-finding", "a review says what came out of it")
                .passes_if("it says whether it was right, and what has to change"));
        }
        let person = council.actor.to_owned();
        Ok(vec![Event::Reviewed { person, finding: finding.clone() }])
    }
}
