//! The one door, from a command to the events of one or more streams.

use governance::{Refusal, Text};
use ledger::Draft;
use serde::{Deserialize, Serialize};

use super::{
    Facts, alert, amendment, incident, measurement, notification, postmortem, runbook_run, silence,
    swap,
};

/// A command with the record that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// About an incident.
    Incident {
        /// Its id, such as `INC-2026-0012`; [`incident::next_id`] finds a free one.
        id: String,
        /// What to do.
        command: incident::Command,
    },
    /// About a postmortem.
    Postmortem {
        /// The incident's id.
        id: String,
        /// What to do.
        command: postmortem::Command,
    },
    /// About alerts.
    Alert(alert::Command),
    /// About a silence.
    Silence {
        /// Its id, chosen by the caller.
        id: String,
        /// What to do.
        command: silence::Command,
    },
    /// About a run of a runbook.
    Run {
        /// Its id, such as `RUN-2026-0012`; [`runbook_run::next_id`] finds a free one.
        id: String,
        /// What to do.
        command: runbook_run::Command,
    },
    /// About a swap.
    Swap {
        /// Its id, chosen by the caller.
        id: String,
        /// What to do.
        command: swap::Command,
    },
    /// About the budget of an objective.
    Budget {
        /// The objective's id.
        id: String,
        /// What to do.
        command: amendment::Command,
    },
    /// About what council counts itself.
    Measurement(measurement::Command),
    /// About a notification.
    Notification {
        /// Its id; [`notification::id_of`] makes it from a key.
        id: String,
        /// What to do.
        command: notification::Command,
    },
}

impl Command {
    /// The stream that the command writes to.
    pub fn stream(&self) -> String {
        match self {
            Self::Incident { id, .. } => format!("incident/{id}"),
            Self::Postmortem { id, .. } => format!("postmortem/{id}"),
            Self::Alert(_) => format!("alert/{}", alert::STREAM),
            Self::Silence { id, .. } => format!("silence/{id}"),
            Self::Run { id, .. } => format!("runbook-run/{id}"),
            Self::Swap { id, .. } => format!("swap/{id}"),
            Self::Budget { id, .. } => format!("{}/{id}", amendment::NOUN),
            Self::Measurement(_) => format!("{}/{}", measurement::NOUN, measurement::STREAM),
            Self::Notification { id, .. } => format!("notification/{id}"),
        }
    }
}

/// An event of any of the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Of an incident.
    Incident(incident::Event),
    /// Of a postmortem.
    Postmortem(postmortem::Event),
    /// Of alerts.
    Alert(alert::Event),
    /// Of a silence.
    Silence(silence::Event),
    /// Of a run of a runbook.
    Run(runbook_run::Event),
    /// Of a swap.
    Swap(swap::Event),
    /// Of the budget of an objective.
    Budget(amendment::Event),
    /// Of what council counts itself.
    Measurement(measurement::Event),
    /// Of a notification.
    Notification(notification::Event),
}

/// An event and the stream that it is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Such as `incident/INC-2026-0012`.
    pub stream: String,
    /// What happened.
    pub event: Event,
}

impl Recorded {
    /// The texts that must be sealed under the stream's key before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match &mut self.event {
            Event::Incident(event) => event.texts(),
            Event::Postmortem(event) => event.texts(),
            Event::Alert(_) | Event::Measurement(_) => Vec::new(),
            Event::Silence(event) => event.texts(),
            Event::Run(event) => event.texts(),
            Event::Swap(event) => event.texts(),
            Event::Budget(event) => event.texts(),
            Event::Notification(event) => event.texts(),
        }
    }

    /// Drafts the ledger's entry: the kind is the noun and the variant, `incident.triaged`.
    ///
    /// # Errors
    /// When the stream's name cannot stand in a ledger, because of a strange id.
    pub fn draft(&self, actor: &str) -> Result<Draft, ledger::InvalidName> {
        let stream = ledger::Stream::new(&self.stream)?;
        let event = match &self.event {
            Event::Incident(event) => serde_json::to_value(event),
            Event::Postmortem(event) => serde_json::to_value(event),
            Event::Alert(event) => serde_json::to_value(event),
            Event::Silence(event) => serde_json::to_value(event),
            Event::Run(event) => serde_json::to_value(event),
            Event::Swap(event) => serde_json::to_value(event),
            Event::Budget(event) => serde_json::to_value(event),
            Event::Measurement(event) => serde_json::to_value(event),
            Event::Notification(event) => serde_json::to_value(event),
        };
        let event = event.expect("BUG: events have string keys only");
        let tagged = event.as_object().and_then(|object| object.iter().next());
        let (tag, body) = tagged.expect("BUG: every variant of an event has fields");
        let kind = format!("{}.{tag}", stream.noun());
        Ok(Draft::new(stream, kind, actor, body.clone()))
    }
}

/// Carries out a command, with what follows: an incident learns what was merged into it.
///
/// # Errors
/// Refuses what the state, the actor or the playbook does not allow.
pub fn decide(command: &Command, facts: &Facts<'_>) -> Result<Vec<Recorded>, Refusal> {
    let record = facts.record;
    let events: Vec<Event> = match command {
        Command::Incident { id, command } => {
            let known = record.incidents.get(id);
            let events = incident::decide(known, id, command, facts)?;
            events.into_iter().map(Event::Incident).collect()
        }
        Command::Postmortem { id, command } => {
            let known = record.postmortems.get(id);
            let events = postmortem::decide(known, id, command, facts)?;
            events.into_iter().map(Event::Postmortem).collect()
        }
        Command::Alert(command) => {
            let events = alert::decide(command, facts)?;
            events.into_iter().map(Event::Alert).collect()
        }
        Command::Silence { id, command } => {
            let events = silence::decide(record.silences.get(id), id, command, facts)?;
            events.into_iter().map(Event::Silence).collect()
        }
        Command::Run { id, command } => {
            let events = runbook_run::decide(record.runs.get(id), id, command, facts)?;
            events.into_iter().map(Event::Run).collect()
        }
        Command::Swap { id, command } => {
            let events = swap::decide(record.swaps.get(id), id, command, facts)?;
            events.into_iter().map(Event::Swap).collect()
        }
        Command::Budget { id, command } => {
            let events = amendment::decide(record.budgets.get(id), id, command, facts)?;
            events.into_iter().map(Event::Budget).collect()
        }
        Command::Measurement(command) => {
            let events = measurement::decide(command, facts)?;
            events.into_iter().map(Event::Measurement).collect()
        }
        Command::Notification { id, command } => {
            let events = notification::decide(record.notifications.get(id), id, command, facts)?;
            events.into_iter().map(Event::Notification).collect()
        }
    };
    let stream = command.stream();
    let mut recorded: Vec<Recorded> =
        events.into_iter().map(|event| Recorded { stream: stream.clone(), event }).collect();
    if let Command::Incident { id, command: incident::Command::Merge { into } } = command {
        recorded.push(Recorded {
            stream: format!("incident/{into}"),
            event: Event::Incident(incident::Event::Absorbed { from: id.clone() }),
        });
    }
    if let Command::Run { id, .. } = command {
        let told: Vec<_> = recorded.iter().filter_map(|one| of_run(id, one, facts)).collect();
        recorded.extend(told);
    }
    Ok(recorded)
}

/// What the incident for which a runbook is run is told: that it began, and how it ended.
fn of_run(id: &str, recorded: &Recorded, facts: &Facts<'_>) -> Option<Recorded> {
    use runbook_run::{Ending, Event as Run};
    let Event::Run(event) = &recorded.event else { return None };
    let known = facts.record.runs.get(id);
    let (runbook, incident, text) = match event {
        Run::Begun { runbook, incident, .. } => {
            (runbook, incident.as_ref()?, format!("`{id}` was begun."))
        }
        Run::Finished { step, ending, .. } => {
            let state = known?;
            let text = match ending {
                Ending::Passed if step.saturating_add(1) < state.steps => return None,
                Ending::Passed => format!("`{id}` ended: all {} steps passed.", state.steps),
                Ending::Code(_) | Ending::Unexpected | Ending::TimedOut | Ending::Lost => {
                    format!("`{id}` stopped at step {}.", step.saturating_add(1))
                }
            };
            (&state.runbook, state.incident.as_ref()?, text)
        }
        Run::Abandoned { .. } => {
            let state = known?;
            (&state.runbook, state.incident.as_ref()?, format!("`{id}` was given up."))
        }
        Run::Approved { .. } | Run::Started { .. } => return None,
    };
    Some(Recorded {
        stream: format!("incident/{incident}"),
        event: Event::Incident(incident::Event::Remarked {
            text: Text::Plain(text),
            source: incident::Source::Runbook(runbook.clone()),
            at: None,
            person: facts.actor.name().to_owned(),
        }),
    })
}
