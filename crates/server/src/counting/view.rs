//! Probes as they are shown.

use jiff::Timestamp;
use reliability::kinds::Probe;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{AppState, Lens};

/// How a probe went.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Tried {
    /// When.
    pub(crate) at: Timestamp,
    /// Whether it went well, in time.
    pub(crate) ok: bool,
    /// How long it took.
    pub(crate) milliseconds: u64,
    /// What went wrong, as a sentence without a full stop.
    pub(crate) why: Option<String>,
    /// Until when the first certificate of the chain is valid.
    pub(crate) certificate_until: Option<Timestamp>,
}

/// A probe, and how it went last.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ProbeRow {
    /// Its name.
    pub(crate) name: String,
    /// The name that people read.
    pub(crate) title: String,
    /// The service that it speaks for, by name.
    pub(crate) service: String,
    /// What it tries: `http`, `tcp`, `tls` or `dns`.
    pub(crate) tries: &'static str,
    /// How often, in seconds.
    pub(crate) every_seconds: u64,
    /// How it went last; null right after a start.
    pub(crate) last: Option<Tried>,
}

/// Every probe of the playbook; what fails comes first.
pub(crate) fn probe_rows(state: &AppState, lens: &Lens) -> Vec<ProbeRow> {
    let mut rows: Vec<_> = lens
        .snapshot
        .model()
        .all::<Probe>()
        .map(|probe| ProbeRow {
            name: probe.name().to_owned(),
            title: probe.title().to_owned(),
            service: probe.service.name().to_owned(),
            tries: probe.tries().unwrap_or("nothing"),
            every_seconds: probe.interval().as_seconds(),
            last: state.counting().last(probe.name()),
        })
        .collect();
    rows.sort_by_key(|row| (row.last.as_ref().is_none_or(|last| last.ok), row.title.clone()));
    rows
}
