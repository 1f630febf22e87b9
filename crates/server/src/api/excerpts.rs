//! Logs and traces of a service, and what of them becomes evidence.

use axum::extract::State;
use governance::Text;
use jiff::Timestamp;
use policy::Resource;
use reliability::record::incident::{Command, Source};
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::excerpts::{self, Found, LogExcerpt, TraceDetail, TraceList, Wanted};
use crate::http::{IfMatch, Json, Path, Problem, Query};
use crate::operations::no_incident;
use crate::perform::Performed;

/// The operations of logs and traces.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(logs))
        .routes(routes!(traces))
        .routes(routes!(trace))
        .routes(routes!(keep))
}

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogParameters {
    /// The service, by the name that its lines carry.
    service: String,
    /// From when on; an hour before the end when left out.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Until when, exclusively; now when left out.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// Only lines with this text.
    text: Option<String>,
    /// Only lines at least this bad: trace, debug, info, warn, error or fatal.
    severity: Option<String>,
    /// How many at most; 100 when left out.
    limit: Option<u32>,
}

/// Which traces.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TraceParameters {
    /// The service, by its `service.name`.
    service: String,
    /// From when on; an hour before the end when left out.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Until when, exclusively; now when left out.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// Only those that took at least so many milliseconds.
    at_least: Option<u64>,
    /// Only those that failed.
    only_errors: Option<bool>,
    /// How many at most; 100 when left out.
    limit: Option<u32>,
}

/// What becomes evidence.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EvidenceKind {
    /// Lines of a log.
    Logs,
    /// Traces in short.
    Traces,
}

/// An excerpt to keep with an incident.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceRequest {
    /// Logs or traces.
    pub(crate) what: EvidenceKind,
    /// The service.
    pub(crate) service: String,
    /// From when on; a quarter of an hour before the incident began when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(crate) from: Option<Timestamp>,
    /// Until when, exclusively; the incident's end, or now, when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(crate) to: Option<Timestamp>,
    /// Only lines with this text.
    #[serde(default)]
    pub(crate) text: Option<String>,
    /// Only lines at least this bad.
    #[serde(default)]
    pub(crate) severity: Option<String>,
    /// Only traces that took at least so many milliseconds.
    #[serde(default)]
    pub(crate) at_least: Option<u64>,
    /// Only traces that failed.
    #[serde(default)]
    pub(crate) only_errors: bool,
    /// How many at most.
    #[serde(default)]
    pub(crate) limit: Option<u32>,
}

impl AppState {
    /// Says whether somebody may read what services wrote and did.
    pub(crate) fn may_read_telemetry(&self, viewer: &Viewer) -> Result<(), Problem> {
        self.authorize(viewer, "telemetry.read", Resource::kind("telemetry"))
    }

    /// The window of an incident that the viewer may see.
    pub(crate) fn incident_window(
        &self,
        viewer: &Viewer,
        id: &str,
    ) -> Result<(Timestamp, Timestamp), Problem> {
        let record = self.record();
        let found = record.state.reliability.incidents.get(id);
        let seen = |it: &&_| reliability::views::may_see(it, viewer.person.as_deref());
        let incident = found.filter(seen).ok_or_else(|| no_incident(id))?;
        Ok(excerpts::around(incident, self.clock().now()))
    }

    /// Asks a store, and writes what it says into the timeline of an incident.
    pub(crate) async fn keep_evidence(
        &self,
        viewer: &Viewer,
        id: &str,
        asked: EvidenceRequest,
    ) -> Result<Performed, Problem> {
        self.may_read_telemetry(viewer)?;
        let (from, to) = self.incident_window(viewer, id)?;
        let what = asked.what;
        let wanted = Wanted {
            from: asked.from.or(Some(from)),
            to: asked.to.or(Some(to)),
            service: asked.service,
            text: asked.text,
            severity: asked.severity,
            at_least: asked.at_least,
            only_errors: asked.only_errors,
            limit: asked.limit,
        };
        let (store, at, text) = match what {
            EvidenceKind::Logs => excerpts::evidence(&Found::Logs(&self.logs(&wanted).await?)),
            EvidenceKind::Traces => {
                excerpts::evidence(&Found::Traces(&self.traces(&wanted).await?))
            }
        };
        // What was not found was not found up to now.
        let at = at.min(self.clock().now());
        let source = Some(Source::Telemetry(store));
        let command = Command::Remark { text: Text::Plain(text), source, at: Some(at) };
        self.respond(viewer, id, command, IfMatch::Absent).await
    }
}

/// Reads what a service wrote, from the log store that the playbook names. What looks like a secret is covered.
#[utoipa::path(get, path = "/api/v1/logs", params(LogParameters), responses(
    (status = 200, description = "Lines", body = ref("#/components/schemas/LogExcerpt")),
))]
pub(crate) async fn logs(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<LogParameters>,
) -> Result<Json<LogExcerpt>, Problem> {
    state.may_read_telemetry(&viewer)?;
    let LogParameters { service, from, to, text, severity, limit } = asked;
    let wanted = Wanted { service, from, to, text, severity, limit, ..Wanted::default() };
    Ok(Json(state.logs(&wanted).await?))
}

/// Finds traces with a service in them, in the trace store that the playbook names.
#[utoipa::path(get, path = "/api/v1/traces", params(TraceParameters), responses(
    (status = 200, description = "Traces in short", body = ref("#/components/schemas/TraceList")),
))]
pub(crate) async fn traces(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<TraceParameters>,
) -> Result<Json<TraceList>, Problem> {
    state.may_read_telemetry(&viewer)?;
    let TraceParameters { service, from, to, at_least, only_errors, limit } = asked;
    let only_errors = only_errors.unwrap_or_default();
    let wanted = Wanted { service, from, to, at_least, only_errors, limit, ..Wanted::default() };
    Ok(Json(state.traces(&wanted).await?))
}

/// Shows one trace, span by span.
#[utoipa::path(get, path = "/api/v1/traces/{id}", params(("id" = String, Path, description = "Its number, in hexadecimal digits")), responses(
    (status = 200, description = "The trace", body = ref("#/components/schemas/TraceDetail")),
))]
pub(crate) async fn trace(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<TraceDetail>, Problem> {
    state.may_read_telemetry(&viewer)?;
    Ok(Json(state.trace(&id).await?))
}

/// Keeps an excerpt of logs or traces as a line of an incident's timeline.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/evidence", params(("id" = String, Path, description = "The incident's id")), request_body(content = ref("#/components/schemas/EvidenceRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Kept", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn keep(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Json(asked): Json<EvidenceRequest>,
) -> Result<Done, Problem> {
    Ok(state.keep_evidence(&viewer, &id, asked).await?.into())
}
