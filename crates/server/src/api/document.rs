//! The living document.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use governance::render::document::{document, to_markdown};
use policy::Resource;

use super::as_of::AsOfParameters;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Problem, Query};

/// Renders the whole playbook as one readable document.
#[utoipa::path(get, path = "/api/v1/document", params(AsOfParameters), responses(
    (status = 200, description = "Markdown", content_type = "text/markdown", body = String),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<impl IntoResponse, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("document"))?;
    let lens = moment.lens(&state).await?;
    let rendered = document(&lens.reading(), &state.config().document_parts);
    Ok(([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], to_markdown(&rendered)))
}
