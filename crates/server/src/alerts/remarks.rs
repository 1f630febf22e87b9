//! What alerts do to the services of an open incident stands on its timeline, a line for each name and turn.
//!
//! Which entries were looked at is remembered in memory only: after a restart the timeline goes on from there, and the record of alerts
//! has what happened meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use governance::Text;
use ledger::{Entry, Stream};
use reliability::alerts::{Fingerprint, Labels};
use reliability::record::alert::{Event, STREAM};
use reliability::record::incident::{self, Source};
use reliability::record::{Command as Any, Event as Recorded, State, read_event};

use crate::AppState;
use crate::http::Problem;

/// How many lines one turn adds to one incident, so that a storm leaves its timeline readable.
const LINES: usize = 10;

impl AppState {
    /// Tells open incidents what began and ended since a version of the stream of alerts, and returns the newest one. Blocks.
    pub(super) fn remark_on_incidents(&self, since: Option<u64>) -> Result<u64, Problem> {
        let record = self.record();
        let known = &record.state.reliability;
        let stream =
            Stream::new(format!("alert/{STREAM}")).map_err(|error| Problem::internal(&error))?;
        let newest = known.version(stream.as_str());
        let open: Vec<_> = known.incidents.iter().filter(|(_, one)| one.stage.is_open()).collect();
        let Some(since) = since.filter(|since| *since < newest && !open.is_empty()) else {
            return Ok(newest);
        };
        let entries =
            self.ledger().stream(&stream, since).map_err(|error| Problem::internal(&error))?;
        let found = transitions(&entries, known);
        for (id, incident) in open {
            let about = |transition: &&Transition| incident.services.contains(&transition.service);
            for one in found.keys().filter(about).take(LINES) {
                let count = found.get(one).copied().unwrap_or(1);
                let what = if one.fires { "fires" } else { "is over" };
                let alerts = diag::words::count(count, "alert");
                let text = Text::Plain(format!("{} {what} ({alerts})", one.name));
                let source = Some(Source::Alert(one.name.clone()));
                let command = incident::Command::Remark { text, source, at: None };
                self.perform_itself(Any::Incident { id: id.clone(), command })?;
            }
        }
        Ok(newest)
    }
}

/// Alerts of one name about one service that began, or ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Transition {
    service: String,
    name: String,
    fires: bool,
}

fn transitions(entries: &[Entry], known: &State) -> BTreeMap<Transition, usize> {
    let mut found: BTreeMap<Transition, usize> = BTreeMap::new();
    let mut add = |labels: &Labels, fires| {
        let (service, name) = (labels.get("service").to_owned(), labels.name().to_owned());
        *found.entry(Transition { service, name, fires }).or_default() += 1;
    };
    let mut ended: BTreeSet<Fingerprint> = BTreeSet::new();
    for entry in entries {
        match read_event(entry) {
            Some(Recorded::Alert(Event::Fired { alerts })) => {
                alerts.iter().for_each(|alert| add(&alert.labels, true));
            }
            Some(Recorded::Alert(Event::Resolved { alerts, .. })) => ended.extend(alerts),
            Some(_) | None => {}
        }
    }
    let episodes = known.alerts.names.values().flat_map(|history| history.episodes.iter().rev());
    for episode in episodes {
        if ended.remove(&episode.fingerprint) {
            add(&episode.labels, false);
        }
    }
    found
}
