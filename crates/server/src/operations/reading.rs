//! What views of incidents are computed from.

use std::collections::BTreeSet;

use gitops::gate::OpenIncident;
use gitops::record::State as Changes;
use gitops::record::change::Stage;
use ledger::Stream;
use playbook::Model;
use reliability::record::State as Incidents;
use reliability::record::incident::{self, Source};
use reliability::views::{self, IncidentLine, Reading, incident_story, may_see};

use crate::{AppState, Lens};

/// The changes that took effect and were seen to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verified(BTreeSet<String>);

/// The changes that took effect and were seen to, by id.
pub(crate) fn verified(changes: &Changes) -> BTreeSet<String> {
    let done = changes.changes.iter().filter(|(_, change)| change.stage == Stage::Done);
    done.map(|(id, _)| id.clone()).collect()
}

/// The incidents that hold changes: those in which users may still be hurt. A change that its timeline names mends it.
pub(crate) fn open_incidents(model: &Model, record: &Incidents) -> Vec<OpenIncident> {
    let open = views::open_incidents(model, record).into_iter().map(|open| OpenIncident {
        mended_by: record.incidents.get(&open.id).map(mending).unwrap_or_default(),
        id: open.id,
        severity: open.severity.unwrap_or_else(|| UNKNOWN_SEVERITY.to_owned()),
        services: open.services.into_iter().collect(),
    });
    open.collect()
}

/// What the gate is told of an incident that nobody has triaged. No severity of a playbook can have this name.
const UNKNOWN_SEVERITY: &str = "not triaged";

fn mending(incident: &incident::State) -> BTreeSet<String> {
    let named = incident.timeline.iter().filter_map(|entry| match &entry.source {
        Source::Change(id) => Some(id.clone()),
        Source::Alert(_)
        | Source::Deploy(_)
        | Source::Chat(_)
        | Source::Runbook(_)
        | Source::Telemetry(_)
        | Source::Person(_) => None,
    });
    named.collect()
}

impl Lens {
    /// The changes that are verified at this moment.
    pub(crate) fn verified(&self) -> Verified {
        Verified(verified(&self.record.state.changes))
    }

    /// What views of incidents, postmortems and schedules are computed from.
    pub(crate) fn operations<'a>(&'a self, verified: &'a Verified) -> Reading<'a> {
        let council = self.reading();
        Reading {
            model: council.model,
            record: &self.record.state.reliability,
            governance: council.record,
            verified_changes: &verified.0,
            now: council.now,
            texts: council.texts,
        }
    }
}

impl Lens {
    /// Says whether the words of a stream may be opened for somebody: those of a private incident only for who works on it.
    pub(crate) fn may_open(&self, stream: &str, viewer: Option<&str>) -> bool {
        let id = stream.strip_prefix("incident/").or_else(|| stream.strip_prefix("postmortem/"));
        // What was printed in a run for an incident is for those who may see the incident.
        let run = stream.strip_prefix("runbook-run/");
        let run = run.and_then(|id| self.record.state.reliability.runs.get(id));
        let id = id.or_else(|| run.and_then(|run| run.incident.as_deref()));
        let incident = id.and_then(|id| self.record.state.reliability.incidents.get(id));
        incident.is_none_or(|incident| may_see(incident, viewer))
    }

    /// What happened in an incident up to this moment, in the order in which it happened.
    pub(crate) fn incident_story(&self, state: &AppState, id: &str) -> Vec<IncidentLine> {
        let Ok(stream) = Stream::new(format!("incident/{id}")) else { return Vec::new() };
        let last = self.record.head.seq;
        let entries = state.ledger().stream(&stream, 0).unwrap_or_default();
        let entries: Vec<_> = entries.into_iter().filter(|entry| entry.seq <= last).collect();
        incident_story(&self.operations(&self.verified()), id, &entries)
    }
}
