//! Pages.

use axum::Router;

use crate::AppState;

/// The routes of all pages.
pub fn routes() -> Router<AppState> {
    Router::new()
}
