//! A postmortem: what was learned from an incident, and what will be different.
//!
//! It is drafted from the record when its incident is resolved, and due within so many business days.
//! People add their parts, mark contributing factors by a word so that recurring ones are seen, and link
//! each action to the change that will carry it out. An action is verified when that change is, or when
//! somebody states why none is needed.
//!
//! Invariants: every action that came from the incident or its postmortem counts, whether linked or
//! not; publishing needs words for every part that the template asks for and the record cannot answer.
//!
//! Absent on purpose: the actions themselves. They are governance's, and come back on every agenda.

use std::collections::BTreeMap;

use governance::record::action;
use governance::{Refusal, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use org::calendar::Calendar;
use serde::{Deserialize, Serialize};

use super::Facts;
use super::incident::Stage;
use crate::kinds::PostmortemTemplate;

/// What somebody wants to do about a postmortem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Begins it.
    Draft {},
    /// Writes a part.
    Write {
        /// The part's title in the template.
        section: String,
        /// What it says.
        text: Text,
    },
    /// Names what contributed, in a word that can recur.
    Factor {
        /// Such as `missing-alert`.
        factor: String,
    },
    /// Links an action to the change that carries it out.
    Link {
        /// The action's id.
        action: String,
        /// The change's id, such as `CHG-2026-0007`.
        change: String,
    },
    /// States why an action needs no change to be verified.
    State {
        /// The action's id.
        action: String,
        /// Why.
        reason: Text,
    },
    /// Shows it to everybody.
    Publish {},
}

/// What happened to a postmortem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was begun.
    Drafted {
        /// By when it is due; nothing when the template has no deadline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Date>,
    },
    /// A part was written.
    Written {
        /// The part's title.
        section: String,
        /// What it says.
        text: Text,
        /// By whom.
        person: String,
    },
    /// A contributing factor was named.
    FactorNamed {
        /// The factor.
        factor: String,
    },
    /// An action was linked to a change.
    Linked {
        /// The action's id.
        action: String,
        /// The change's id.
        change: String,
    },
    /// Somebody stated why an action needs no change.
    Stated {
        /// The action's id.
        action: String,
        /// Why.
        reason: Text,
        /// Who.
        person: String,
    },
    /// Everybody can read it.
    Published {
        /// By whom.
        person: String,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Written { text, .. } | Self::Stated { reason: text, .. } => vec![text],
            Self::Drafted { .. }
            | Self::FactorNamed { .. }
            | Self::Linked { .. }
            | Self::Published { .. } => Vec::new(),
        }
    }
}

/// One postmortem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// When it was begun.
    pub drafted: Timestamp,
    /// By when it is due.
    pub due: Option<Date>,
    /// Its parts by title, with who wrote them last.
    pub sections: BTreeMap<String, (Text, String)>,
    /// What contributed, each once.
    pub factors: Vec<String>,
    /// The change of each linked action.
    pub changes: BTreeMap<String, String>,
    /// Why actions need no change, and who said so.
    pub stated: BTreeMap<String, (Text, String)>,
    /// When it was published.
    pub published: Option<Timestamp>,
}

impl State {
    /// The state after an event; nothing comes before it was drafted.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        if let (None, Event::Drafted { due }) = (&before, event) {
            return Some(Self {
                drafted: at,
                due: *due,
                sections: BTreeMap::new(),
                factors: Vec::new(),
                changes: BTreeMap::new(),
                stated: BTreeMap::new(),
                published: None,
            });
        }
        let mut state = before?;
        match event {
            Event::Drafted { .. } => {}
            Event::Written { section, text, person } => {
                state.sections.insert(section.clone(), (text.clone(), person.clone()));
            }
            Event::FactorNamed { factor } => state.factors.push(factor.clone()),
            Event::Linked { action, change } => {
                state.changes.insert(action.clone(), change.clone());
            }
            Event::Stated { action, reason, person } => {
                state.stated.insert(action.clone(), (reason.clone(), person.clone()));
            }
            Event::Published { .. } => state.published = Some(at),
        }
        Some(state)
    }
}

/// The template of the playbook; the first one, when there are several.
pub(crate) fn template<'a>(facts: &Facts<'a>) -> Option<&'a PostmortemTemplate> {
    facts.model.all::<PostmortemTemplate>().next().map(|template| template.spec)
}

/// By when a postmortem is due that begins to be owed at a moment.
pub fn due(model: &playbook::Model, resolved: Timestamp) -> Option<Date> {
    let template = model.all::<PostmortemTemplate>().next()?;
    let days = template.spec.due_business_days.as_ref()?.value;
    let calendar = Calendar::of_model(model).ok()?;
    Some(calendar.add_business_days(calendar.day_of(resolved), days))
}

/// An action that came from an incident and is not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// The action's id.
    pub id: String,
    /// What is missing, as a part of a sentence: "is linked to no change".
    pub why: String,
}

/// The actions that came from an incident or its postmortem, by id.
pub(crate) fn actions<'a>(
    incident: &str,
    facts: &Facts<'a>,
) -> impl Iterator<Item = (&'a str, &'a action::State)> {
    let sources = [format!("incident/{incident}"), format!("postmortem/{incident}")];
    let linked: Vec<String> = facts
        .record
        .postmortems
        .get(incident)
        .map(|found| found.changes.keys().chain(found.stated.keys()).cloned().collect())
        .unwrap_or_default();
    let all = facts.governance.actions.iter();
    let own = all.filter(move |(id, action)| {
        linked.contains(id)
            || action.from.as_ref().is_some_and(|from| sources.iter().any(|one| one == from))
    });
    own.map(|(id, action)| (id.as_str(), action))
}

/// The actions that keep an incident from being closed.
pub fn unverified(incident: &str, facts: &Facts<'_>) -> Vec<Unverified> {
    let postmortem = facts.record.postmortems.get(incident);
    let missing = |id: &str, action: &action::State| {
        let change = postmortem.and_then(|found| found.changes.get(id));
        if postmortem.is_some_and(|found| found.stated.contains_key(id)) {
            return None;
        }
        match (action.stage, change) {
            // Whoever drops an action has to say why.
            (action::Stage::Dropped, _) => None,
            (action::Stage::Open, None) => Some("is still open".to_owned()),
            (action::Stage::Done, None) => Some("is done, and linked to no change".to_owned()),
            (action::Stage::Open | action::Stage::Done, Some(change)) => {
                let verified = facts.verified_changes.contains(change);
                (!verified).then(|| format!("waits until `change/{change}` is verified"))
            }
        }
    };
    let all = actions(incident, facts);
    all.filter_map(|(id, action)| Some(Unverified { id: id.to_owned(), why: missing(id, action)? }))
        .collect()
}

/// Parts that the record answers by itself, by words in their titles.
const GENERATED: [&str; 3] = ["timeline", "impact", "action"];

/// Says whether the record answers a part by itself; it does for factors once somebody has named one.
pub(crate) fn is_generated(title: &str, state: Option<&State>) -> bool {
    let title = title.to_lowercase();
    let factors = title.contains("factor") && state.is_some_and(|state| !state.factors.is_empty());
    factors || GENERATED.iter().any(|word| title.contains(word))
}

/// The parts of the template that a person still has to write.
pub(crate) fn unwritten<'t>(
    template: &'t PostmortemTemplate,
    state: Option<&State>,
) -> impl Iterator<Item = &'t str> {
    let titles = template.sections.iter().map(|section| section.title.as_str());
    let written = move |title: &str| state.is_some_and(|state| state.sections.contains_key(title));
    titles.filter(move |title| !is_generated(title, state) && !written(title))
}

/// Carries out a command about the postmortem of the incident `id`, or says why not.
///
/// # Errors
/// Refuses what the incident, the stage or the actor does not allow.
pub fn decide(
    state: Option<&State>,
    id: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let person = facts.person()?.to_owned();
    if let Command::Draft {} = command {
        return draft(state, id, facts);
    }
    let Some(state) = state else {
        return Err(Refusal::new("no-postmortem", format!("`postmortem/{id}` was not begun"))
            .passes_if("it is drafted first"));
    };
    match command {
        Command::Draft {} => Ok(Vec::new()),
        Command::Write { section, text } => {
            known_section(section, facts)?;
            if text.is_blank() {
                return Err(
                    Refusal::new("no-text", "the part says nothing").passes_if("it has words")
                );
            }
            Ok(vec![Event::Written { section: section.clone(), text: text.clone(), person }])
        }
        Command::Factor { factor } => {
            if factor.trim().is_empty() || state.factors.contains(factor) {
                return Err(Refusal::new("nothing-new", "that factor is named already, or empty")
                    .passes_if("it is another one"));
            }
            Ok(vec![Event::FactorNamed { factor: factor.clone() }])
        }
        Command::Link { action, change } => {
            known_action(action, facts)?;
            Ok(vec![Event::Linked { action: action.clone(), change: change.clone() }])
        }
        Command::State { action, reason } => {
            known_action(action, facts)?;
            if reason.is_blank() {
                return Err(Refusal::new("no-reason", "an action without a change needs a reason")
                    .passes_if("it says how it was verified, or why nobody has to"));
            }
            let (action, reason) = (action.clone(), reason.clone());
            Ok(vec![Event::Stated { action, reason, person }])
        }
        Command::Publish {} => publish(state, person, facts),
    }
}

fn draft(state: Option<&State>, id: &str, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if state.is_some() {
        return Err(Refusal::new("postmortem-exists", "it was begun already")
            .passes_if("it is another incident's"));
    }
    let incident = facts.record.incidents.get(id);
    let resolved = incident.and_then(|incident| incident.clocks.resolved);
    match incident.map(|incident| incident.stage) {
        Some(Stage::Resolved | Stage::Reviewed) => {
            let due = resolved.and_then(|resolved| due(facts.model, resolved));
            Ok(vec![Event::Drafted { due }])
        }
        Some(stage) => {
            Err(Refusal::new("wrong-stage", format!("`incident/{id}` is {}", stage.word()))
                .passes_if("it is resolved"))
        }
        None => Err(Refusal::new("no-incident", format!("there is no incident `{id}`"))
            .passes_if("its id is one of the record")),
    }
}

fn known_section(section: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let Some(template) = template(facts) else { return Ok(()) };
    if template.sections.iter().any(|known| known.title == section) {
        return Ok(());
    }
    let all: Vec<_> =
        template.sections.iter().map(|known| format!("\"{}\"", known.title)).collect();
    Err(Refusal::new("no-section", format!("the template has no part \"{section}\""))
        .passes_if(format!("it is one of {}", all.join(", "))))
}

fn known_action(action: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    if facts.governance.actions.contains_key(action) {
        return Ok(());
    }
    Err(Refusal::new("no-action", format!("there is no action `{action}`"))
        .passes_if("it is opened first"))
}

fn publish(state: &State, person: String, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if state.published.is_some() {
        return Err(
            Refusal::new("nothing-new", "it is published already").passes_if("it is another one")
        );
    }
    let open: Vec<_> = template(facts)
        .into_iter()
        .flat_map(|template| unwritten(template, Some(state)))
        .map(|title| format!("\"{title}\""))
        .collect();
    if open.is_empty() {
        return Ok(vec![Event::Published { person }]);
    }
    Err(Refusal::new("unwritten", format!("nobody has written {} yet", open.join(", ")))
        .passes_if("every part has words"))
}
