//! The state of one decision, folded from its events.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Event, Panel, Position};
use crate::kinds::Status;
use crate::text::Text;

/// How far a decision has come.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Being written.
    #[default]
    Draft,
    /// Put to its panel; those consulted may still speak.
    Proposed,
    /// The consultation is over.
    Consulted,
    /// In force.
    Accepted,
    /// Turned down.
    Rejected,
    /// Taken back.
    Withdrawn,
    /// Replaced.
    Superseded,
    /// Over, without a successor.
    Expired,
}

impl Stage {
    /// All stages, in the order of a decision's way.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Proposed,
        Self::Consulted,
        Self::Accepted,
        Self::Rejected,
        Self::Withdrawn,
        Self::Superseded,
        Self::Expired,
    ];

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Consulted => "consulted",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
        }
    }

    /// Says whether votes are being taken.
    pub fn is_open(self) -> bool {
        match self {
            Self::Proposed | Self::Consulted => true,
            Self::Draft
            | Self::Accepted
            | Self::Rejected
            | Self::Withdrawn
            | Self::Superseded
            | Self::Expired => false,
        }
    }
}

impl From<&Status> for Stage {
    fn from(status: &Status) -> Self {
        match status {
            Status::Draft => Self::Draft,
            Status::Proposed => Self::Proposed,
            Status::Consulted => Self::Consulted,
            Status::Accepted => Self::Accepted,
            Status::Rejected => Self::Rejected,
            Status::Withdrawn => Self::Withdrawn,
            Status::Superseded { .. } => Self::Superseded,
            Status::Deprecated | Status::Expired => Self::Expired,
        }
    }
}

/// What was put to the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// When.
    pub at: Timestamp,
    /// The decision type's name.
    pub decision_type: String,
    /// The digest of the text.
    pub digest: String,
    /// Who proposed it.
    pub author: String,
    /// Who is asked.
    pub panel: Panel,
}

/// What was said for a seat last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// When.
    pub at: Timestamp,
    /// Who spoke.
    pub person: String,
    /// What was said.
    pub position: Position,
    /// Why.
    pub reason: Option<Text>,
    /// When the author answered the objection, and what.
    pub answer: Option<(Timestamp, Text)>,
}

/// What a party that was asked has said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// When.
    pub at: Timestamp,
    /// Who spoke.
    pub person: String,
    /// What was said.
    pub text: Option<Text>,
}

/// One decision's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub stage: Stage,
    /// What was proposed last.
    pub proposal: Option<Proposal>,
    /// What was said for each seat, by the seat's name.
    pub votes: BTreeMap<String, Vote>,
    /// Seats whose primary left the vote to the backup.
    pub delegated: BTreeSet<String>,
    /// What those consulted said, by party.
    pub advice: BTreeMap<String, Advice>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// How the outcome came about.
    pub outcome: Vec<String>,
    /// Why it was turned down or taken back.
    pub closing_text: Option<Text>,
    /// What replaced it.
    pub successor: Option<String>,
    /// How many votes were void because the text changed.
    pub void_votes: u32,
}

impl State {
    /// Takes in what happened.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Proposed { decision_type, digest, author, panel } => {
                let void = u32::try_from(self.votes.len()).unwrap_or(u32::MAX);
                let void_votes = self.void_votes.saturating_add(void);
                let proposal = Proposal {
                    at,
                    decision_type: decision_type.clone(),
                    digest: digest.clone(),
                    author: author.clone(),
                    panel: panel.clone(),
                };
                let stage = Stage::Proposed;
                *self = Self { stage, proposal: Some(proposal), void_votes, ..Self::default() };
            }
            Event::Voted { seat, person, position, reason, .. } => {
                self.vote(seat, person, *position, reason.as_ref(), at);
            }
            Event::ObjectionAnswered { seat, text } => {
                if let Some(vote) = self.votes.get_mut(seat) {
                    vote.answer = Some((at, text.clone()));
                }
            }
            Event::Consulted { party, person, text } => {
                let advice = Advice { at, person: person.clone(), text: text.clone() };
                self.advice.insert(party.clone(), advice);
            }
            Event::ConsultationClosed {} => self.stage = Stage::Consulted,
            Event::Accepted { reasons } => self.close(Stage::Accepted, at, reasons, None),
            Event::Rejected { reasons, reason } => {
                self.close(Stage::Rejected, at, reasons, reason.as_ref());
            }
            Event::Withdrawn { reason } => self.close(Stage::Withdrawn, at, &[], reason.as_ref()),
            Event::Superseded { by } => {
                self.stage = Stage::Superseded;
                self.successor = Some(by.clone());
            }
            Event::Expired { reasons } => self.close(Stage::Expired, at, reasons, None),
        }
    }

    fn vote(
        &mut self,
        seat: &str,
        person: &str,
        position: Position,
        reason: Option<&Text>,
        at: Timestamp,
    ) {
        let delegated_to_other = self.delegated.contains(seat)
            && self.votes.get(seat).is_some_and(|vote| vote.person != person);
        match position {
            Position::Delegate => {
                self.delegated.insert(seat.to_owned());
            }
            // Whoever had delegated and now speaks takes the vote back; the backup's vote keeps it.
            Position::Agree | Position::Object | Position::Abstain => {
                if !delegated_to_other {
                    self.delegated.remove(seat);
                }
            }
        }
        let reason = reason.cloned();
        let vote = Vote { at, person: person.to_owned(), position, reason, answer: None };
        self.votes.insert(seat.to_owned(), vote);
    }

    fn close(&mut self, stage: Stage, at: Timestamp, reasons: &[String], text: Option<&Text>) {
        self.stage = stage;
        self.closed_at = Some(at);
        self.outcome = reasons.to_vec();
        self.closing_text = text.cloned();
    }
}
