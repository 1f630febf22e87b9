//! Feedback: what developers say about the platform, and the answers.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use governance::Text;
use governance::record::{Command, feedback};
use governance::views;
use minijinja::context;
use serde::Deserialize;

use super::frame::Page;
use super::templates::view;
use crate::auth::secret::public_id;

/// `GET /feedback`
pub(super) async fn list(page: Page) -> Response {
    let list = views::feedback(&page.reading());
    let shows = context! { open => view(list.open), closed => view(list.closed) };
    page.show("feedback.html", "Feedback", shows)
}

/// A form about feedback.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    csrf: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    about: String,
}

/// `POST /feedback`
pub(super) async fn give(page: Page, Form(sent): Form<Sent>) -> Response {
    let about = Some(sent.about.trim().to_owned()).filter(|about| !about.is_empty());
    let command = feedback::Command::Give { text: Text::Plain(sent.text), about };
    carry_out(&page, public_id(), &sent.csrf, command, "Thank you; it is on the next agenda").await
}

/// `POST /feedback/<id>/answer`
pub(super) async fn answer(page: Page, Path(id): Path<String>, Form(sent): Form<Sent>) -> Response {
    let command = feedback::Command::Answer { text: Text::Plain(sent.text) };
    carry_out(&page, id, &sent.csrf, command, "Your answer stands").await
}

/// `POST /feedback/<id>/close`
pub(super) async fn close(page: Page, Path(id): Path<String>, Form(sent): Form<Sent>) -> Response {
    carry_out(&page, id, &sent.csrf, feedback::Command::Close {}, "It is put away").await
}

async fn carry_out(
    page: &Page,
    id: String,
    csrf: &str,
    command: feedback::Command,
    said: &str,
) -> Response {
    page.carry_out(csrf, Command::Feedback { id, command }, "/feedback", said).await
}
