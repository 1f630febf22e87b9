//! Fleet: asks every provisioner for its machines, and keeps what they said with its age.
//!
//! A provisioner that is silent keeps what it said before: old is better than nothing, as long as it says how old.

use std::collections::BTreeMap;
use std::time::Duration;

use fleet::Provisioner;
use fleet::lifecycle::{Look, Sighting, Watch};
use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::runtime::Handle;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::fleet::Asked;

/// How often provisioners are asked. Ironic itself looks at power once a minute.
const POLL: Duration = Duration::from_secs(60);

/// How often a simulation is asked, whose time runs faster.
const SIMULATED_POLL: Duration = Duration::from_secs(5);

/// The worker.
#[derive(Debug)]
pub(crate) struct Fleet;

impl Worker for Fleet {
    const NAME: &'static str = "fleet";
    const PURPOSE: &'static str = "Asks provisioners for the state of their machines.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let snapshot = state.snapshot();
        let asked: Vec<Asked> = snapshot
            .model()
            .all::<Provisioner>()
            .filter_map(|it| Asked::of(it, state.config(), state.client()))
            .collect();
        let before = state.fleet().watch();
        let now = state.clock().now();
        // All at once: the slowest decides, and not their sum.
        let answers = Handle::current().block_on(join_all(asked.iter().map(|it| it.machines(now))));
        let mut watch = Watch::default();
        for (asked, answer) in asked.iter().zip(answers) {
            let old = before.looks.get(&asked.name);
            watch.looks.insert(asked.name.clone(), looked(asked, answer, old, now));
        }
        let note = note(&watch);
        state.fleet().see(watch);
        let next = if state.config().estate.is_some() { SIMULATED_POLL } else { POLL };
        Ok(Turn { note, next })
    }
}

fn looked(
    asked: &Asked,
    answer: Result<Vec<Sighting>, String>,
    old: Option<&Look>,
    now: Timestamp,
) -> Look {
    match answer {
        Ok(mut sightings) => {
            count_from_first_sight(&mut sightings, old, now);
            Look {
                asked_at: Some(now),
                seen_at: Some(now),
                silent: None,
                sightings,
                simulated: asked.simulated,
            }
        }
        Err(why) => {
            let old = old.cloned().unwrap_or_default();
            Look { asked_at: Some(now), silent: Some(why), simulated: asked.simulated, ..old }
        }
    }
}

/// Gives a time to states whose provisioner has none: the look that saw them first.
fn count_from_first_sight(sightings: &mut [Sighting], old: Option<&Look>, now: Timestamp) {
    let known: BTreeMap<&str, &Sighting> = old
        .map(|look| look.sightings.iter().map(|it| (it.id.as_str(), it)).collect())
        .unwrap_or_default();
    for sighting in sightings.iter_mut().filter(|sighting| sighting.since.is_none()) {
        let same = known.get(sighting.id.as_str()).filter(|was| was.state == sighting.state);
        sighting.since = same.and_then(|was| was.since).or(Some(now));
    }
}

fn note(watch: &Watch) -> String {
    let machines: usize = watch.looks.values().map(|look| look.sightings.len()).sum();
    let silent: Vec<&str> = watch
        .looks
        .iter()
        .filter(|(_, look)| look.silent.is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    match (watch.looks.len(), silent.is_empty()) {
        (0, _) => "no provisioner has an endpoint".to_owned(),
        (count, true) => format!("{machines} machines at {count} provisioners"),
        (_, false) => format!("{machines} machines; silent: {}", silent.join(", ")),
    }
}
