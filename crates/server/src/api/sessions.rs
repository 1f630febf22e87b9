//! Sessions: signing in with a link, seeing where one is signed in, signing out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::AppState;
use crate::auth::secret::Secret;
use crate::auth::{Viewer, Way, cookie, session};
use crate::http::idempotency::ShownOnce;
use crate::http::{Json, Page, PageParameters, Paging, Path, Peer, Problem, Query};
use crate::limits::SESSION_IDLE;
use crate::store::SessionRow;

/// A browser that is signed in.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SessionView {
    /// Its public name.
    id: String,
    /// Who signed in.
    person: Option<String>,
    /// Whether it may operate the server.
    operator: bool,
    /// When it began.
    #[schemars(with = "String")]
    created: Timestamp,
    /// When it was last used, to the minute.
    #[schemars(with = "String")]
    used: Timestamp,
    /// When it ends if it is not used.
    #[schemars(with = "String")]
    idle_until: Timestamp,
    /// The browser, as it introduces itself.
    agent: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// Who asks, and what they stand for.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Me {
    /// The person, if the playbook has one for you.
    person: Option<String>,
    /// The name that people read.
    title: Option<String>,
    /// Whether you operate this server.
    operator: bool,
    /// Seats that you hold as primary.
    primary_of: Vec<String>,
    /// Seats that you stand in for.
    backup_of: Vec<String>,
    /// Teams that you belong to, with those above.
    teams: Vec<String>,
    /// Offices that you hold.
    offices: Vec<String>,
    /// The scopes of the token you came with; absent in a browser.
    scopes: Option<Vec<String>>,
}

/// A link, and who to sign in as.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The secret at the end of the sign-in link.
    link: String,
    /// The person, when the link lets you choose.
    #[serde(default)]
    person: Option<String>,
}

/// A session that has begun.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SignedInView {
    /// Its public name.
    id: String,
    /// Who signed in.
    person: Option<String>,
}

/// Says who asks.
#[utoipa::path(get, path = "/api/v1/me", responses(
    (status = 200, description = "You", body = ref("#/components/schemas/Me")),
))]
pub(crate) async fn me(State(state): State<AppState>, viewer: Viewer) -> Result<Json<Me>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("me"))?;
    let snapshot = state.snapshot();
    let person = viewer.person.as_deref();
    let title = person.and_then(|name| snapshot.model().find("person", name));
    let principal = viewer.principal();
    Ok(Json(Me {
        person: person.map(str::to_owned),
        title: title.map(|found| found.title().to_owned()),
        operator: viewer.operator,
        primary_of: principal.primary_of,
        backup_of: principal.backup_of,
        teams: principal.teams,
        offices: principal.offices,
        scopes: principal.scopes,
    }))
}

/// Lists your sessions; the operator sees everybody's.
#[utoipa::path(get, path = "/api/v1/sessions", params(PageParameters), responses(
    (status = 200, description = "Sessions", body = ref("#/components/schemas/PageOfSessionView")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<SessionView>, Problem> {
    let owner = Resource::kind("session").of_people(viewer.person.as_deref());
    state.authorize(&viewer, "session.list", owner)?;
    let whose = if viewer.operator { None } else { viewer.person.as_deref() };
    let mut found = state.store().sessions(whose, state.clock().now())?;
    found.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(paging.cut(found, |row| row.id.clone(), |row| view(&viewer, row)))
}

fn view(viewer: &Viewer, row: SessionRow) -> SessionView {
    let idle = SignedDuration::try_from(SESSION_IDLE).unwrap_or(SignedDuration::ZERO);
    SessionView {
        current: viewer.way == Way::Session(row.id.clone()),
        id: row.id,
        person: row.person,
        operator: row.operator,
        created: row.created,
        used: row.used,
        idle_until: row.used + idle,
        agent: row.agent,
    }
}

/// Signs in with a one-time link; the answer sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/sessions", security(()), request_body(content = ref("#/components/schemas/SignIn"), content_type = "application/json"), responses(
    (status = 201, description = "Signed in", body = ref("#/components/schemas/SignedInView")),
))]
pub(crate) async fn begin(
    State(state): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    Json(asked): Json<SignIn>,
) -> Result<Response, Problem> {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let link = Secret::presented(asked.link);
    let signed_in =
        session::sign_in(&state, peer, &link, asked.person.as_deref(), agent.unwrap_or_default())?;
    let body = SignedInView { id: signed_in.id, person: signed_in.person };
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie::give(&signed_in.secret, &state));
    response.extensions_mut().insert(ShownOnce);
    Ok(response)
}

/// Whose sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Everywhere {
    /// Whose; your own when left out. Others' are the operator's to end.
    person: Option<String>,
    /// Whether tokens end, too.
    #[serde(default)]
    tokens: bool,
}

/// Signs out everywhere: ends all of a person's sessions, and their tokens if asked to.
#[utoipa::path(delete, path = "/api/v1/sessions", params(Everywhere), responses(
    (status = 204, description = "Signed out everywhere"),
))]
pub(crate) async fn end_all(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(whose): Query<Everywhere>,
) -> Result<Response, Problem> {
    let own = viewer.person.as_deref();
    let Some(person) = whose.person.as_deref().or(own) else {
        return Err(Problem::bad_request(
            "no-person",
            "Nobody is named whose sessions should end.",
        )
        .hint("Name somebody as `person`, or end your own by `/api/v1/sessions/current`"));
    };
    let resource = Resource::kind("session").of_people([person]);
    state.authorize(&viewer, "session.end", resource.clone())?;
    if whose.tokens {
        state.authorize(&viewer, "token.revoke", resource)?;
    }
    state.sign_out_everywhere(person, whose.tokens)?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if own == Some(person) {
        response.headers_mut().insert(header::SET_COOKIE, cookie::take_back(&state));
    }
    Ok(response)
}

/// Ends a session, `current` for the one that asks.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", params(("id" = String, Path, description = "The session's public name, or `current`")), responses(
    (status = 204, description = "Ended"),
))]
pub(crate) async fn end(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = match &viewer.way {
        Way::Session(own) if id == "current" => own.clone(),
        Way::Session(_) | Way::Token { .. } | Way::Forge(_) | Way::Supposed(_) => id,
    };
    let all = state.store().sessions(None, state.clock().now())?;
    let found = all.into_iter().find(|row| row.id == id);
    let is_own = viewer.way == Way::Session(id.clone());
    let owner = match &found {
        // Somebody else's session is not even confirmed to exist.
        Some(row) if is_own => Some(row.person.clone().unwrap_or_default()),
        Some(row) => row.person.clone(),
        None => None,
    };
    state.authorize(&viewer, "session.end", Resource::new("session", &*id).of_people(owner))?;
    if !state.store().end_session(&id)? {
        return Err(Problem::not_found(format!("There is no session `{id}`.")));
    }
    state.access_changed();
    let mut response = StatusCode::NO_CONTENT.into_response();
    if is_own {
        response.headers_mut().insert(header::SET_COOKIE, cookie::take_back(&state));
    }
    Ok(response)
}
