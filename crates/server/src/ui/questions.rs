//! Questions: what the council has not decided yet.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use governance::Text;
use governance::record::{Command, question};
use governance::views::{self, Reading};
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::frame::Page;
use super::templates::view;
use super::{errors, markdown};

/// `GET /questions`
pub(super) async fn list(page: Page) -> Response {
    page.show("questions.html", "Questions", shows(&page.reading()))
}

/// What the list shows.
pub(super) fn shows(reading: &Reading<'_>) -> Value {
    let list = views::questions(reading);
    context! { open => view(list.open), answered => view(list.answered) }
}

/// `GET /questions/<name>`
pub(super) async fn show(page: Page, Path(name): Path<String>) -> Response {
    match one(&page.reading(), &name) {
        Some((title, shows)) => page.show("question.html", &title, shows),
        None => errors::missing(&page, &format!("There is no question `{name}`.")),
    }
}

/// The title and what the page of one question shows.
pub(super) fn one(reading: &Reading<'_>, name: &str) -> Option<(String, Value)> {
    let list = views::questions(reading);
    let row = list.open.into_iter().chain(list.answered).find(|row| row.name == name)?;
    Some((row.title.clone(), context! { row => view(row) }))
}

/// `GET /questions/raise`
pub(super) async fn ask(page: Page) -> Response {
    let seats = org::views::seats(page.snapshot().model(), &page.snapshot().facts);
    page.show("raise.html", "Raise a question", context! { seats => view(seats) })
}

/// A question as the form sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Raised {
    csrf: String,
    title: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due: String,
}

/// `POST /questions/raise`
pub(super) async fn raise(page: Page, Form(sent): Form<Raised>) -> Response {
    let command = question::Command::Raise {
        title: Text::Plain(sent.title.clone()),
        owner: Some(sent.owner).filter(|owner| !owner.is_empty()),
        due: sent.due.parse::<Date>().ok(),
    };
    let name: String =
        markdown::slug(&sent.title).chars().filter(char::is_ascii).take(50).collect();
    let name = name.trim_matches('-').to_owned();
    page.carry_out(
        &sent.csrf,
        Command::Question { name, command },
        "/questions",
        "The question is raised",
    )
    .await
}
