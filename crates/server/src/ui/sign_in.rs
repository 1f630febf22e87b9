//! Signing in by a one-time link, and out.
//!
//! Opening the link shows a page; only its button uses the link up, because mail scanners and chat previews
//! open links too.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

use super::{errors, own_path, templates, theme};
use crate::AppState;
use crate::auth::secret::Secret;
use crate::auth::session::{self, Invitation};
use crate::auth::{Csrf, cookie};
use crate::http::{Peer, Problem};

/// A person to choose.
#[derive(Debug, Serialize)]
struct Choice {
    name: String,
    title: String,
    detail: String,
}

/// `GET /sign-in`: how one gets in.
pub(super) async fn how(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let back = own_path(&asked.back);
    render(theme_of(&headers), StatusCode::OK, ways_in(&state, back, asked.again))
}

/// What the page is asked with.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Where to go afterwards.
    #[serde(default)]
    back: String,
    /// Whether somebody who is signed in must prove again who they are.
    #[serde(default)]
    again: bool,
}

/// The ways in: the providers of the playbook, and links.
fn ways_in(state: &AppState, back: &str, again: bool) -> Value {
    context! {
        step => "how",
        offers => templates::view(state.offers()),
        organization => super::organization_title(state.snapshot().model()),
        back,
        again,
    }
}

/// What a visitor who is not signed in gets instead of a page.
pub(super) fn ask(state: &AppState, theme: &str, back: &str) -> Response {
    render(theme, StatusCode::UNAUTHORIZED, ways_in(state, own_path(back), false))
}

/// `GET /sign-in/<link>`: who one will be. Nothing happens yet.
pub(super) async fn look(
    State(state): State<AppState>,
    peer: Peer,
    Path(link): Path<String>,
    headers: HeaderMap,
) -> Response {
    let theme = theme_of(&headers);
    match session::look(&state, peer, &Secret::presented(link.clone())) {
        Ok(invitation) => render(theme, StatusCode::OK, offer(&state, &invitation, &link)),
        Err(problem) => errors::page(&problem, theme),
    }
}

fn offer(state: &AppState, invitation: &Invitation, link: &str) -> Value {
    let snapshot = state.snapshot();
    let model = snapshot.model();
    let today = snapshot.facts.today;
    let people = model.all::<org::kinds::Person>().filter(|person| person.is_here(today));
    let choices: Vec<Choice> = people
        .filter(|person| invitation.person.as_deref().is_none_or(|only| only == person.name()))
        .map(|person| Choice {
            name: person.name().to_owned(),
            title: person.title().to_owned(),
            detail: seats_of(model, person.name()),
        })
        .collect();
    context! {
        step => "choose",
        link,
        organization => super::organization_title(model),
        choices => templates::view(choices),
        fixed => invitation.person.is_some(),
        operator => invitation.operator,
    }
}

fn seats_of(model: &playbook::Model, person: &str) -> String {
    let holds = |seat: &org::kinds::Seat| {
        let held = |holder: &Option<playbook::Ref<org::kinds::Person>>| {
            holder.as_ref().is_some_and(|holder| holder.name() == person)
        };
        held(&seat.primary) || held(&seat.backup)
    };
    let seats: Vec<&str> = model
        .all::<org::kinds::Seat>()
        .filter(|seat| holds(seat.spec))
        .map(|seat| seat.spec.short.as_deref().unwrap_or(seat.resource.title()))
        .collect();
    seats.join(", ")
}

/// The form of the page above.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    person: String,
}

/// `POST /sign-in/<link>`: uses the link up.
pub(super) async fn take(
    State(state): State<AppState>,
    peer: Peer,
    Path(link): Path<String>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Response {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let person = Some(chosen.person.as_str()).filter(|person| !person.is_empty());
    match session::sign_in(&state, peer, &Secret::presented(link), person, agent) {
        Ok(signed_in) => {
            let mut response = Redirect::to("/").into_response();
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie::give(&signed_in.secret, &state));
            response
        }
        Err(problem) => errors::page(&problem, theme_of(&headers)),
    }
}

/// The form token alone.
#[derive(Debug, Deserialize)]
pub(super) struct Token {
    csrf: String,
}

/// `POST /sign-out`
pub(super) async fn out(
    State(state): State<AppState>,
    viewer: crate::auth::Viewer,
    csrf: Csrf,
    Form(token): Form<Token>,
) -> Result<Response, Problem> {
    csrf.verify(&token.csrf)?;
    if let crate::auth::Way::Session(id) = &viewer.way {
        state.store().end_session(id)?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie::take_back(&state));
    Ok(response)
}

pub(super) fn theme_of(headers: &HeaderMap) -> &'static str {
    theme::of(&CookieJar::from_headers(headers))
}

fn render(theme: &str, status: StatusCode, view: Value) -> Response {
    let frame = context! { title => "Sign in", theme };
    match templates::render("sign_in.html", context! { frame, ..view }) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => errors::page(&Problem::internal(&error), theme),
    }
}
