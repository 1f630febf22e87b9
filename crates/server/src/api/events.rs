//! What happens, as it happens: CloudEvents over server-sent events.
//!
//! Entries of the ledger come with their number as the id; a client that was cut off sends the last one as
//! `Last-Event-ID` and misses nothing. Events beside the ledger have no id, so they do not disturb that.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event as Sent, KeepAlive};
use futures_util::Stream;
use jiff::Timestamp;
use ledger::{Entry, Query as EntryQuery};
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};
use utoipa::IntoParams;

use crate::AppState;
use crate::auth::Viewer;
use crate::events::Event;
use crate::http::{Problem, Query};
use crate::limits::EVENT_KEEP_ALIVE;

/// Entries read at once while a client catches up.
const BATCH: usize = 200;

/// An event (CloudEvents 1.0, JSON format).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CloudEvent {
    /// Always `1.0`.
    specversion: &'static str,
    /// What happened: `council.ledger.` and the entry's kind, or `council.playbook.…`.
    #[serde(rename = "type")]
    kind: String,
    /// This server.
    source: String,
    /// Unique in this source; of an entry, its number.
    id: String,
    /// What it is about: the stream, or `playbook`.
    subject: String,
    /// When.
    #[schemars(with = "String")]
    time: Timestamp,
    /// Always `application/json`.
    datacontenttype: &'static str,
    /// The entry, or what changed.
    data: serde_json::Value,
}

/// What to be told.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventFilter {
    /// Begin after this entry; without it and without `Last-Event-ID`, with what happens from now on.
    after: Option<u64>,
    /// Only entries of this stream, or of this noun with `/` at its end.
    stream: Option<String>,
}

/// Streams events. Reconnect with `Last-Event-ID` to miss nothing.
#[utoipa::path(get, path = "/api/v1/events", params(EventFilter), responses(
    (status = 200, description = "Events", content_type = "text/event-stream", body = ref("#/components/schemas/CloudEvent")),
))]
pub(crate) async fn stream(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(filter): Query<EventFilter>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>>>, Problem> {
    state.authorize(&viewer, "ledger.read", Resource::kind("event"))?;
    let place = state.event_places().clone().try_acquire_owned().map_err(|_| {
        Problem::unavailable("too-many-streams", "Too many event streams are open.")
    })?;
    let resumed = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    let after = resumed.or(filter.after).unwrap_or_else(|| state.record().head.seq);
    let reader = Reader {
        viewer,
        access: state.watch_access(),
        after,
        stream: filter.stream,
        heads: state.keeper().watch(),
        beside: state.events().subscribe(),
        state,
        _place: place,
    };
    let keep_alive = KeepAlive::new().interval(EVENT_KEEP_ALIVE).text("alive");
    Ok(Sse::new(reader.run()).keep_alive(keep_alive))
}

/// One client's place in the ledger.
struct Reader {
    state: AppState,
    viewer: Viewer,
    access: watch::Receiver<u64>,
    after: u64,
    stream: Option<String>,
    heads: watch::Receiver<u64>,
    beside: broadcast::Receiver<Event>,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    fn run(mut self) -> impl Stream<Item = Result<Sent, Infallible>> {
        let stopping = self.state.stopping().clone();
        async_stream::stream! {
            loop {
                for entry in self.read().await {
                    yield Ok(entry_event(&self.state, &entry));
                }
                tokio::select! {
                    () = stopping.cancelled() => break,
                    // Whoever was signed out or has left hears nothing more, also not what is on its way.
                    changed = self.access.changed() => {
                        if changed.is_err() || !self.state.still_lets_in(&self.viewer) { break }
                    }
                    moved = self.heads.changed() => if moved.is_err() { break },
                    event = self.beside.recv() => match event {
                        Ok(event) => yield Ok(other_event(&self.state, event)),
                        // What was missed here is not kept; the current revision can be asked for.
                        Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => break,
                    },
                }
            }
        }
    }

    /// Reads what came since, a batch at a time; the rest follows at the next turn.
    async fn read(&mut self) -> Vec<Entry> {
        let head = *self.heads.borrow_and_update();
        let mut found = Vec::new();
        while self.after < head && found.len() < BATCH {
            let query = EntryQuery {
                after: self.after,
                before: Some(head + 1),
                stream: self.stream.clone(),
                limit: BATCH,
                ..EntryQuery::default()
            };
            let read =
                super::ledger::blocking(&self.state, move |state| state.ledger().entries(&query));
            let Ok(page) = read.await else { break };
            let is_last = page.len() < BATCH;
            self.after = page.last().filter(|_| !is_last).map_or(head, |entry| entry.seq);
            found.extend(page);
        }
        if self.after < head {
            self.heads.mark_changed();
        }
        found
    }
}

fn entry_event(state: &AppState, entry: &Entry) -> Sent {
    let event = CloudEvent {
        specversion: "1.0",
        kind: format!("council.ledger.{}", entry.kind),
        source: state.origin().to_owned(),
        id: entry.seq.to_string(),
        subject: entry.stream.to_string(),
        time: entry.at,
        datacontenttype: "application/json",
        data: serde_json::to_value(super::ledger::EntryView::of(entry)).unwrap_or_default(),
    };
    sent(&event).id(&event.id)
}

fn other_event(state: &AppState, event: Event) -> Sent {
    sent(&CloudEvent {
        specversion: "1.0",
        kind: event.kind.to_owned(),
        source: state.origin().to_owned(),
        id: crate::auth::secret::public_id(),
        subject: event.subject,
        time: event.at,
        datacontenttype: "application/json",
        data: event.data,
    })
}

fn sent(event: &CloudEvent) -> Sent {
    let text = serde_json::to_string(event).expect("BUG: an event is plain data");
    Sent::default().event(&event.kind).data(text)
}
