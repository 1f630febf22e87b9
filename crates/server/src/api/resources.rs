//! Resources of the playbook, of every kind, by kind and name.

use axum::extract::State;
use playbook::Resource;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Path, Problem};

/// A resource as declared.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResourceView {
    /// `seat/network-security`.
    id: String,
    /// The kind's slug.
    kind: &'static str,
    /// The name within its kind.
    name: String,
    /// The name that people read.
    title: String,
    /// The file that declares it.
    file: String,
}

impl ResourceView {
    fn of(resource: &Resource) -> Self {
        Self {
            id: resource.id.to_string(),
            kind: resource.id.slug,
            name: resource.id.name.to_string(),
            title: resource.title().to_owned(),
            file: resource.place.file.to_string(),
        }
    }
}

/// Lists all resources.
#[utoipa::path(get, path = "/api/v1/resources", responses((status = 200, body = Vec<ResourceView>)))]
pub(crate) async fn list(State(state): State<AppState>, _: Viewer) -> Json<Vec<ResourceView>> {
    Json(state.snapshot().model().resources().map(ResourceView::of).collect())
}

/// Shows one resource.
#[utoipa::path(get, path = "/api/v1/resources/{kind}/{name}", responses((status = 200, body = ResourceView)))]
pub(crate) async fn get(
    State(state): State<AppState>,
    _: Viewer,
    Path((kind, name)): Path<(String, String)>,
) -> Result<Json<ResourceView>, Problem> {
    let snapshot = state.snapshot();
    let found = snapshot.model().find(&kind, &name);
    found
        .map(|resource| Json(ResourceView::of(resource)))
        .ok_or_else(|| Problem::not_found(format!("There is no `{kind}/{name}` in the playbook.")))
}
