//! What breaks, dangles or loses its backup when somebody leaves.

use axum::extract::State;
use jiff::civil::Date;
use org::whatif::Consequences;
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Problem, Query};

/// What follows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct WhatifView(Consequences);

/// Who leaves, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Departure {
    /// The person's name.
    leave: String,
    /// The first day without them; today when left out.
    #[param(value_type = Option<String>, format = Date)]
    on: Option<Date>,
}

/// Says what follows when somebody leaves.
#[utoipa::path(get, path = "/api/v1/whatif", params(Departure), responses(
    (status = 200, description = "The consequences", body = ref("#/components/schemas/WhatifView")),
))]
pub(crate) async fn leave(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(departure): Query<Departure>,
) -> Result<Json<WhatifView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("whatif"))?;
    let snapshot = state.snapshot();
    let on = departure.on.unwrap_or(snapshot.facts.today);
    let follows = governance::who::leave(
        snapshot.model(),
        &state.record().state.council,
        &departure.leave,
        on,
    );
    follows.map(|found| Json(WhatifView(found))).map_err(|error| {
        Problem::not_found(format!("{error}.")).hint("`/api/v1/people` lists everybody")
    })
}
