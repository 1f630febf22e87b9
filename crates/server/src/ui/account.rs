//! The account: who I am here, what I may do, my tokens, my sessions, and where I get messages.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::frame::Page;
use super::notes::{self, Note};
use super::templates::view;
use crate::api::{devices, sessions, tokens};
use crate::auth::Way;
use crate::http::Problem;
use crate::notify::browsers;

/// A token or session in a list.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    name: String,
    detail: String,
    created: String,
    expires: Option<String>,
    used: Option<String>,
    here: bool,
}

/// `GET /account`
pub(super) async fn show(page: Page) -> Response {
    render(&page, None)
}

fn render(page: &Page, secret: Option<String>) -> Response {
    let scopes: Vec<_> = policy::SCOPES
        .iter()
        .filter(|scope| scope.name != "operate" || page.viewer.operator)
        .map(|scope| (scope.name, scope.summary))
        .collect();
    let held: Vec<_> = page
        .viewer
        .seats
        .iter()
        .map(|held| (format!("seat/{}", held.seat), held.is_backup))
        .collect();
    let (lists, messages) = match lists(page).and_then(|lists| Ok((lists, messages(page)?))) {
        Ok(found) => found,
        Err(problem) => return super::errors::page(&problem, page.theme()),
    };
    let (tokens, sessions) = lists;
    let shows = context! {
        person => page.viewer.person.as_deref().map(|name| format!("person/{name}")),
        operator => page.viewer.operator,
        seats => view(held),
        teams => view(page.viewer.teams.iter().map(|team| format!("team/{team}")).collect::<Vec<_>>()),
        scopes => view(scopes),
        tokens => view(tokens),
        sessions => view(sessions),
        secret,
        messages => view(messages),
    };
    page.show("account.html", "Account", shows)
}

fn lists(page: &Page) -> Result<(Vec<Row>, Vec<Row>), Problem> {
    let Some(person) = page.viewer.person.as_deref() else { return Ok((Vec::new(), Vec::new())) };
    let (store, now) = (page.state().store(), page.now());
    let tokens = store.tokens(Some(person), now)?.into_iter().map(|token| Row {
        id: token.id,
        name: token.name,
        detail: token.scopes.join(", "),
        created: token.created.to_string(),
        expires: Some(token.expires.to_string()),
        used: token.used.map(|used| used.to_string()),
        here: false,
    });
    let sessions = store.sessions(Some(person), now)?.into_iter().map(|session| Row {
        here: page.viewer.way == Way::Session(session.id.clone()),
        id: session.id,
        name: browser(&session.agent).to_owned(),
        detail: session.agent,
        created: session.created.to_string(),
        expires: None,
        used: Some(session.used.to_string()),
    });
    Ok((tokens.collect(), sessions.collect()))
}

/// Where a person gets messages.
#[derive(Debug, Serialize)]
struct Messages {
    /// Whether the playbook declares a channel that pushes.
    declared: bool,
    /// The public key of this server.
    key: String,
    devices: Vec<Row>,
}

fn messages(page: &Page) -> Result<Option<Messages>, Problem> {
    let Some(person) = page.viewer.person.as_deref() else { return Ok(None) };
    let devices = page.state().store().devices(Some(person))?.into_iter().map(|device| Row {
        id: device.id,
        name: device.name,
        detail: device.host,
        created: device.created.to_string(),
        expires: None,
        used: device.used.map(|used| used.to_string()),
        here: false,
    });
    Ok(Some(Messages {
        declared: page.snapshot().has_push(),
        key: browsers::key(page.state())?.public(),
        devices: devices.collect(),
    }))
}

/// The browser's name, out of how it introduces itself; the order matters, because each claims to be the next.
fn browser(agent: &str) -> &str {
    ["Edg", "Firefox", "Chrome", "Safari", "curl"]
        .into_iter()
        .find(|name| agent.contains(name))
        .map_or("A browser", |name| if name == "Edg" { "Edge" } else { name })
}

/// A token as the form asks for it.
#[derive(Debug)]
pub(super) struct Wanted {
    csrf: String,
    name: String,
    days: Option<u16>,
    scopes: Vec<String>,
}

impl Wanted {
    /// Reads a form in which `scope` may stand several times.
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut wanted =
            Self { csrf: String::new(), name: String::new(), days: None, scopes: Vec::new() };
        for (field, value) in fields {
            match field.as_str() {
                "csrf" => wanted.csrf = value,
                "name" => wanted.name = value,
                "days" => wanted.days = value.parse().ok(),
                "scope" => wanted.scopes.push(value),
                _ => {}
            }
        }
        wanted
    }
}

/// `POST /account/tokens`: makes a token and shows its secret, this once.
pub(super) async fn create(page: Page, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let Wanted { csrf, name, days, scopes } = Wanted::of(fields);
    let made = page.csrf().verify(&csrf).and_then(|()| {
        let owner = policy::Resource::kind("token").of_people(page.viewer.person.as_deref());
        page.state().authorize(&page.viewer, "token.create", owner)?;
        tokens::make(page.state(), &page.viewer, name, scopes, days)
    });
    match made {
        Ok((_, secret)) => render(&page, Some(secret)),
        Err(problem) => notes::redirect("/account", &Note::refusal(&problem)),
    }
}

/// The form token alone.
#[derive(Debug, Deserialize)]
pub(super) struct Token {
    csrf: String,
}

/// `POST /account/tokens/<id>/revoke`
pub(super) async fn revoke(
    page: Page,
    Path(id): Path<String>,
    Form(sent): Form<Token>,
) -> Response {
    let done = match page.csrf().verify(&sent.csrf) {
        Ok(()) => {
            tokens::revoke(State(page.state().clone()), page.viewer.clone(), crate::http::Path(id))
                .await
                .map(drop)
        }
        Err(problem) => Err(problem),
    };
    answer(done, "The token is revoked")
}

/// `POST /account/devices/<id>/remove`
pub(super) async fn remove_device(
    page: Page,
    Path(id): Path<String>,
    Form(sent): Form<Token>,
) -> Response {
    let state = State(page.state().clone());
    let done = match page.csrf().verify(&sent.csrf) {
        Ok(()) => {
            devices::remove(state, page.viewer.clone(), crate::http::Path(id)).await.map(drop)
        }
        Err(problem) => Err(problem),
    };
    answer(done, "The browser gets no messages any more")
}

/// `POST /account/devices/<id>/trial`
pub(super) async fn try_device(
    page: Page,
    Path(id): Path<String>,
    Form(sent): Form<Token>,
) -> Response {
    let state = State(page.state().clone());
    let done = match page.csrf().verify(&sent.csrf) {
        Ok(()) => devices::trial(state, page.viewer.clone(), crate::http::Path(id)).await.map(drop),
        Err(problem) => Err(problem),
    };
    answer(done, "The push service of the browser has the message")
}

/// `POST /account/sessions/<id>/end`
pub(super) async fn end(page: Page, Path(id): Path<String>, Form(sent): Form<Token>) -> Response {
    let done = match page.csrf().verify(&sent.csrf) {
        Ok(()) => {
            sessions::end(State(page.state().clone()), page.viewer.clone(), crate::http::Path(id))
                .await
                .map(drop)
        }
        Err(problem) => Err(problem),
    };
    answer(done, "The session has ended")
}

/// `POST /account/sessions/end`: signs out everywhere, here too.
pub(super) async fn end_all(page: Page, Form(sent): Form<Token>) -> Response {
    let person = page.viewer.person.clone();
    let done = page.csrf().verify(&sent.csrf).and_then(|()| {
        let person = person.as_deref().unwrap_or_default();
        let resource = policy::Resource::kind("session").of_people([person]);
        page.state().authorize(&page.viewer, "session.end", resource)?;
        page.state().sign_out_everywhere(person, false)
    });
    match done {
        Ok(_) => {
            let mut response = axum::response::Redirect::to("/sign-in").into_response();
            let cookie = crate::auth::cookie::take_back(page.state());
            response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
            response
        }
        Err(problem) => notes::redirect("/account", &Note::refusal(&problem)),
    }
}

fn answer(done: Result<(), Problem>, said: &str) -> Response {
    match done {
        Ok(()) => notes::redirect("/account", &Note::good(said)),
        Err(problem) => notes::redirect("/account", &Note::refusal(&problem)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_the_name_that_only_it_claims() {
        assert_eq!(browser("Mozilla/5.0 Chrome/130 Safari/537 Edg/130"), "Edge");
        assert_eq!(browser("Mozilla/5.0 Chrome/130 Safari/537"), "Chrome");
        assert_eq!(browser("something"), "A browser");
    }

    #[test]
    fn a_scope_may_stand_several_times() {
        let fields = [("scope", "read"), ("name", "ci"), ("scope", "decide"), ("days", "7")];
        let fields = fields.map(|(field, value)| (field.to_owned(), value.to_owned()));
        let wanted = Wanted::of(fields.into());
        assert_eq!(
            (wanted.scopes, wanted.days),
            (vec!["read".to_owned(), "decide".to_owned()], Some(7))
        );
    }
}
