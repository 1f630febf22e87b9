//! The seats at the table.

use axum::extract::State;
use org::views::SeatRow;
use policy::Resource;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem};

/// Lists the seats in the order of the table, with their gaps.
#[utoipa::path(get, path = "/api/v1/seats", params(PageParameters), responses(
    (status = 200, description = "Seats", body = ref("#/components/schemas/PageOfSeatRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<SeatRow>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("seat"))?;
    let snapshot = state.snapshot();
    let rows = org::views::seats(snapshot.model(), &snapshot.facts);
    // The key is the place at the table, so that pages keep the table's order.
    let numbered = rows.into_iter().enumerate();
    Ok(paging.cut(numbered, |(at, _)| format!("{at:06}"), |(_, row)| row))
}

/// Shows one seat.
#[utoipa::path(get, path = "/api/v1/seats/{name}", params(("name" = String, Path, description = "The seat's name")), responses(
    (status = 200, description = "The seat", body = ref("#/components/schemas/SeatRow")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Json<SeatRow>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::new("seat", &name))?;
    let snapshot = state.snapshot();
    let found = org::views::seat(snapshot.model(), &snapshot.facts, &name);
    found.map(Json).ok_or_else(|| super::resources::missing(&snapshot, "seat", &name))
}
