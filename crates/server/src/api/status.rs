//! The status page, for programs.

use axum::extract::State;
use reliability::views::Status;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::{Json, Problem};
use crate::{AppState, status};

/// The operations of the status page.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Shows how the services are, as the outside was told. Nobody has to sign in.
#[utoipa::path(get, path = "/api/v1/status", responses(
    (status = 200, description = "How the services are", body = ref("#/components/schemas/Status")),
))]
pub(crate) async fn show(State(state): State<AppState>) -> Result<Json<Status>, Problem> {
    status::of(&state.lens()).map(Json).ok_or_else(none)
}

/// The playbook's permission to show anything is the page that it declares.
pub(crate) fn none() -> Problem {
    Problem::not_found("The playbook declares no status page.")
        .hint("A resource of the kind `StatusPage` says what the outside may see")
}
