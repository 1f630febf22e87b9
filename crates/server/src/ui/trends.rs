//! Trends: how changes and incidents go over the weeks.

use axum::response::Response;
use minijinja::context;

use super::frame::Page;
use super::templates::view;
use crate::trends::Trends;

/// `GET /trends`
pub(super) async fn show(page: Page) -> Response {
    let trends = Trends::of(page.lens(), page.viewer.person.as_deref());
    page.show("trends.html", "Trends", context! { trends => view(trends) })
}
