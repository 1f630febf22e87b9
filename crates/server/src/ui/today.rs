//! Today: what needs me, what changed, what comes next, what is missing.

use axum::response::Response;
use minijinja::context;

use super::frame::Page;
use super::round_table;
use super::templates::view;
use crate::today::Today;

/// `GET /`
pub(super) async fn show(page: Page) -> Response {
    let rows = org::views::seats(page.snapshot().model(), &page.snapshot().facts);
    let viewer = page.viewer.person.as_deref();
    let today = Today::of(page.state(), page.lens(), viewer, !page.shows_the_past());
    let shows = context! { table => view(round_table::draw(&rows)), view => view(today) };
    page.show("today.html", "Today", shows)
}
