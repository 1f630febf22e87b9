//! Actions: what somebody promised to do by a date.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use governance::record::{Command, action};
use governance::views;
use minijinja::context;
use serde::Deserialize;

use super::frame::Page;
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

/// Where to go on.
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    csrf: String,
    #[serde(default)]
    back: String,
}

/// `POST /actions/<id>/done`
pub(super) async fn done(page: Page, Path(id): Path<String>, Form(sent): Form<Done>) -> Response {
    let command = Command::Action { id, command: action::Command::Done { note: None } };
    page.carry_out(&sent.csrf, command, super::own_path(&sent.back), "It is done").await
}
