//! The HTTP API, `/api/v1`: one file a noun, each route described where it is written.

mod resources;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

/// The routes and their description, which cannot differ because one registration makes both.
pub fn routes() -> (Router<AppState>, OpenApi) {
    OpenApiRouter::with_openapi(OpenApi::default())
        .routes(routes!(resources::list))
        .routes(routes!(resources::get))
        .split_for_parts()
}
