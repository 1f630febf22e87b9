//! One decision with its text, its votes and what can be done about it.

use jiff::Timestamp;
use org::views::PersonRef;
use playbook::Typed;
use schemars::JsonSchema;
use serde::Serialize;

use super::decisions::find_decision;
use super::{DecisionRow, PartyRef, Reading, decision_row};
use crate::kinds::{Decision, Question};
use crate::madr::Madr;
use crate::record::decision::{
    Panel, Position, Stance, Verdict, Vote, for_decision, may_vote, verdict,
};

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DecisionDetail {
    /// What the list says.
    pub row: DecisionRow,
    /// The file, relative to the playbook's root.
    pub file: String,
    /// The digest of the text that is voted on; send it back with a vote.
    pub digest: String,
    /// The sections of the text, as Markdown.
    pub madr: Madr,
    /// The whole text, as Markdown.
    pub body: String,
    /// What follows from the votes.
    pub verdict: Verdict,
    /// The seats with a vote; before it is proposed, those who would have one.
    pub votes: Vec<VoteRow>,
    /// Who is asked.
    pub consulted: Vec<ConsultRow>,
    /// Until when they are waited for.
    pub consult_until: Option<Timestamp>,
    /// Who is told.
    pub informed: Vec<PartyRef>,
    /// The rule in words: "all agree; lazy consensus on …".
    pub rule: Option<String>,
    /// The open questions that it answers.
    pub answers: Vec<PartyRef>,
    /// The decisions that it builds on.
    pub builds_on: Vec<PartyRef>,
    /// When it was proposed.
    pub proposed_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Why it was turned down or taken back.
    pub closing_text: Option<String>,
    /// How many votes were void because the text changed.
    pub void_votes: u32,
    /// Why it cannot be proposed, when it cannot.
    pub not_proposable: Vec<String>,
    /// The seats for which the viewer may vote now.
    pub may_vote_for: Vec<String>,
    /// The parties for which the viewer was asked and has not spoken.
    pub may_advise_for: Vec<String>,
    /// Whether the viewer is its author.
    pub is_author: bool,
}

/// One seat with a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VoteRow {
    /// The seat.
    pub seat: PartyRef,
    /// Where it stands.
    pub stance: Stance,
    /// Who spoke for it.
    pub person: Option<PersonRef>,
    /// What was said.
    pub position: Option<Position>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// The author's answer to an objection.
    pub answer: Option<String>,
    /// When its silence becomes agreement.
    pub silent_until: Option<Timestamp>,
    /// Who could vote for it today.
    pub holder: Option<PersonRef>,
    /// Why it is them.
    pub because: String,
}

/// One party that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConsultRow {
    /// Who.
    pub party: PartyRef,
    /// Who spoke for it.
    pub person: Option<PersonRef>,
    /// When.
    pub at: Option<Timestamp>,
    /// What was said; nothing means no remarks.
    pub text: Option<String>,
}

/// One decision, for a viewer.
pub fn decision(reading: &Reading<'_>, name: &str, viewer: Option<&str>) -> Option<DecisionDetail> {
    let found = find_decision(reading.model, name)?;
    let facts = reading.facts(viewer.unwrap_or_default());
    let state = reading.record.decision(found.name());
    let judged = verdict(state, Some(found.spec), reading.model, reading.now);
    let computed = for_decision(found, &facts);
    let panel = state.proposal.as_ref().map(|proposal| &proposal.panel);
    let panel = panel.or(computed.as_ref().ok().map(|(_, panel)| panel));
    let row = decision_row(reading, found);
    let voters = panel.map_or(&[][..], |panel| &panel.must_agree);
    let asked = panel.map_or(&[][..], |panel| &panel.consulted);
    let open = state.stage.is_open();
    let may_vote_for = voters.iter().filter(|seat| open && may_vote(state, seat, &facts).is_ok());
    let may_advise = |party: &&String| {
        let spoke = state.advice.contains_key(*party);
        open && !spoke && viewer.is_some_and(|viewer| facts.speaks_for(party, viewer))
    };
    let stream = format!("decision/{}", found.name());
    let read = |text| reading.texts.read(&stream, text);
    Some(DecisionDetail {
        is_author: viewer.is_some() && row.author.as_ref().map(|it| it.name.as_str()) == viewer,
        file: found.resource.place.file.to_string(),
        digest: found.digest(),
        madr: found.madr.clone(),
        body: found.body.clone(),
        votes: voters.iter().map(|seat| vote_row(reading, found, seat, &judged)).collect(),
        consulted: asked.iter().map(|party| consult_row(reading, found, party)).collect(),
        consult_until: panel.and_then(|panel| panel.consult_until).filter(|_| open),
        informed: panel.map_or_else(Vec::new, |panel| {
            panel.informed.iter().map(|party| PartyRef::of(reading.model, party)).collect()
        }),
        rule: panel.map(rule),
        answers: found
            .answers
            .iter()
            .map(|question| PartyRef {
                reference: question.to_string(),
                title: reading.title::<Question>(question.name()),
            })
            .collect(),
        builds_on: found.builds_on.iter().map(|it| linked(reading, it.name())).collect(),
        proposed_at: state.proposal.as_ref().map(|proposal| proposal.at),
        closed_at: state.closed_at,
        closing_text: state.closing_text.as_ref().map(read),
        void_votes: state.void_votes,
        not_proposable: computed.as_ref().err().map_or_else(Vec::new, |no| no.reasons.clone()),
        may_vote_for: may_vote_for.cloned().collect(),
        may_advise_for: asked.iter().filter(may_advise).cloned().collect(),
        verdict: judged,
        row,
    })
}

fn linked(reading: &Reading<'_>, name: &str) -> PartyRef {
    let title = find_decision(reading.model, name).map(super::decisions::title);
    PartyRef {
        reference: format!("decision/{name}"),
        title: title.unwrap_or_else(|| name.to_owned()),
    }
}

fn rule(panel: &Panel) -> String {
    let agree = match panel.agree {
        crate::kinds::Agree::All => "all of them must agree".to_owned(),
        crate::kinds::Agree::AtLeast(number) => format!("at least {number} of them must agree"),
    };
    match panel.lazy_consensus_at {
        Some(_) => format!("{agree}; silence counts as agreement after the deadline"),
        None => format!("{agree}; silence never counts as agreement"),
    }
}

fn vote_row(
    reading: &Reading<'_>,
    decision: Typed<'_, Decision>,
    seat: &str,
    judged: &Verdict,
) -> VoteRow {
    let stream = format!("decision/{}", decision.name());
    let vote: Option<&Vote> = reading.record.decision(decision.name()).votes.get(seat);
    let stance = judged.seats.iter().find(|row| row.seat == seat);
    let duty = org::Roster::new(reading.model, reading.today()).duty("seat", seat);
    let read = |text| reading.texts.read(&stream, text);
    VoteRow {
        seat: PartyRef::of(reading.model, &format!("seat/{seat}")),
        stance: stance.map_or(Stance::Silent, |row| row.stance.clone()),
        person: vote.map(|vote| reading.person(&vote.person)),
        position: vote.map(|vote| vote.position),
        reason: vote.and_then(|vote| vote.reason.as_ref()).map(read),
        at: vote.map(|vote| vote.at),
        answer: vote.and_then(|vote| vote.answer.as_ref()).map(|(_, text)| read(text)),
        silent_until: stance.and_then(|row| row.silent_until),
        holder: duty.person.as_deref().map(|person| reading.person(person)),
        because: duty.because,
    }
}

fn consult_row(reading: &Reading<'_>, decision: Typed<'_, Decision>, party: &str) -> ConsultRow {
    let stream = format!("decision/{}", decision.name());
    let advice = reading.record.decision(decision.name()).advice.get(party);
    ConsultRow {
        party: PartyRef::of(reading.model, party),
        person: advice.map(|advice| reading.person(&advice.person)),
        at: advice.map(|advice| advice.at),
        text: advice
            .and_then(|advice| advice.text.as_ref())
            .map(|text| reading.texts.read(&stream, text)),
    }
}
