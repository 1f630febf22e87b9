//! Today: what needs me, what changed, what comes next, what is missing.

use axum::response::Response;
use governance::views;
use minijinja::context;

use super::frame::Page;
use super::round_table;
use super::templates::view;

/// `GET /`
pub(super) async fn show(page: Page) -> Response {
    let reading = page.reading();
    let rows = org::views::seats(page.snapshot().model(), &page.snapshot().facts);
    let today = views::today(&reading, page.viewer.person.as_deref());
    let shows = context! { table => view(round_table::draw(&rows)), view => view(today) };
    page.show("today.html", "Today", shows)
}
