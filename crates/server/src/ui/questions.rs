//! Questions: what the council has not decided yet.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use governance::Text;
use governance::kinds::Decision;
use governance::record::decision::Stage;
use governance::record::{Command, question};
use governance::views::{self, Reading};
use jiff::civil::Date;
use minijinja::{Value, context};
use playbook::Typed;
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
        Some((title, shows)) => {
            let decisions = view(answering(&page.reading(), &name));
            page.show("question.html", &title, context! { decisions, ..shows })
        }
        None => errors::missing(&page, &format!("There is no question `{name}`.")),
    }
}

/// The decisions in force that say that they answer a question. They do so by themselves, until somebody opens the
/// question again; then one of them may be named once more.
fn answering(reading: &Reading<'_>, question: &str) -> Vec<(String, String)> {
    let answers = |found: &Typed<'_, Decision>| {
        let named = found.answers.iter().any(|answered| answered.name() == question);
        named && reading.record.decision_stage(reading.model, found.name()) == Stage::Accepted
    };
    let found = reading.model.all::<Decision>().filter(answers);
    found.map(|found| (found.name().to_owned(), found.title().to_owned())).collect()
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

/// Why a question is open again.
#[derive(Debug, Deserialize)]
pub(super) struct Reopened {
    csrf: String,
    reason: String,
}

/// `POST /questions/<name>/reopen`
pub(super) async fn reopen(
    page: Page,
    Path(name): Path<String>,
    Form(sent): Form<Reopened>,
) -> Response {
    let command = question::Command::Reopen { reason: Text::Plain(sent.reason) };
    carry_out(&page, name, &sent.csrf, command, "The question is open again").await
}

/// What answers a question.
#[derive(Debug, Deserialize)]
pub(super) struct AnsweredBy {
    csrf: String,
    decision: String,
}

/// `POST /questions/<name>/answer`
pub(super) async fn answer(
    page: Page,
    Path(name): Path<String>,
    Form(sent): Form<AnsweredBy>,
) -> Response {
    let command = question::Command::Answer { decision: sent.decision };
    carry_out(&page, name, &sent.csrf, command, "The question is answered").await
}

async fn carry_out(
    page: &Page,
    name: String,
    csrf: &str,
    command: question::Command,
    said: &str,
) -> Response {
    let to = super::links::path_of("question", &name);
    page.carry_out(csrf, Command::Question { name, command }, &to, said).await
}
