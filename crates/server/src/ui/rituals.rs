//! Rituals: when the council meets, and one ritual with its meetings.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use governance::views::{self, Reading};
use minijinja::{Value, context};
use serde::Deserialize;

use super::errors;
use super::frame::Page;
use super::templates::view;

/// `GET /rituals`
pub(super) async fn list(page: Page) -> Response {
    page.show("rituals.html", "Rituals", shows(&page.reading()))
}

/// What the list shows.
pub(super) fn shows(reading: &Reading<'_>) -> Value {
    context! {
        rows => view(views::rituals(reading).rows),
        actions => view(views::actions(reading).open),
    }
}

/// `GET /rituals/<name>`
pub(super) async fn show(page: Page, Path(name): Path<String>) -> Response {
    match one(&page.reading(), &name) {
        Some((title, shows)) => page.show("ritual.html", &title, shows),
        None => errors::missing(&page, &format!("There is no ritual `{name}`.")),
    }
}

/// The title and what the page of one ritual shows.
pub(super) fn one(reading: &Reading<'_>, name: &str) -> Option<(String, Value)> {
    let row = views::rituals(reading).rows.into_iter().find(|row| row.name == name)?;
    let today = reading.today().to_string();
    Some((row.title.clone(), context! { row => view(row), today }))
}

/// A day to look at.
#[derive(Debug, Deserialize)]
pub(super) struct Day {
    date: jiff::civil::Date,
}

/// `GET /rituals/<name>/on?date=…`
pub(super) async fn on(Path(name): Path<String>, Query(day): Query<Day>) -> Response {
    let base = super::links::path_of("ritual", &name);
    Redirect::to(&format!("{base}/{}", day.date)).into_response()
}
