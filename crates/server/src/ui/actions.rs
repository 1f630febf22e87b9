//! Actions: what somebody promised to do by a date.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use governance::Text;
use governance::record::{Command, action};
use governance::views;
use minijinja::context;
use serde::Deserialize;

use super::errors;
use super::frame::Page;
use super::notes::{self, Note};
use super::templates::view;

/// `GET /actions`
pub(super) async fn list(page: Page) -> Response {
    let list = views::actions(&page.reading());
    page.show(
        "actions.html",
        "Actions",
        context! { open => view(list.open), closed => view(list.closed) },
    )
}

/// Where the page was opened from.
#[derive(Debug, Deserialize)]
pub(super) struct From {
    #[serde(default)]
    back: Option<String>,
}

/// `GET /actions/<id>`
pub(super) async fn show(page: Page, Path(id): Path<String>, Query(from): Query<From>) -> Response {
    let list = views::actions(&page.reading());
    let Some(row) = list.open.into_iter().chain(list.closed).find(|row| row.id == id) else {
        return errors::missing(&page, &format!("There is no action `{id}`."));
    };
    let back = from.back.unwrap_or_else(|| "/actions".to_owned());
    let version = page.reading().record.version(&format!("action/{id}"));
    let title = row.title.clone();
    page.show("action.html", &title, context! { row => view(row), back, version })
}

/// A form about an action. What a form does not have stays empty.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    csrf: String,
    #[serde(default)]
    back: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    due: String,
    /// The version of the action that the form was made from.
    #[serde(default)]
    seen: Option<u64>,
}

/// `POST /actions/<id>/done`
pub(super) async fn done(page: Page, Path(id): Path<String>, Form(sent): Form<Sent>) -> Response {
    let command = action::Command::Done { note: Text::of(&sent.note) };
    carry_out(&page, id, &sent, command, "It is done").await
}

/// `POST /actions/<id>/drop`
pub(super) async fn give_up(
    page: Page,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    let command = action::Command::Drop { reason: Text::Plain(sent.reason.clone()) };
    carry_out(&page, id, &sent, command, "It is dropped").await
}

/// `POST /actions/<id>/move`
pub(super) async fn postpone(
    page: Page,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    let to = super::own_path(&sent.back);
    let Ok(due) = sent.due.parse() else {
        return notes::redirect(to, &Note::bad(format!("`{}` is not a day.", sent.due)));
    };
    let now = page.reading().record.version(&format!("action/{id}"));
    if sent.seen.is_some_and(|seen| seen != now) {
        let note = Note::bad("Somebody changed the action since you looked at it.")
            .hint("Look at it as it is now, and move it then");
        return notes::redirect(&format!("/actions/{}", super::links::encoded(&id)), &note);
    }
    let command = action::Command::Move { due, reason: Text::of(&sent.reason) };
    carry_out(&page, id, &sent, command, "It is moved").await
}

async fn carry_out(
    page: &Page,
    id: String,
    sent: &Sent,
    command: action::Command,
    said: &str,
) -> Response {
    let command = Command::Action { id, command };
    page.carry_out(&sent.csrf, command, super::own_path(&sent.back), said).await
}
