//! The fleet: sites, racks and machines as declared, held against what provisioners report.

use axum::extract::State;
use fleet::views::{Fleet, FleetView, MachineRow, MachineView, RackView};
use policy::Resource;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem};

/// Shows the whole fleet at a glance.
#[utoipa::path(get, path = "/api/v1/fleet", responses(
    (status = 200, description = "Sites, racks, provisioners and problems", body = ref("#/components/schemas/FleetView")),
))]
async fn overview(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<FleetView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("machine"))?;
    let (snapshot, watch) = (state.snapshot(), state.fleet().watch());
    Ok(Json(Fleet::of(snapshot.model(), &watch, state.clock().now()).overview()))
}

/// Lists all machines by name.
#[utoipa::path(get, path = "/api/v1/fleet/machines", params(PageParameters), responses(
    (status = 200, description = "A page of machines", body = ref("#/components/schemas/PageOfMachineRow")),
))]
async fn machines(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<MachineRow>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("machine"))?;
    let (snapshot, watch) = (state.snapshot(), state.fleet().watch());
    let fleet = Fleet::of(snapshot.model(), &watch, state.clock().now());
    Ok(paging.cut(fleet.rows().iter(), |row| row.name.clone(), Clone::clone))
}

/// Shows one machine: its stage, what it waits for, and why it is stuck.
#[utoipa::path(get, path = "/api/v1/fleet/machines/{name}", params(("name" = String, Path, description = "Its name")), responses(
    (status = 200, description = "The machine", body = ref("#/components/schemas/MachineView")),
))]
async fn machine(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Json<MachineView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::new("machine", &name))?;
    let (snapshot, watch) = (state.snapshot(), state.fleet().watch());
    let fleet = Fleet::of(snapshot.model(), &watch, state.clock().now());
    match fleet.machine(&name) {
        Some(machine) => Ok(Json(machine)),
        None => Err(super::resources::missing(&snapshot, "machine", &name)),
    }
}

/// Shows one rack from its top.
#[utoipa::path(get, path = "/api/v1/fleet/racks/{site}/{label}",
    params(("site" = String, Path, description = "Its site"), ("label" = String, Path, description = "What its door says")), responses(
    (status = 200, description = "The rack", body = ref("#/components/schemas/RackView")),
))]
async fn rack(
    State(state): State<AppState>,
    viewer: Viewer,
    Path((site, label)): Path<(String, String)>,
) -> Result<Json<RackView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("rack"))?;
    let (snapshot, watch) = (state.snapshot(), state.fleet().watch());
    let fleet = Fleet::of(snapshot.model(), &watch, state.clock().now());
    fleet.rack(&site, &label).map(Json).ok_or_else(|| {
        Problem::not_found(format!("There is no rack `{label}` at `{site}`."))
            .hint("`/api/v1/fleet` lists them")
    })
}

/// The operations of the fleet.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(overview))
        .routes(routes!(machines))
        .routes(routes!(machine))
        .routes(routes!(rack))
}
