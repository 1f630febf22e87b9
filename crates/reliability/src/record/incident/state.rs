//! What is known of an incident, folded from its events.

use std::collections::BTreeMap;

use governance::Text;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Audience, Clocks, Event, Origin, Source};

/// How far an incident has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "IncidentStage")]
pub enum Stage {
    /// We know that something is wrong.
    Detected,
    /// We know how bad it is.
    Triaged,
    /// It gets no worse.
    Contained,
    /// Users are no longer hurt.
    Resolved,
    /// What there is to learn has been learned.
    Reviewed,
    /// Everything that came of it is verified.
    Closed,
    /// It was the same as another one.
    Merged,
}

impl Stage {
    /// All of them, along the way.
    pub const ALL: [Self; 7] = [
        Self::Detected,
        Self::Triaged,
        Self::Contained,
        Self::Resolved,
        Self::Reviewed,
        Self::Closed,
        Self::Merged,
    ];

    /// Says whether users may still be hurt.
    pub fn is_open(self) -> bool {
        match self {
            Self::Detected | Self::Triaged | Self::Contained => true,
            Self::Resolved | Self::Reviewed | Self::Closed | Self::Merged => false,
        }
    }

    /// Says whether nothing more is to be done.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Merged)
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Detected => "detected",
            Self::Triaged => "triaged",
            Self::Contained => "contained",
            Self::Resolved => "resolved",
            Self::Reviewed => "reviewed",
            Self::Closed => "closed",
            Self::Merged => "merged",
        }
    }
}

/// Somebody held a role for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    /// Who.
    pub person: String,
    /// From when.
    pub from: Timestamp,
    /// Until when; nothing while they hold it.
    pub to: Option<Timestamp>,
    /// What they had to know.
    pub note: Option<Text>,
}

/// One entry of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// When it happened.
    pub at: Timestamp,
    /// When it was written down.
    pub written: Timestamp,
    /// What happened, as it says now.
    pub text: Text,
    /// Where that comes from.
    pub source: Source,
    /// Who wrote it down.
    pub person: String,
    /// What it said before, oldest first, with who changed it and when.
    pub before: Vec<(Text, String, Timestamp)>,
}

/// People were told how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// When.
    pub at: Timestamp,
    /// Who was told.
    pub audience: Audience,
    /// What.
    pub text: Text,
    /// By whom.
    pub person: String,
}

/// How a notice duty stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The answers to its questions.
    pub answers: Vec<bool>,
    /// When they were given.
    pub assessed: Option<Timestamp>,
    /// When the notice was sent.
    pub sent: Option<Timestamp>,
    /// How it can be found again.
    pub reference: Option<String>,
}

/// One incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub stage: Stage,
    /// What seems to be wrong.
    pub title: Text,
    /// The services that are hurt.
    pub services: Vec<String>,
    /// What it came from.
    pub origin: Origin,
    /// The severity's name.
    pub severity: Option<String>,
    /// Whether it is a drill.
    pub test: bool,
    /// Whether only those who work on it may see it.
    pub private: bool,
    /// The first person who had seen it.
    pub seen_by: Option<String>,
    /// The moments that it reached.
    pub clocks: Clocks,
    /// Who held which role, the present holder last.
    pub roles: BTreeMap<String, Vec<Tenure>>,
    /// How it was contained and resolved, in the words of those who did it.
    pub outcomes: BTreeMap<Stage, Text>,
    /// What happened, in the order in which it was written down.
    pub timeline: Vec<TimelineEntry>,
    /// What people were told.
    pub updates: Vec<Update>,
    /// Items of the checklist that are done, with who did them and when.
    pub ticked: BTreeMap<u32, (String, Timestamp)>,
    /// Notice duties by name.
    pub notices: BTreeMap<String, Notice>,
    /// The incident that it was merged into.
    pub merged_into: Option<String>,
    /// The incidents that were merged into it.
    pub absorbed: Vec<String>,
}

impl State {
    /// The state after an event; nothing comes before it was detected.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        match (before, event) {
            (
                None,
                Event::Detected {
                    title,
                    services,
                    origin,
                    severity,
                    began,
                    noticed,
                    test,
                    private,
                },
            ) => {
                let detected = noticed.map_or(at, |noticed| noticed.min(at));
                Some(Self {
                    stage: Stage::Detected,
                    title: title.clone(),
                    services: services.clone(),
                    origin: origin.clone(),
                    severity: severity.clone(),
                    test: *test,
                    private: *private,
                    seen_by: None,
                    clocks: Clocks { began: *began, detected: Some(detected), ..Clocks::default() },
                    roles: BTreeMap::new(),
                    outcomes: BTreeMap::new(),
                    timeline: Vec::new(),
                    updates: Vec::new(),
                    ticked: BTreeMap::new(),
                    notices: BTreeMap::new(),
                    merged_into: None,
                    absorbed: Vec::new(),
                })
            }
            (before, event) => {
                let mut state = before?;
                state.take(event, at);
                Some(state)
            }
        }
    }

    /// Takes in an event of the way, or hands it on.
    fn take(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Detected { .. } => {}
            Event::Acknowledged { person } => {
                self.clocks.acknowledged.get_or_insert(at);
                self.seen_by.get_or_insert_with(|| person.clone());
            }
            Event::Triaged { severity, services } => {
                self.stage = Stage::Triaged;
                self.severity = Some(severity.clone());
                self.services.clone_from(services);
                self.clocks.triaged.get_or_insert(at);
            }
            Event::Reclassified { severity, .. } => self.severity = Some(severity.clone()),
            Event::Contained { how } => {
                self.stage = Stage::Contained;
                self.outcomes.insert(Stage::Contained, how.clone());
                self.clocks.contained = Some(at);
            }
            Event::Resolved { how } => {
                self.stage = Stage::Resolved;
                self.outcomes.insert(Stage::Resolved, how.clone());
                self.clocks.contained.get_or_insert(at);
                self.clocks.resolved = Some(at);
            }
            Event::Reopened { .. } => {
                self.stage = Stage::Triaged;
                self.outcomes.clear();
                let Clocks { contained, resolved, reviewed, .. } = &mut self.clocks;
                (*contained, *resolved, *reviewed) = (None, None, None);
            }
            Event::Reviewed {} => {
                self.stage = Stage::Reviewed;
                self.clocks.reviewed = Some(at);
            }
            Event::Closed {} => {
                self.stage = Stage::Closed;
                self.clocks.closed = Some(at);
            }
            Event::Merged { into } => {
                self.stage = Stage::Merged;
                self.merged_into = Some(into.clone());
            }
            Event::Absorbed { from } => self.absorbed.push(from.clone()),
            Event::Assigned { .. }
            | Event::Remarked { .. }
            | Event::Amended { .. }
            | Event::Informed { .. }
            | Event::Ticked { .. }
            | Event::Assessed { .. }
            | Event::Notified { .. }
            | Event::Restricted { .. } => self.note(event, at),
        }
    }

    /// Takes in what does not move it along its way.
    fn note(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Assigned { role, person, note, .. } => {
                let tenures = self.roles.entry(role.clone()).or_default();
                if let Some(last) = tenures.last_mut() {
                    last.to = Some(at);
                }
                tenures.push(Tenure {
                    person: person.clone(),
                    from: at,
                    to: None,
                    note: note.clone(),
                });
            }
            Event::Remarked { text, source, at: happened, person } => {
                self.timeline.push(TimelineEntry {
                    at: happened.unwrap_or(at),
                    written: at,
                    text: text.clone(),
                    source: source.clone(),
                    person: person.clone(),
                    before: Vec::new(),
                });
            }
            Event::Amended { entry, text, person } => {
                let found = usize::try_from(*entry).ok().and_then(|at| self.timeline.get_mut(at));
                if let Some(entry) = found {
                    let old = std::mem::replace(&mut entry.text, text.clone());
                    entry.before.push((old, person.clone(), at));
                }
            }
            Event::Informed { audience, text, person } => {
                let (text, person) = (text.clone(), person.clone());
                self.updates.push(Update { at, audience: *audience, text, person });
            }
            Event::Ticked { item, person } => {
                self.ticked.entry(*item).or_insert_with(|| (person.clone(), at));
            }
            Event::Assessed { duty, answers, .. } => {
                let notice = self.notices.entry(duty.clone()).or_default();
                notice.answers.clone_from(answers);
                notice.assessed.get_or_insert(at);
            }
            Event::Notified { duty, reference, .. } => {
                let notice = self.notices.entry(duty.clone()).or_default();
                notice.sent = Some(at);
                notice.reference.clone_from(reference);
            }
            Event::Restricted { private } => self.private = *private,
            Event::Detected { .. }
            | Event::Acknowledged { .. }
            | Event::Triaged { .. }
            | Event::Reclassified { .. }
            | Event::Contained { .. }
            | Event::Resolved { .. }
            | Event::Reopened { .. }
            | Event::Reviewed {}
            | Event::Closed {}
            | Event::Merged { .. }
            | Event::Absorbed { .. } => {}
        }
    }

    /// Who holds a role now.
    pub fn holder(&self, role: &str) -> Option<&str> {
        let last = self.roles.get(role)?.last()?;
        last.to.is_none().then_some(last.person.as_str())
    }

    /// The people who work on it: who declared it, who has seen it first, and who holds or held a role.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        let declared = match &self.origin {
            Origin::Person(name) => Some(name.as_str()),
            Origin::Alert(_) => None,
        };
        let tenures = self.roles.values().flatten().map(|tenure| tenure.person.as_str());
        declared.into_iter().chain(self.seen_by.as_deref()).chain(tenures)
    }

    /// Says whether a person works on it.
    pub fn involves(&self, person: &str) -> bool {
        self.people().any(|name| name == person)
    }
}
