//! Objectives: what is left of error budgets, one of them over time, and what another promise would have meant.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use minijinja::context;
use reliability::slo::Objective;
use serde::Deserialize;

use super::chart;
use super::frame::Page;
use super::templates::view;
use crate::http::Problem;
use crate::objectives::Look;

/// `GET /objectives`
pub(super) async fn list(page: Page) -> Response {
    let last = page.state().objectives().last();
    let rows = last.as_ref().as_ref().map(Look::rows);
    page.show("objectives.html", "Objectives", context! { rows => view(rows) })
}

/// What if another promise had been made.
#[derive(Debug, Default, Deserialize)]
pub(super) struct WhatIf {
    #[serde(default)]
    objective: String,
}

/// `GET /objectives/{id}`
pub(super) async fn show(
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<WhatIf>,
) -> Response {
    let text = asked.objective.trim().trim_end_matches('%').trim().replace(',', ".");
    let promised = text.parse::<f64>().ok().and_then(Objective::of_percent);
    let wrong = (!text.is_empty() && promised.is_none()).then_some(&asked.objective);
    let last = page.state().objectives().last();
    let look = last.as_ref().as_ref();
    let viewer = page.viewer.person.as_deref();
    let Some(detail) = look.and_then(|look| look.detail(page.lens(), (&id, viewer), promised))
    else {
        return Problem::not_found(format!("There is no objective `{id}` that was looked at."))
            .into_response();
    };
    let chart = chart::draw(&detail.history, &detail.changes);
    let title = detail.row.title.clone();
    let shows = context! { detail => view(detail), chart => view(chart), asked => text, wrong };
    page.show("objective.html", &title, shows)
}
