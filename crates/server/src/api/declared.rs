//! Nouns that are shown just as the playbook declares them: teams, sites, environments, services, workloads.

use governance::kinds::DecisionType;
use org::kinds::{Audience, Environment, Office, Service, Site, Team, Workload};
use playbook::{Kind, Typed};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::http::Page;

/// A resource with what it declares.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Declared{K}")]
pub(crate) struct Declared<K> {
    /// The name within its kind.
    name: String,
    /// The name that people read.
    title: String,
    /// A sentence or two.
    description: Option<String>,
    /// The file that declares it.
    file: String,
    /// What it declares.
    spec: K,
}

impl<K: Kind + Clone> Declared<K> {
    fn of(found: Typed<'_, K>) -> Self {
        Self {
            name: found.name().to_owned(),
            title: found.title().to_owned(),
            description: found.resource.meta.description.clone(),
            file: found.resource.place.file.to_string(),
            spec: found.spec.clone(),
        }
    }
}

/// Makes the two operations of a noun: the list and one of it.
macro_rules! declared {
    ($module:ident, $kind:ident, $plural:literal, $one:literal, $page:literal, $body:literal) => {
        mod $module {
            use axum::extract::State;
            use super::$kind;
            use playbook::Kind as _;
            use policy::Resource;

            use super::Declared;
            use crate::AppState;
            use crate::auth::Viewer;
            use crate::http::{Json, Page, PageParameters, Paging, Path, Problem};

            /// Lists them by name.
            #[utoipa::path(get, path = $plural, params(PageParameters), responses(
                (status = 200, description = "All of them", body = ref($page)),
            ))]
            pub(crate) async fn list(
                State(state): State<AppState>,
                viewer: Viewer,
                paging: Paging,
            ) -> Result<Page<Declared<$kind>>, Problem> {
                state.authorize(&viewer, "playbook.read", Resource::kind($kind::SLUG))?;
                let snapshot = state.snapshot();
                let found = snapshot.model().all::<$kind>();
                Ok(paging.cut(found, |found| found.name().to_owned(), Declared::of))
            }

            /// Shows one.
            #[utoipa::path(get, path = $one, params(("name" = String, Path, description = "The name")), responses(
                (status = 200, description = "The one", body = ref($body)),
            ))]
            pub(crate) async fn show(
                State(state): State<AppState>,
                viewer: Viewer,
                Path(name): Path<String>,
            ) -> Result<Json<Declared<$kind>>, Problem> {
                state.authorize(&viewer, "playbook.read", Resource::new($kind::SLUG, &name))?;
                let snapshot = state.snapshot();
                match snapshot.model().get::<$kind>(&name) {
                    Some(found) => Ok(Json(Declared::of(found))),
                    None => Err(crate::api::resources::missing(&snapshot, $kind::SLUG, &name)),
                }
            }
        }
    };
}

declared!(
    teams,
    Team,
    "/api/v1/teams",
    "/api/v1/teams/{name}",
    "#/components/schemas/PageOfDeclaredTeam",
    "#/components/schemas/DeclaredTeam"
);
declared!(
    offices,
    Office,
    "/api/v1/offices",
    "/api/v1/offices/{name}",
    "#/components/schemas/PageOfDeclaredOffice",
    "#/components/schemas/DeclaredOffice"
);
declared!(
    audiences,
    Audience,
    "/api/v1/audiences",
    "/api/v1/audiences/{name}",
    "#/components/schemas/PageOfDeclaredAudience",
    "#/components/schemas/DeclaredAudience"
);
declared!(
    sites,
    Site,
    "/api/v1/sites",
    "/api/v1/sites/{name}",
    "#/components/schemas/PageOfDeclaredSite",
    "#/components/schemas/DeclaredSite"
);
declared!(
    environments,
    Environment,
    "/api/v1/environments",
    "/api/v1/environments/{name}",
    "#/components/schemas/PageOfDeclaredEnvironment",
    "#/components/schemas/DeclaredEnvironment"
);
declared!(
    services,
    Service,
    "/api/v1/services",
    "/api/v1/services/{name}",
    "#/components/schemas/PageOfDeclaredService",
    "#/components/schemas/DeclaredService"
);
declared!(
    workloads,
    Workload,
    "/api/v1/workloads",
    "/api/v1/workloads/{name}",
    "#/components/schemas/PageOfDeclaredWorkload",
    "#/components/schemas/DeclaredWorkload"
);

declared!(
    decision_types,
    DecisionType,
    "/api/v1/decision-types",
    "/api/v1/decision-types/{name}",
    "#/components/schemas/PageOfDeclaredDecisionType",
    "#/components/schemas/DeclaredDecisionType"
);

/// The operations of all these nouns.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(teams::list))
        .routes(routes!(teams::show))
        .routes(routes!(offices::list))
        .routes(routes!(offices::show))
        .routes(routes!(audiences::list))
        .routes(routes!(audiences::show))
        .routes(routes!(sites::list))
        .routes(routes!(sites::show))
        .routes(routes!(environments::list))
        .routes(routes!(environments::show))
        .routes(routes!(services::list))
        .routes(routes!(services::show))
        .routes(routes!(decision_types::list))
        .routes(routes!(decision_types::show))
        .routes(routes!(workloads::list))
        .routes(routes!(workloads::show))
}

/// The shapes of all these nouns.
pub(super) fn schemas(generator: &mut SchemaGenerator) {
    fn add<K: JsonSchema>(generator: &mut SchemaGenerator) {
        generator.subschema_for::<Declared<K>>();
        generator.subschema_for::<Page<Declared<K>>>();
    }
    add::<Team>(generator);
    add::<Office>(generator);
    add::<Audience>(generator);
    add::<Site>(generator);
    add::<Environment>(generator);
    add::<Service>(generator);
    add::<DecisionType>(generator);
    add::<Workload>(generator);
}
