//! Drift: what the targets report, held against the playbook.

use axum::response::Response;
use minijinja::context;

use super::frame::Page;
use super::templates::view;

/// `GET /drift`
pub(super) async fn show(page: Page) -> Response {
    let look = page.state().sight().last().map(|look| look.view());
    let differs = look.iter().flat_map(|look| &look.targets).any(|target| target.differs > 0);
    page.show("drift.html", "Drift", context! { look => view(look), differs })
}
