//! Objectives: what is left of error budgets, one of them over time, and what another promise would have meant.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use governance::Text;
use minijinja::context;
use reliability::record::amendment::Command;
use reliability::slo::Objective;
use serde::Deserialize;

use super::chart;
use super::frame::Page;
use super::incident::Fields;
use super::notes::{self, Note};
use super::templates::view;
use crate::counting::probe_rows;
use crate::http::Problem;
use crate::perform::wrong_value;

/// How many objectives one page shows; the emptiest come first.
const PER_PAGE: usize = 100;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    page: Option<usize>,
}

/// `GET /objectives`
pub(super) async fn list(page: Page, Query(part): Query<Part>) -> Response {
    let last = page.state().objectives().last();
    let all = last.as_ref().map(|look| look.rows());
    let pages = all.map_or(1, |rows| rows.len().div_ceil(PER_PAGE).max(1));
    let number = part.page.unwrap_or(1).clamp(1, pages);
    let rows = all.map(|rows| rows.chunks(PER_PAGE).nth(number - 1).unwrap_or_default());
    let probes = probe_rows(page.state(), page.lens());
    let total = all.map_or(0, <[_]>::len);
    let shows = context! { rows => view(rows), total, number, pages, probes => view(probes) };
    page.show("objectives.html", "Objectives", shows)
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
    let look = last.as_ref();
    let viewer = page.viewer.person.as_deref();
    let Some(detail) = look.and_then(|look| look.detail(page.lens(), (&id, viewer), promised))
    else {
        return Problem::not_found(format!("There is no objective `{id}` that was looked at."))
            .into_response();
    };
    let chart = chart::draw(&detail.history, &detail.changes);
    let title = detail.row.title.clone();
    let zone = page.snapshot().time_zone().iana_name().unwrap_or("UTC").to_owned();
    let shows =
        context! { detail => view(detail), chart => view(chart), asked => text, wrong, zone };
    page.show("objective.html", &title, shows)
}

/// `POST /objectives/{id}`
pub(super) async fn amend(
    page: Page,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let done = match command(&page, &Fields(fields)) {
        Ok(command) => page.state().amend(&page.viewer, id.clone(), command).await.map(drop),
        Err(problem) => Err(problem),
    };
    let note = match done {
        Ok(()) => Note::good("It is written down. The budget is measured again."),
        Err(problem) => Note::refusal(&problem),
    };
    notes::redirect(&format!("/objectives/{id}"), &note)
}

/// What the form asks for.
fn command(page: &Page, fields: &Fields) -> Result<Command, Problem> {
    page.csrf().verify(fields.get("csrf"))?;
    let reason = Text::Plain(fields.get("reason").to_owned());
    let moment = |name| {
        let given = fields.get(name);
        page.moment(given).ok_or_else(|| wrong_value(format!("`{given}` is no time.")))
    };
    match fields.get("deed") {
        "exclude" => Ok(Command::Exclude { from: moment("from")?, to: moment("to")?, reason }),
        "include" => {
            let number = fields.get("exclusion");
            let exclusion = number.parse();
            let exclusion =
                exclusion.map_err(|_| wrong_value(format!("`{number}` is no exclusion.")))?;
            Ok(Command::Include { exclusion })
        }
        "reset" => Ok(Command::Reset { reason }),
        other => Err(wrong_value(format!("Nothing is called `{other}`."))),
    }
}
