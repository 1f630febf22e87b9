//! Alertmanager's interface, version 2, as far as Prometheus, `amtool` and Grafana use it.
//!
//! The paths, fields and words are Alertmanager's and not described in our own document; a failure is a sentence as a JSON
//! string, which its clients print. Who asks is known by a token (`Authorization: Bearer`), and policy is asked as everywhere.

mod shapes;

use axum::extract::{DefaultBodyLimit, FromRequestParts, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use policy::Resource;
use reliability::alerts::{Compiled, Labels, Matcher, Operator, Routing, parse_matchers};
use reliability::record::alert::{Alert, groups};
use reliability::record::silence::{Command, Terms};
use serde_json::{Value, json};

use crate::auth::Viewer;
use crate::http::{Path, Problem};
use crate::{AppState, Lens};
use shapes::{PostedAlert, PostedSilence, Webhook};

/// Largest body of alerts: ten thousand at once, as a sender does who collected them.
const MAX_ALERT_BYTES: usize = 16 << 20;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    let large = DefaultBodyLimit::max(MAX_ALERT_BYTES);
    Router::new()
        .route("/api/v2/status", get(status))
        .route("/api/v2/receivers", get(receivers))
        .route("/api/v2/alerts", get(alerts).post(post_alerts).layer(large))
        .route("/api/v2/alerts/groups", get(alert_groups))
        .route("/api/v2/silences", get(silences).post(post_silence))
        .route("/api/v2/silence/{id}", get(silence).delete(expire))
        .route("/api/v2/webhook", post(webhook).layer(large))
        .route("/-/healthy", get(|| async { "OK\n" }))
        .route("/-/ready", get(|| async { "OK\n" }))
}

/// A failure as Alertmanager's clients understand it: a JSON string.
struct Failure(StatusCode, String);

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let status = match problem.status() {
            // Its clients know no conflict: what the procedure refuses is a bad request.
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            other => other,
        };
        Self(status, problem.detail().to_owned())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

fn bad(words: impl Into<String>) -> Failure {
    Failure(StatusCode::BAD_REQUEST, words.into())
}

/// Somebody who is known. Who is not is refused before anything of the body is read.
struct Known(Viewer);

impl FromRequestParts<AppState> for Known {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let viewer = <Viewer as FromRequestParts<AppState>>::from_request_parts(parts, state);
        Ok(Self(viewer.await?))
    }
}

/// Somebody who may send alerts: a stranger's sixteen megabytes are not read.
struct Sender;

impl FromRequestParts<AppState> for Sender {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let Known(viewer) = Known::from_request_parts(parts, state).await?;
        state.authorize(&viewer, "alert.send", Resource::kind("alert"))?;
        Ok(Self)
    }
}

/// Anybody who may read the record, looking at the present.
fn look(state: &AppState, viewer: Result<Viewer, Problem>) -> Result<Lens, Failure> {
    state.authorize(&viewer?, "record.read", Resource::kind("alert"))?;
    Ok(state.lens())
}

async fn status(
    State(state): State<AppState>,
    viewer: Result<Viewer, Problem>,
) -> Result<Json<Value>, Failure> {
    let lens = look(&state, viewer)?;
    let config = reliability::render::alertmanager(lens.snapshot.model());
    Ok(Json(json!({
        "cluster": { "status": "disabled", "peers": [] },
        "versionInfo": {
            "version": env!("CARGO_PKG_VERSION"), "revision": "", "branch": "council",
            "buildUser": "", "buildDate": "", "goVersion": "",
        },
        "config": { "original": config },
        "uptime": state.started(),
    })))
}

async fn receivers(
    State(state): State<AppState>,
    viewer: Result<Viewer, Problem>,
) -> Result<Json<Value>, Failure> {
    let lens = look(&state, viewer)?;
    let names = Routing::of(lens.snapshot.model()).receivers();
    Ok(Json(names.into_iter().map(|name| json!({ "name": name })).collect()))
}

/// What a query asks for.
#[derive(Debug)]
struct Filter {
    active: bool,
    silenced: bool,
    inhibited: bool,
    matching: Compiled,
    receiver: Compiled,
}

/// A query as it stands: names may stand several times.
type Pairs = Vec<(String, String)>;

fn filter(pairs: &Pairs) -> Result<Filter, Failure> {
    let wanted = |name: &str| !pairs.iter().any(|(known, value)| known == name && value == "false");
    let mut matchers = Vec::new();
    for (_, text) in pairs.iter().filter(|(name, _)| name == "filter") {
        let found = parse_matchers(text);
        matchers.extend(found.map_err(|error| bad(format!("the filter `{text}`: {error}")))?);
    }
    let receiver = pairs.iter().filter(|(name, value)| name == "receiver" && !value.is_empty());
    let receiver: Vec<_> = receiver
        .map(|(name, value)| Matcher {
            name: name.clone(),
            operator: Operator::Matches,
            value: value.clone(),
        })
        .collect();
    Ok(Filter {
        active: wanted("active"),
        silenced: wanted("silenced"),
        inhibited: wanted("inhibited"),
        matching: Compiled::of(&matchers).map_err(bad)?,
        receiver: Compiled::of(&receiver).map_err(bad)?,
    })
}

impl Filter {
    fn keeps(&self, alert: &Alert, receiver: &str) -> bool {
        let held = &alert.held;
        (self.active || !held.is_free())
            && (self.silenced || held.silenced_by.is_empty())
            && (self.inhibited || held.inhibited_by.is_empty())
            && self.matching.matches(&alert.fired.labels)
            && self.receiver.matches(&Labels::of([("receiver", receiver)]))
    }
}

async fn alerts(
    State(state): State<AppState>,
    viewer: Result<Viewer, Problem>,
    Query(query): Query<Pairs>,
) -> Result<Json<Vec<Value>>, Failure> {
    let lens = look(&state, viewer)?;
    let filter = filter(&query)?;
    let routing = Routing::of(lens.snapshot.model());
    let all = lens.record.state.reliability.alerts.active.iter();
    let found = all.filter_map(|(key, alert)| {
        let receiver = routing.route(&alert.fired.labels, lens.now).policy.unwrap_or_default();
        filter.keeps(alert, &receiver).then(|| shapes::alert(&state, *key, alert, &receiver))
    });
    Ok(Json(found.collect()))
}

async fn alert_groups(
    State(state): State<AppState>,
    viewer: Result<Viewer, Problem>,
    Query(query): Query<Pairs>,
) -> Result<Json<Vec<Value>>, Failure> {
    let lens = look(&state, viewer)?;
    let filter = filter(&query)?;
    let routing = Routing::of(lens.snapshot.model());
    let known = &lens.record.state.reliability.alerts;
    let mut found = Vec::new();
    for group in groups(&routing, known, lens.now).into_values() {
        let receiver = group.route.policy.unwrap_or_default();
        let members = group.alerts.iter().filter_map(|key| Some((*key, known.active.get(key)?)));
        let members: Vec<_> = members
            .filter(|(_, alert)| filter.keeps(alert, &receiver))
            .map(|(key, alert)| shapes::alert(&state, key, alert, &receiver))
            .collect();
        if !members.is_empty() {
            let labels: Labels = group.route.group;
            found.push(
                json!({ "labels": labels, "receiver": { "name": receiver }, "alerts": members }),
            );
        }
    }
    Ok(Json(found))
}

async fn post_alerts(
    State(state): State<AppState>,
    _: Sender,
    body: bytes::Bytes,
) -> Result<StatusCode, Failure> {
    if state.renew_alerts(&body) {
        return Ok(StatusCode::OK);
    }
    let alerts: Vec<PostedAlert> = serde_json::from_slice(&body)
        .map_err(|error| bad(format!("the alerts cannot be read: {error}")))?;
    take(&state, alerts).await
}

async fn webhook(
    State(state): State<AppState>,
    _: Sender,
    body: bytes::Bytes,
) -> Result<StatusCode, Failure> {
    let webhook: Webhook = serde_json::from_slice(&body)
        .map_err(|error| bad(format!("the webhook cannot be read: {error}")))?;
    if webhook.version != "4" {
        return Err(bad(format!(
            "version `{}` of the webhook is not known; it has to be `4`",
            webhook.version
        )));
    }
    take(&state, webhook.alerts).await
}

/// Takes in the alerts that are right, and then says what is wrong with the others.
async fn take(state: &AppState, alerts: Vec<PostedAlert>) -> Result<StatusCode, Failure> {
    let (mut posted, mut wrong) = (Vec::with_capacity(alerts.len()), Vec::new());
    for alert in alerts {
        match alert.posted() {
            Ok(alert) => posted.push(alert),
            Err(why) => wrong.push(why.to_string()),
        }
    }
    state.receive_alerts(posted).await?;
    if wrong.is_empty() { Ok(StatusCode::OK) } else { Err(bad(wrong.join("; "))) }
}

async fn silences(
    State(state): State<AppState>,
    viewer: Result<Viewer, Problem>,
    Query(query): Query<Pairs>,
) -> Result<Json<Vec<Value>>, Failure> {
    let lens = look(&state, viewer)?;
    let filter = filter(&query)?;
    let verified = lens.verified();
    let reading = lens.operations(&verified);
    let all = lens.record.state.reliability.silences.iter();
    let found = all.filter(|(_, silence)| {
        let equal = silence.terms.matchers.iter().filter(|matcher| matcher.operator.is_positive());
        let labels = equal.map(|matcher| (matcher.name.as_str(), matcher.value.as_str()));
        filter.matching.matches(&Labels::of(labels))
    });
    Ok(Json(found.map(|(id, silence)| shapes::silence(&reading, id, silence)).collect()))
}

async fn silence(
    State(state): State<AppState>,
    viewer: Result<Viewer, Problem>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    let lens = look(&state, viewer)?;
    let verified = lens.verified();
    let known = lens.record.state.reliability.silences.get(&id);
    let known = known
        .ok_or_else(|| Failure(StatusCode::NOT_FOUND, format!("there is no silence `{id}`")))?;
    Ok(Json(shapes::silence(&lens.operations(&verified), &id, known)))
}

async fn post_silence(
    State(state): State<AppState>,
    Known(viewer): Known,
    body: bytes::Bytes,
) -> Result<Json<Value>, Failure> {
    let asked: PostedSilence = serde_json::from_slice(&body)
        .map_err(|error| bad(format!("the silence cannot be read: {error}")))?;
    let (id, terms): (Option<String>, Terms) = asked.terms();
    let both = || (Command::Create(terms.clone()), Command::Change(terms.clone()));
    let done = state.silence(&viewer, id, both).await?;
    Ok(Json(json!({ "silenceID": done.name() })))
}

async fn expire(
    State(state): State<AppState>,
    viewer: Result<Viewer, Problem>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    state.expire_silence(&viewer?, &id).await?;
    Ok(StatusCode::OK)
}
