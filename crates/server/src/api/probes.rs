//! Probes, for programs: what is tried, and how it went last.

use axum::extract::State;
use policy::Resource;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::auth::Viewer;
use crate::counting::{ProbeRow, probe_rows};
use crate::http::{Page, PageParameters, Paging, Problem};

/// The operations of probes.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Lists the probes of the playbook by name, with how they went last.
#[utoipa::path(get, path = "/api/v1/probes", params(PageParameters), responses(
    (status = 200, description = "Probes", body = ref("#/components/schemas/PageOfProbeRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<ProbeRow>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("probe"))?;
    let mut rows = probe_rows(&state, &state.lens());
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(paging.cut(rows, |row| row.name.clone(), |row| row))
}
