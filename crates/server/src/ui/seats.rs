//! Seats: the table with its gaps, and one seat.

use axum::extract::Path;
use axum::response::Response;
use minijinja::{Value, context};
use org::views::{self, SeatRow};
use playbook::{Facts, Model};
use serde::Serialize;

use super::frame::Page;
use super::templates::view;
use super::{errors, round_table};

/// What the list counts.
#[derive(Debug, Serialize)]
struct Sums {
    seats: usize,
    filled: usize,
    without_backup: usize,
    empty: usize,
    resting: usize,
}

/// `GET /seats`
pub(super) async fn list(page: Page) -> Response {
    let shows = shows(page.snapshot().model(), &page.snapshot().facts);
    page.show("seats.html", "Seats", shows)
}

/// What the list shows.
pub(super) fn shows(model: &Model, facts: &Facts) -> Value {
    let rows = views::seats(model, facts);
    context! {
        sums => view(sums(&rows)),
        table => view(round_table::draw(&rows)),
        rows => view(rows),
    }
}

fn sums(rows: &[SeatRow]) -> Sums {
    let active = || rows.iter().filter(|row| row.active);
    Sums {
        seats: rows.len(),
        filled: active().filter(|row| row.gaps.is_empty()).count(),
        without_backup: active()
            .filter(|row| row.primary.is_some() && row.backup.is_none())
            .count(),
        empty: active().filter(|row| row.primary.is_none()).count(),
        resting: rows.len() - active().count(),
    }
}

/// `GET /seats/<name>`
pub(super) async fn show(page: Page, Path(name): Path<String>) -> Response {
    let model = page.snapshot().model();
    let Some(row) = views::seat(model, &page.snapshot().facts, &name) else {
        return errors::missing(&page, &format!("There is no seat `{name}` at this table."));
    };
    let title = row.title.clone();
    page.show("seat.html", &title, context! { row => view(row) })
}
