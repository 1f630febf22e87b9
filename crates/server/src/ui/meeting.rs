//! One meeting: its agenda from the record, who is there, minutes, actions.

use axum::Form;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use governance::Text;
use governance::record::{Command, action, ritual};
use governance::views;
use jiff::civil::Date;
use minijinja::context;
use serde::Deserialize;

use super::errors;
use super::frame::Page;
use super::templates::view;

/// `GET /rituals/<name>/<date>`
pub(super) async fn show(page: Page, Path((name, date)): Path<(String, Date)>) -> Response {
    let Some(agenda) = views::agenda(&page.reading(), &name, date) else {
        return errors::missing(&page, &format!("There is no ritual `{name}`."));
    };
    let title = format!("{}, {date}", agenda.ritual.title);
    page.show("meeting.html", &title, context! { name, agenda => view(agenda) })
}

/// `GET /rituals/<name>/<date>/agenda.md`: the same as Markdown, for a mail or a chat.
pub(super) async fn as_markdown(page: Page, Path((name, date)): Path<(String, Date)>) -> Response {
    match views::agenda(&page.reading(), &name, date) {
        Some(agenda) => {
            let text = governance::render::agenda::to_markdown(&agenda);
            ([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], text).into_response()
        }
        None => errors::missing(&page, &format!("There is no ritual `{name}`.")),
    }
}

/// Opening or closing.
#[derive(Debug, Deserialize)]
pub(super) struct Turn {
    csrf: String,
    to: String,
}

/// `POST /rituals/<name>/<date>/state`
pub(super) async fn turn(
    page: Page,
    Path(at): Path<(String, Date)>,
    Form(sent): Form<Turn>,
) -> Response {
    let (command, said) = match sent.to.as_str() {
        "close" => (ritual::Command::Close {}, "The meeting is closed"),
        _ => (ritual::Command::Open {}, "The meeting is open"),
    };
    carry_out(&page, at, &sent.csrf, command, said).await
}

/// Somebody is there.
#[derive(Debug, Deserialize)]
pub(super) struct Attendance {
    csrf: String,
    seat: String,
    person: String,
}

/// `POST /rituals/<name>/<date>/attend`
pub(super) async fn attend(
    page: Page,
    Path(at): Path<(String, Date)>,
    Form(sent): Form<Attendance>,
) -> Response {
    let command = ritual::Command::Attend { seat: sent.seat, person: sent.person };
    carry_out(&page, at, &sent.csrf, command, "Attendance is noted").await
}

/// Something was said.
#[derive(Debug, Deserialize)]
pub(super) struct Minute {
    csrf: String,
    #[serde(default)]
    item: String,
    text: String,
}

/// `POST /rituals/<name>/<date>/minute`
pub(super) async fn minute(
    page: Page,
    Path(at): Path<(String, Date)>,
    Form(sent): Form<Minute>,
) -> Response {
    let item = Some(sent.item).filter(|item| !item.is_empty());
    let command = ritual::Command::Minute { item, text: Text::Plain(sent.text) };
    carry_out(&page, at, &sent.csrf, command, "It is in the minutes").await
}

/// Something was promised.
#[derive(Debug, Deserialize)]
pub(super) struct Promise {
    csrf: String,
    title: String,
    owner: String,
    due: Date,
}

/// `POST /rituals/<name>/<date>/action`
pub(super) async fn action(
    page: Page,
    Path((name, date)): Path<(String, Date)>,
    Form(sent): Form<Promise>,
) -> Response {
    let command = Command::Action {
        id: crate::auth::secret::public_id(),
        command: action::Command::Open {
            title: Text::Plain(sent.title),
            owner: sent.owner,
            due: sent.due,
            from: Some(format!("ritual/{name}/{date}")),
        },
    };
    page.carry_out(&sent.csrf, command, &path(&name, date), "It is promised").await
}

fn path(name: &str, date: Date) -> String {
    format!("{}/{date}", super::links::path_of("ritual", name))
}

async fn carry_out(
    page: &Page,
    (name, date): (String, Date),
    csrf: &str,
    command: ritual::Command,
    said: &str,
) -> Response {
    let to = path(&name, date);
    page.carry_out(csrf, Command::Ritual { name, date, command }, &to, said).await
}
