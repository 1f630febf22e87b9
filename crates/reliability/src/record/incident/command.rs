//! What can be asked of an incident, and what can happen to it.

use governance::Text;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an incident came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "IncidentOrigin")]
pub enum Origin {
    /// An alert, by its name or fingerprint.
    Alert(String),
    /// A person declared it.
    Person(String),
}

/// Where a timeline entry comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TimelineSource")]
pub enum Source {
    /// An alert.
    Alert(String),
    /// A change, such as `CHG-2026-0007`.
    Change(String),
    /// A deployment.
    Deploy(String),
    /// A message in a chat.
    Chat(String),
    /// A runbook that was run.
    Runbook(String),
    /// Logs or traces.
    Telemetry(String),
    /// A person.
    Person(String),
}

/// To whom an update speaks; the two are never mixed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "UpdateAudience")]
pub enum Audience {
    /// Colleagues.
    Internal,
    /// Customers and the public.
    External,
}

/// What somebody wants to do about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Begins one: from an alert when council itself asks, declared by hand otherwise.
    Open {
        /// What seems to be wrong.
        title: Text,
        /// The services that are hurt.
        services: Vec<String>,
        /// The alert that it came from.
        alert: Option<String>,
        /// The severity that is proposed or known.
        severity: Option<String>,
        /// When users began to be hurt.
        began: Option<Timestamp>,
        /// When the first alert told of it, if it is declared later than that.
        noticed: Option<Timestamp>,
        /// Whether it is a drill.
        test: bool,
        /// Whether only those who work on it may see it.
        private: bool,
    },
    /// Has seen it, and works on it.
    Acknowledge {},
    /// Says how bad it is and whom it hurts.
    Triage {
        /// The severity's name.
        severity: String,
        /// The services that are hurt; those known so far, when empty.
        services: Vec<String>,
    },
    /// Says that it is worse or better than was thought.
    Reclassify {
        /// The severity's name.
        severity: String,
        /// Why.
        reason: Text,
    },
    /// It gets no worse.
    Contain {
        /// How.
        how: Text,
    },
    /// Users are no longer hurt.
    Resolve {
        /// How.
        how: Text,
    },
    /// It is not over after all.
    Reopen {
        /// Why.
        reason: Text,
    },
    /// What there is to learn has been learned.
    Review {},
    /// Everything that came of it is verified.
    Close {},
    /// It is the same as another one.
    Merge {
        /// The other one's id.
        into: String,
    },
    /// Gives a role to somebody, or hands it over.
    Assign {
        /// The role's name.
        role: String,
        /// Who has it from now on.
        person: String,
        /// What they have to know.
        note: Option<Text>,
    },
    /// Adds to the timeline.
    Remark {
        /// What happened.
        text: Text,
        /// Where that comes from; the person who asks, when left out.
        source: Option<Source>,
        /// When it happened; now, when left out.
        at: Option<Timestamp>,
    },
    /// Says a timeline entry better; the first words stay in the record.
    Amend {
        /// The entry's number.
        entry: u32,
        /// What it should say.
        text: Text,
    },
    /// Tells people how it stands.
    Inform {
        /// Whom.
        audience: Audience,
        /// What.
        text: Text,
    },
    /// Ticks an item of the severity's checklist.
    Tick {
        /// The item's place in the list, from 0.
        item: u32,
    },
    /// Answers the questions of a notice duty.
    Assess {
        /// The duty's name.
        duty: String,
        /// The answers, in the order of its questions.
        answers: Vec<bool>,
    },
    /// Says that a notice was sent, by a person.
    Notify {
        /// The duty's name.
        duty: String,
        /// How it can be found again: the authority's number.
        reference: Option<String>,
    },
    /// Hides it from those who do not work on it, or shows it again.
    Restrict {
        /// Whether only those who work on it may see it.
        private: bool,
    },
}

/// What happened to an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It began.
    Detected {
        /// What seems to be wrong.
        title: Text,
        /// The services that are hurt.
        services: Vec<String>,
        /// What it came from.
        origin: Origin,
        /// The severity that was proposed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        severity: Option<String>,
        /// When users began to be hurt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        began: Option<Timestamp>,
        /// When it was noticed, if that was before it was declared. Deadlines run from here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        noticed: Option<Timestamp>,
        /// Whether it is a drill.
        #[serde(default)]
        test: bool,
        /// Whether only those who work on it may see it.
        #[serde(default)]
        private: bool,
    },
    /// Somebody had seen it.
    Acknowledged {
        /// Who.
        person: String,
    },
    /// It was known how bad it is.
    Triaged {
        /// The severity's name.
        severity: String,
        /// The services that are hurt.
        services: Vec<String>,
    },
    /// It was worse or better than was thought.
    Reclassified {
        /// The severity's name.
        severity: String,
        /// Why.
        reason: Text,
    },
    /// It got no worse.
    Contained {
        /// How.
        how: Text,
    },
    /// Users were no longer hurt.
    Resolved {
        /// How.
        how: Text,
    },
    /// It was not over.
    Reopened {
        /// Why.
        reason: Text,
    },
    /// What there was to learn was learned.
    Reviewed {},
    /// Everything that came of it was verified.
    Closed {},
    /// It was the same as another one.
    Merged {
        /// The other one's id.
        into: String,
    },
    /// Another one was merged into it.
    Absorbed {
        /// The other one's id.
        from: String,
    },
    /// Somebody took a role.
    Assigned {
        /// The role's name.
        role: String,
        /// Who has it.
        person: String,
        /// Who had it before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// What they have to know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Text>,
    },
    /// The timeline has a new entry.
    Remarked {
        /// What happened.
        text: Text,
        /// Where that comes from.
        source: Source,
        /// When it happened, if not when it was written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
        /// By whom it was written down.
        person: String,
    },
    /// A timeline entry was said better.
    Amended {
        /// The entry's number.
        entry: u32,
        /// What it says now.
        text: Text,
        /// By whom.
        person: String,
    },
    /// People were told how it stands.
    Informed {
        /// Who was told.
        audience: Audience,
        /// What.
        text: Text,
        /// By whom.
        person: String,
    },
    /// An item of the checklist was done.
    Ticked {
        /// The item's place in the list.
        item: u32,
        /// By whom.
        person: String,
    },
    /// The questions of a notice duty were answered.
    Assessed {
        /// The duty's name.
        duty: String,
        /// The answers.
        answers: Vec<bool>,
        /// By whom.
        person: String,
    },
    /// A notice was sent.
    Notified {
        /// The duty's name.
        duty: String,
        /// How it can be found again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        /// By whom.
        person: String,
    },
    /// It was hidden or shown.
    Restricted {
        /// Whether only those who work on it may see it.
        private: bool,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Detected { title: text, .. }
            | Self::Reclassified { reason: text, .. }
            | Self::Contained { how: text }
            | Self::Resolved { how: text }
            | Self::Reopened { reason: text }
            | Self::Remarked { text, .. }
            | Self::Amended { text, .. }
            | Self::Informed { text, .. } => vec![text],
            Self::Assigned { note, .. } => note.iter_mut().collect(),
            Self::Acknowledged { .. }
            | Self::Triaged { .. }
            | Self::Reviewed {}
            | Self::Closed {}
            | Self::Merged { .. }
            | Self::Absorbed { .. }
            | Self::Ticked { .. }
            | Self::Assessed { .. }
            | Self::Notified { .. }
            | Self::Restricted { .. } => Vec::new(),
        }
    }
}
