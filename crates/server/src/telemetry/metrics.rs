//! Metrics for Prometheus.
//!
//! Histograms are kept as requests pass; everything else is read from the state at the moment of the scrape, so
//! that a gauge cannot drift from what it measures.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::AtomicU64;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::routing::get;
use diag::Severity;
use policy::Resource;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Peer, Problem};
use crate::workers::Phase;

/// Bounds of the request histogram in seconds: pages take milliseconds, a verification of a large ledger seconds.
const BOUNDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SeverityLabel {
    severity: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WorkerLabel {
    worker: &'static str,
}

type Number = Gauge<u64, AtomicU64>;

/// All metrics.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Histogram>,
    ledger_head: Number,
    record_lag: Number,
    diagnostics: Family<SeverityLabel, Number>,
    resources: Number,
    held_back: Number,
    sessions: Number,
    event_streams: Number,
    worker_failures: Family<WorkerLabel, Number>,
    worker_failed: Family<WorkerLabel, Number>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let requests =
            Family::<RequestLabels, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        let mut metrics = Self {
            registry: Registry::with_prefix("council"),
            requests,
            ledger_head: Number::default(),
            record_lag: Number::default(),
            diagnostics: Family::default(),
            resources: Number::default(),
            held_back: Number::default(),
            sessions: Number::default(),
            event_streams: Number::default(),
            worker_failures: Family::default(),
            worker_failed: Family::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "http_request_duration_seconds",
            "Time from a request's head to its answer's head",
            self.requests.clone(),
        );
        registry.register("ledger_entries", "Entries of the ledger", self.ledger_head.clone());
        registry.register(
            "record_lag_entries",
            "Entries that the record does not contain yet",
            self.record_lag.clone(),
        );
        registry.register(
            "playbook_diagnostics",
            "Findings of the current playbook",
            self.diagnostics.clone(),
        );
        registry.register(
            "playbook_resources",
            "Resources of the current playbook",
            self.resources.clone(),
        );
        registry.register(
            "playbook_held_back",
            "Whether a newer playbook has errors and is held back",
            self.held_back.clone(),
        );
        registry.register("sessions", "Browsers that are signed in", self.sessions.clone());
        registry.register(
            "event_streams",
            "Event streams that are open",
            self.event_streams.clone(),
        );
        registry.register(
            "worker_failed_turns",
            "Turns of a worker that failed since the start",
            self.worker_failures.clone(),
        );
        registry.register(
            "worker_failed",
            "Whether the last turn of a worker failed",
            self.worker_failed.clone(),
        );
    }

    /// Notes a request.
    pub(crate) fn request(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let labels = RequestLabels { method: method.to_owned(), route: route.to_owned(), status };
        self.requests.get_or_create(&labels).observe(seconds);
    }

    /// Reads the state.
    fn gather(&self, state: &AppState) -> rusqlite::Result<()> {
        let snapshot = state.snapshot();
        let head = state.ledger().head().seq;
        self.ledger_head.set(head);
        self.record_lag.set(head.saturating_sub(state.record().head.seq));
        let severities =
            [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
        for (severity, name) in severities {
            let count = snapshot.count(severity);
            self.diagnostics.get_or_create(&SeverityLabel { severity: name }).set(count as u64);
        }
        self.resources.set(snapshot.model().len() as u64);
        self.held_back.set(u64::from(snapshot.held_back.is_some()));
        self.sessions.set(state.store().sessions(None, state.clock().now())?.len() as u64);
        let free = state.event_places().available_permits();
        let open = crate::limits::MAX_EVENT_STREAMS.saturating_sub(free);
        self.event_streams.set(open as u64);
        for status in state.board().statuses() {
            let label = WorkerLabel { worker: status.name };
            self.worker_failures.get_or_create(&label).set(status.failures);
            let failed = u64::from(status.phase == Phase::Failed);
            self.worker_failed.get_or_create(&label).set(failed);
        }
        Ok(())
    }
}

/// The route.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/metrics", get(show))
}

/// Shows the metrics to this machine, and to whoever policy lets from elsewhere.
async fn show(
    State(state): State<AppState>,
    peer: Peer,
    viewer: Option<Viewer>,
) -> Result<([(HeaderName, &'static str); 1], String), Problem> {
    match viewer {
        Some(viewer) => state.authorize(&viewer, "metrics.read", Resource::kind("metrics"))?,
        None if peer.is_local => {}
        None => {
            return Err(Problem::unauthenticated("From another machine, metrics need a token.")
                .hint("Make a token with the scope `read` for the monitoring"));
        }
    }
    state.metrics().gather(&state)?;
    let mut open_metrics = String::new();
    encode(&mut open_metrics, &state.metrics().registry)
        .expect("BUG: writing to a string cannot fail");
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], prometheus_text(&open_metrics)))
}

/// Turns the OpenMetrics text into Prometheus' own: counters carry their suffix in `HELP` and `TYPE`, too, and
/// what only OpenMetrics knows is left out.
fn prometheus_text(open_metrics: &str) -> String {
    let types = open_metrics.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let counters: BTreeSet<&str> = types.filter_map(|line| line.strip_suffix(" counter")).collect();
    let mut text = String::with_capacity(open_metrics.len());
    for line in open_metrics.lines() {
        if line == "# EOF" || line.starts_with("# UNIT ") {
            continue;
        }
        let mut words = line.splitn(4, ' ');
        let parts = (words.next(), words.next(), words.next(), words.next());
        if let (Some("#"), Some(what), Some(name), rest) = parts
            && counters.contains(name)
        {
            let rest = rest.unwrap_or_default();
            writeln!(text, "# {what} {name}_total {rest}").expect("BUG: a string takes text");
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}
