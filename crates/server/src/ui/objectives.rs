//! Objectives: what is left of error budgets, one of them over time, and what another promise would have meant.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use minijinja::context;
use reliability::slo::Objective;
use serde::{Deserialize, Serialize};

use super::chart;
use super::frame::Page;
use super::templates::view;
use crate::http::Problem;
use crate::objectives::{Look, ObjectiveRow};

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

/// The budgets that somebody should know of today.
#[derive(Debug, Default, Serialize)]
pub(super) struct Urgent {
    /// Spent, or gone soon; the emptiest first.
    rows: Vec<ObjectiveRow>,
    /// How many nobody could measure.
    unknown: usize,
    /// Why the first of those is unknown.
    why: Option<String>,
}

/// The budgets that are spent, unknown, or gone soon; nothing where all is well.
pub(super) fn urgent(page: &Page) -> Option<Urgent> {
    let last = page.state().objectives().last();
    let rows = last.as_ref().as_ref()?.rows();
    let (unknown, mut rows): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.budget.unknown.is_some());
    let now = page.now();
    rows.retain(|row| row.spent || row.ends.is_some_and(|at| at.duration_since(now) <= SOON));
    let why = unknown.first().and_then(|row| row.warnings.first().or(row.budget.unknown.as_ref()));
    let why = why.cloned();
    (!rows.is_empty() || why.is_some()).then_some(Urgent { rows, unknown: unknown.len(), why })
}

/// How soon a budget must end to be worth a line on Today: what a team can still do something about.
const SOON: jiff::SignedDuration = jiff::SignedDuration::from_hours(14 * 24);
