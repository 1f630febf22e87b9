//! The verdict on a proposal: whether its rule is met, what it waits for, and when that changes.
//!
//! A pure function of the state, the playbook and the moment. For one state and playbook it only moves
//! forward in time: what is accepted at noon is accepted in the evening.

use std::collections::BTreeSet;

use jiff::Timestamp;
use org::Roster;
use org::kinds::Seat;
use playbook::Model;
use schemars::JsonSchema;
use serde::Serialize;

use super::eligible::seat_title;
use super::{Position, Proposal, Stage, State, Vote};
use crate::kinds::{Agree, Decision};
use crate::words;

/// What follows from the votes so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was proposed.
    NotProposed,
    /// The text changed after it was proposed: the votes are void.
    Void,
    /// An objection stands, or everybody has spoken and the rule is not met.
    Blocked,
    /// Somebody can still speak, or time still runs.
    Waiting,
    /// The rule is met.
    Accept,
    /// It is closed.
    Closed,
}

/// Where one seat stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// It agreed.
    Agrees,
    /// It objects, and nobody has answered.
    Objects,
    /// It objected, and the author has answered.
    Answered,
    /// It leaves the decision to the others.
    Abstains,
    /// Its vote was left to the backup, who has not spoken.
    Delegated,
    /// It has not spoken.
    Silent,
    /// It has not spoken, and its time to object is over: lazy consensus.
    Consents,
    /// It is not at the table now.
    Inactive,
}

/// One seat in a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeatVerdict {
    /// The seat's name.
    pub seat: String,
    /// The name that people read.
    pub title: String,
    /// Where it stands.
    pub stance: Stance,
    /// Who spoke for it.
    pub person: Option<String>,
    /// When its silence becomes agreement.
    pub silent_until: Option<Timestamp>,
}

/// What is to be said about a proposal now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// How far it has come.
    pub stage: Stage,
    /// What follows.
    pub outcome: Outcome,
    /// Why, in the user's words; never empty.
    pub reasons: Vec<String>,
    /// Where each seat with a vote stands.
    pub seats: Vec<SeatVerdict>,
    /// The parties that were asked and have not spoken, while they are waited for.
    pub awaited: Vec<String>,
    /// When time alone will change this verdict.
    pub next_change_at: Option<Timestamp>,
}

/// Judges a decision. `decision` is its text as the playbook has it now.
pub fn verdict(
    state: &State,
    decision: Option<&Decision>,
    model: &Model,
    now: Timestamp,
) -> Verdict {
    let simple = |outcome, reason: String| Verdict {
        stage: state.stage,
        outcome,
        reasons: vec![reason],
        seats: Vec::new(),
        awaited: Vec::new(),
        next_change_at: None,
    };
    let Some(proposal) = &state.proposal else {
        if state.stage == Stage::Draft {
            return simple(Outcome::NotProposed, "it has not been proposed".to_owned());
        }
        return closed(state, simple);
    };
    let judged = Judged::new(state, proposal, model, now);
    if !state.stage.is_open() {
        return Verdict { seats: judged.seats, ..closed(state, simple) };
    }
    if decision.is_some_and(|decision| decision.digest() != proposal.digest) {
        let votes = match state.votes.len() {
            0 => "it".to_owned(),
            count => format!("{} void, and it", words::are(count, "vote")),
        };
        let reason =
            format!("the text changed after it was proposed: {votes} must be proposed again");
        return Verdict { seats: judged.seats, ..simple(Outcome::Void, reason) };
    }
    judged.verdict(state.stage)
}

fn closed(state: &State, simple: impl Fn(Outcome, String) -> Verdict) -> Verdict {
    let reason = match (&state.stage, &state.successor) {
        (Stage::Superseded, Some(by)) => format!("it was superseded by `decision/{by}`"),
        (stage, _) => format!("it is {}", stage.word()),
    };
    let mut verdict = simple(Outcome::Closed, reason);
    verdict.reasons.extend(state.outcome.iter().cloned());
    verdict
}

/// A proposal with every seat looked at.
struct Judged<'a> {
    proposal: &'a Proposal,
    now: Timestamp,
    seats: Vec<SeatVerdict>,
    awaited: Vec<String>,
}

impl<'a> Judged<'a> {
    fn new(state: &State, proposal: &'a Proposal, model: &Model, now: Timestamp) -> Self {
        // Whether a seat is at the table is a condition of the organization; no day enters into it.
        let roster = Roster::new(model, jiff::civil::Date::ZERO);
        let panel = &proposal.panel;
        let voting =
            |seat: &String| model.get::<Seat>(seat).is_some_and(|it| roster.is_active(&it));
        let seats = panel.must_agree.iter().map(|seat| {
            let vote = state.votes.get(seat);
            let (stance, silent_until) =
                if voting(seat) { stance(proposal, vote, now) } else { (Stance::Inactive, None) };
            SeatVerdict {
                seat: seat.clone(),
                title: seat_title(model, seat),
                stance,
                person: vote.map(|vote| vote.person.clone()),
                silent_until,
            }
        });
        let silent = |party: &&String| {
            let seat = party.strip_prefix("seat/");
            seat.is_some_and(|seat| voting(&seat.to_owned())) && !state.advice.contains_key(*party)
        };
        let waits = panel.consult_until.is_some_and(|until| now < until);
        let awaited = panel.consulted.iter().filter(|_| waits).filter(silent).cloned().collect();
        let mut judged = Self { proposal, now, seats: seats.collect(), awaited };
        judged.let_objections_stop_silence();
        judged
    }

    /// Silence is no agreement while an objection has not been answered.
    fn let_objections_stop_silence(&mut self) {
        if self.count(&Stance::Objects) > 0 {
            for seat in &mut self.seats {
                if seat.stance == Stance::Consents {
                    seat.stance = Stance::Silent;
                }
            }
        }
    }

    fn count(&self, stance: &Stance) -> usize {
        self.seats.iter().filter(|seat| seat.stance == *stance).count()
    }

    fn named(&self, stances: &[Stance]) -> impl Iterator<Item = &SeatVerdict> {
        self.seats.iter().filter(move |seat| stances.contains(&seat.stance))
    }

    /// How many seats must agree.
    fn needed(&self) -> usize {
        match self.proposal.panel.agree {
            Agree::All => {
                self.seats.len() - self.count(&Stance::Abstains) - self.count(&Stance::Inactive)
            }
            Agree::AtLeast(number) => number as usize,
        }
    }

    /// Says whether somebody other than the author has said yes. Two seats of one person are one
    /// person here, and silence is nobody.
    fn somebody_else_agrees(&self) -> bool {
        let people: BTreeSet<_> =
            self.named(&[Stance::Agrees]).filter_map(|seat| seat.person.as_deref()).collect();
        people.iter().any(|person| *person != self.proposal.author)
    }

    fn verdict(self, stage: Stage) -> Verdict {
        let agreeing = self.count(&Stance::Agrees) + self.count(&Stance::Consents);
        let met = agreeing >= self.needed().max(1);
        let outcome = if met && self.awaited.is_empty() && self.somebody_else_agrees() {
            Outcome::Accept
        } else if met && !self.awaited.is_empty() {
            Outcome::Waiting
        } else if self.is_blocked(met) {
            Outcome::Blocked
        } else {
            Outcome::Waiting
        };
        let reasons = match outcome {
            Outcome::Accept => self.reasons_for(agreeing),
            Outcome::NotProposed
            | Outcome::Void
            | Outcome::Blocked
            | Outcome::Waiting
            | Outcome::Closed => self.reasons_against(met),
        };
        let next_change_at = self.next_change();
        let Self { seats, awaited, .. } = self;
        Verdict { stage, outcome, reasons, seats, awaited, next_change_at }
    }

    /// Nothing but a new word can move it: an objection stands, or everybody has spoken.
    fn is_blocked(&self, met: bool) -> bool {
        let open = [Stance::Silent, Stance::Delegated, Stance::Answered, Stance::Consents];
        !met && (self.count(&Stance::Objects) > 0 || self.named(&open).next().is_none())
    }

    fn reasons_for(&self, agreeing: usize) -> Vec<String> {
        let mut reasons = vec![match self.proposal.panel.agree {
            Agree::All => format!("all {} that had a say agree", words::count(agreeing, "seat")),
            Agree::AtLeast(number) => {
                format!("{} agree; {number} were needed", words::count(agreeing, "seat"))
            }
        }];
        for seat in self.named(&[Stance::Agrees]) {
            let person = seat.person.as_deref().unwrap_or_default();
            reasons.push(format!("{} agrees (`{person}`)", seat.title));
        }
        for seat in self.named(&[Stance::Consents]) {
            reasons.push(format!("{} did not object in time: lazy consensus", seat.title));
        }
        for seat in self.named(&[Stance::Objects, Stance::Answered]) {
            reasons.push(format!("{} is outvoted", seat.title));
        }
        reasons
    }

    fn reasons_against(&self, met: bool) -> Vec<String> {
        let mut reasons = Vec::new();
        for seat in self.named(&[Stance::Objects]) {
            let person = seat.person.as_deref().unwrap_or_default();
            reasons.push(format!(
                "{} objects (`{person}`): it goes on when the objection is answered, withdrawn or outvoted",
                seat.title
            ));
        }
        if !met {
            reasons.extend(self.named(&[Stance::Delegated, Stance::Silent, Stance::Answered]).map(
                |seat| match (&seat.stance, seat.silent_until) {
                    (Stance::Delegated, _) => format!(
                        "waiting for the backup of {}, to whom the vote was delegated",
                        seat.title
                    ),
                    (_, Some(until)) if until > self.now => format!(
                        "waiting for {}: {} left; then lazy consensus",
                        seat.title,
                        words::left(self.now, until)
                    ),
                    _ => format!("waiting for {}", seat.title),
                },
            ));
        }
        if let Some(until) = self.proposal.panel.consult_until.filter(|_| !self.awaited.is_empty())
        {
            let parties = self.awaited.join("`, `");
            let left = words::left(self.now, until);
            reasons.push(format!("`{parties}` may still be consulted: {left} left"));
        }
        if !self.somebody_else_agrees() {
            let author = &self.proposal.author;
            reasons.push(format!(
                "nobody but the author has agreed yet: somebody other than `{author}` must"
            ));
        }
        if reasons.is_empty() {
            let agreeing = self.count(&Stance::Agrees);
            let needed = self.needed().max(1);
            reasons.push(format!(
                "everybody has spoken: {} of {needed} agree",
                words::count(agreeing, "seat")
            ));
        }
        reasons
    }

    fn next_change(&self) -> Option<Timestamp> {
        let consult = self.proposal.panel.consult_until.filter(|_| !self.awaited.is_empty());
        let objected = self.count(&Stance::Objects) > 0;
        let lazy = self.seats.iter().filter(|_| !objected).filter_map(|seat| seat.silent_until);
        lazy.chain(consult).filter(|at| *at > self.now).min()
    }
}

/// Where a seat stands, and when its silence becomes agreement.
fn stance(proposal: &Proposal, vote: Option<&Vote>, now: Timestamp) -> (Stance, Option<Timestamp>) {
    let lazy_at = proposal.panel.lazy_consensus_at;
    let silent = |waiting: Stance, until: Option<Timestamp>| match until {
        Some(until) if until <= now => (Stance::Consents, Some(until)),
        until => (waiting, until),
    };
    let Some(vote) = vote else { return silent(Stance::Silent, lazy_at) };
    match (vote.position, &vote.answer) {
        (Position::Agree, _) => (Stance::Agrees, None),
        (Position::Abstain, _) => (Stance::Abstains, None),
        (Position::Delegate, _) => silent(Stance::Delegated, lazy_at),
        (Position::Object, None) => (Stance::Objects, None),
        (Position::Object, Some((answered, _))) => {
            // Whoever objected gets the whole time again, to say whether the answer will do.
            let until = lazy_at.and_then(|at| {
                let whole = at.duration_since(proposal.at);
                answered.checked_add(whole).ok()
            });
            silent(Stance::Answered, until)
        }
    }
}
