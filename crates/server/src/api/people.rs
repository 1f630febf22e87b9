//! The people, with what each holds.

use axum::extract::State;
use org::views::PersonView;
use policy::Resource;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem};

/// Lists all people, by name.
#[utoipa::path(get, path = "/api/v1/people", params(PageParameters), responses(
    (status = 200, description = "People", body = ref("#/components/schemas/PageOfPersonView")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<PersonView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("person"))?;
    let snapshot = state.snapshot();
    let people = org::views::people(snapshot.model(), &snapshot.facts);
    Ok(paging.cut(people, |person| person.name.clone(), |person| person))
}

/// Shows one person.
#[utoipa::path(get, path = "/api/v1/people/{name}", params(("name" = String, Path, description = "The person's name")), responses(
    (status = 200, description = "The person", body = ref("#/components/schemas/PersonView")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Json<PersonView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::new("person", &name))?;
    let snapshot = state.snapshot();
    let found = org::views::person(snapshot.model(), &snapshot.facts, &name);
    found.map(Json).ok_or_else(|| super::resources::missing(&snapshot, "person", &name))
}
