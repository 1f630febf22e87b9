//! Today: what needs me, what changed, what comes next.

use axum::response::Response;
use minijinja::context;

use super::frame::Page;

/// `GET /`
pub async fn show(page: Page) -> Response {
    page.show("today.html", "Today", context! {})
}
