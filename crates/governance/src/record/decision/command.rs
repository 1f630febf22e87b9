//! What can be asked of a decision, and what can happen to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Panel;
use crate::text::Text;

/// What somebody says for a seat.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// Agrees.
    Agree,
    /// Objects, and says why.
    Object,
    /// Has no opinion; the others decide.
    Abstain,
    /// Leaves the seat's vote to its backup.
    Delegate,
}

/// What somebody wants to do about a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Puts the text as it stands to its panel.
    Propose {},
    /// Speaks for a seat.
    Vote {
        /// The seat's name.
        seat: String,
        /// What is said.
        position: Position,
        /// Why; an objection needs it.
        reason: Option<Text>,
        /// The digest of the text that was read, when the caller knows it.
        digest: Option<String>,
    },
    /// Answers the objection of a seat; only the author does.
    AnswerObjection {
        /// The seat that objects.
        seat: String,
        /// The answer.
        text: Text,
    },
    /// Gives the advice that was asked for.
    Advise {
        /// The party that was asked: `seat/network`, `office/cto`.
        party: String,
        /// The advice; nothing means "no remarks".
        text: Option<Text>,
    },
    /// Takes it back; only the author does.
    Withdraw {
        /// Why.
        reason: Option<Text>,
    },
    /// Closes a proposal that cannot be accepted as it stands.
    Reject {
        /// Why.
        reason: Option<Text>,
    },
    /// Writes down what time has brought: the end of a consultation, lazy consensus.
    Settle {},
    /// Marks it as replaced.
    Supersede {
        /// The decision that replaces it.
        by: String,
    },
    /// Ends it, because its review date has passed and nobody renewed it.
    Expire {},
}

/// What happened to a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was put to its panel.
    Proposed {
        /// The decision type's name.
        decision_type: String,
        /// The digest of the text.
        digest: String,
        /// Who proposed it.
        author: String,
        /// Who is asked.
        panel: Panel,
    },
    /// Somebody spoke for a seat.
    Voted {
        /// The seat's name.
        seat: String,
        /// Who spoke.
        person: String,
        /// What was said.
        position: Position,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
        /// The digest of the text that was voted on.
        digest: String,
    },
    /// The author answered an objection.
    ObjectionAnswered {
        /// The seat that objects.
        seat: String,
        /// The answer.
        text: Text,
    },
    /// Somebody who was asked has spoken.
    Consulted {
        /// The party that was asked.
        party: String,
        /// Who spoke for it.
        person: String,
        /// The advice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Text>,
    },
    /// Everybody who was asked has spoken, or their time is over.
    ConsultationClosed {},
    /// It is in force.
    Accepted {
        /// How that came about.
        reasons: Vec<String>,
    },
    /// It was turned down.
    Rejected {
        /// What stood in the way.
        reasons: Vec<String>,
        /// Why, in the words of whoever closed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// Its author took it back.
    Withdrawn {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// Another decision replaced it.
    Superseded {
        /// The successor.
        by: String,
    },
    /// Its review date passed and it was not renewed.
    Expired {
        /// How that came about.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<String>,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Voted { reason, .. }
            | Self::Rejected { reason, .. }
            | Self::Withdrawn { reason } => reason.iter_mut().collect(),
            Self::ObjectionAnswered { text, .. } => vec![text],
            Self::Consulted { text, .. } => text.iter_mut().collect(),
            Self::Proposed { .. }
            | Self::ConsultationClosed {}
            | Self::Accepted { .. }
            | Self::Superseded { .. }
            | Self::Expired { .. } => Vec::new(),
        }
    }
}
