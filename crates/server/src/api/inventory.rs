//! The inventory: hosts and groups, as Ansible's dynamic inventories are.

use axum::extract::State;
use gitops::render::inventory::{Inventory, inventory};
use policy::Resource;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::auth::Viewer;
use crate::http::{Json, Path, Problem};
use crate::{AppState, Snapshot};

/// What `ansible-inventory --list` reads: groups by name, and `_meta.hostvars`.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct InventoryView(Value);

/// The hosts that a playbook declares, in their groups.
pub(crate) fn of(state: &AppState, snapshot: &Snapshot) -> Result<Inventory, Problem> {
    let hosts = (state.config().hosts)(snapshot.model(), snapshot.facts.today);
    inventory(hosts, []).map_err(|same| {
        Problem::conflict("same-group", format!("{same}.")).hint("Rename one of the two")
    })
}

/// Shows all hosts and groups.
#[utoipa::path(get, path = "/api/v1/inventory", responses(
    (status = 200, description = "The inventory", body = ref("#/components/schemas/InventoryView")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<InventoryView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("inventory"))?;
    let found = of(&state, &state.snapshot())?;
    let value = serde_json::to_value(found.list()).map_err(|error| Problem::internal(&error))?;
    Ok(Json(InventoryView(value)))
}

/// Shows the variables of one host.
#[utoipa::path(get, path = "/api/v1/inventory/{host}", params(("host" = String, Path, description = "Its name")), responses(
    (status = 200, description = "Its variables", body = ref("#/components/schemas/InventoryView")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Json<InventoryView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::new("inventory", &name))?;
    let found = of(&state, &state.snapshot())?;
    let Some(host) = found.host(&name) else {
        return Err(Problem::not_found(format!("There is no host `{name}`."))
            .hint("`/api/v1/inventory` lists them"));
    };
    let value = serde_json::to_value(Inventory::variables(host));
    Ok(Json(InventoryView(value.map_err(|error| Problem::internal(&error))?)))
}
