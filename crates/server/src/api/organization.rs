//! The organization whose playbook this is.

use axum::extract::State;
use org::kinds::Organization;
use policy::Resource;
use schemars::JsonSchema;
use serde::Serialize;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Problem};
use crate::snapshot::Revision;

/// The organization and the state of its playbook.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OrganizationView {
    /// The name within the playbook.
    name: String,
    /// The name that people read.
    title: String,
    /// What it declares.
    spec: Organization,
    /// The current revision of the playbook.
    revision: Revision,
    /// A newer revision that has errors and is held back.
    held_back: Option<Revision>,
    /// The day that answers are given for.
    #[schemars(with = "String")]
    today: jiff::civil::Date,
    /// Seats at the table.
    seats: usize,
    /// People.
    people: usize,
    /// Resources of all kinds.
    resources: usize,
}

/// Shows the organization.
#[utoipa::path(get, path = "/api/v1/organization", responses(
    (status = 200, description = "The organization", body = ref("#/components/schemas/OrganizationView")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<OrganizationView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("organization"))?;
    let snapshot = state.snapshot();
    let model = snapshot.model();
    let found = model.all::<Organization>().next().ok_or_else(|| {
        Problem::not_found("The playbook does not declare an organization.")
            .hint("Declare one in `council.yaml`; `council explain Organization` shows how")
    })?;
    Ok(Json(OrganizationView {
        name: found.name().to_owned(),
        title: found.title().to_owned(),
        spec: found.spec.clone(),
        revision: snapshot.revision.clone(),
        held_back: snapshot.held_back.as_ref().map(|held| held.revision.clone()),
        today: snapshot.facts.today,
        seats: model.of_slug("seat").count(),
        people: model.of_slug("person").count(),
        resources: model.len(),
    }))
}
