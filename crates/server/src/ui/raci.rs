//! RACI: areas by parties, one letter a cell.

use std::collections::BTreeMap;

use axum::response::Response;
use governance::views;
use minijinja::{Value, context};
use playbook::Model;

use super::frame::Page;
use super::templates::view;

/// `GET /raci`
pub(super) async fn show(page: Page) -> Response {
    page.show("raci.html", "RACI", shows(page.snapshot().model()))
}

/// What the page shows.
pub(super) fn shows(model: &Model) -> Value {
    let words: BTreeMap<&str, &str> =
        [("A", "accountable"), ("R", "responsible"), ("C", "consulted"), ("I", "informed")].into();
    context! { matrix => view(views::raci(model)), words => view(words) }
}
