//! Alerts: what fires, by group; their history and how good they are; having one, and making an incident of it.

use axum::extract::State;
use policy::Resource;
use reliability::record::Command as Any;
use reliability::record::alert::Command;
use reliability::severity::Proposal;
use reliability::views::{self, AlertHistory, AlertList, AlertQuality};
use schemars::JsonSchema;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Path, Problem, Query};

/// The operations of alerts.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(acknowledge))
        .routes(routes!(proposal, declare))
        .routes(routes!(history))
        .routes(routes!(quality))
}

/// The severity that is proposed for an incident of a group of alerts.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AlertProposal {
    /// With its reasons; nothing when no severity of the playbook fits.
    proposal: Option<Proposal>,
}

/// Lists what fires, by group.
#[utoipa::path(get, path = "/api/v1/alerts", params(AsOfParameters), responses(
    (status = 200, description = "Alerts", body = ref("#/components/schemas/AlertList")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<AlertList>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("alert"))?;
    let lens = moment.lens(&state).await?;
    Ok(Json(views::alerts(&lens.operations(&lens.verified()))))
}

/// Says that you have a group of alerts.
#[utoipa::path(post, path = "/api/v1/alerts/{group}/acknowledgement", params(("group" = String, Path, description = "The group's key")), responses(
    (status = 200, description = "Yours", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn acknowledge(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(group): Path<String>,
) -> Result<Done, Problem> {
    Ok(state.perform(&viewer, Any::Alert(Command::Acknowledge { group })).await?.into())
}

/// Proposes the severity of an incident that a group of alerts would be.
#[utoipa::path(get, path = "/api/v1/alerts/{group}/incident", params(("group" = String, Path, description = "The group's key")), responses(
    (status = 200, description = "The proposal", body = ref("#/components/schemas/AlertProposal")),
))]
pub(crate) async fn proposal(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(group): Path<String>,
) -> Result<Json<AlertProposal>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("alert"))?;
    let lens = state.lens();
    let group = lens.alert_group(&group)?;
    Ok(Json(AlertProposal { proposal: lens.propose_for(&group) }))
}

/// Declares an incident from a group of alerts, with the severity that is proposed.
#[utoipa::path(post, path = "/api/v1/alerts/{group}/incident", params(("group" = String, Path, description = "The group's key")), responses(
    (status = 201, description = "Declared", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn declare(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(group): Path<String>,
) -> Result<Done, Problem> {
    let performed = state.declare_from_alerts(&viewer, &group).await?;
    let location = format!("/api/v1/incidents/{}", performed.name());
    Ok(Done::created(performed, location))
}

/// Tells when alerts of a name fired.
#[utoipa::path(get, path = "/api/v1/alert-history/{name}", params(("name" = String, Path, description = "The alert's name"), AsOfParameters), responses(
    (status = 200, description = "The history", body = ref("#/components/schemas/AlertHistory")),
))]
pub(crate) async fn history(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<AlertHistory>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("alert"))?;
    let lens = moment.lens(&state).await?;
    let found = views::alert_history(&lens.operations(&lens.verified()), &name);
    found.map(Json).ok_or_else(|| {
        Problem::not_found(format!("No alert of the name `{name}` ever fired."))
            .hint("`/api/v1/alert-quality` lists the names")
    })
}

/// Says how good alerts are: noisy, flapping, never acted on, missing.
#[utoipa::path(get, path = "/api/v1/alert-quality", params(AsOfParameters), responses(
    (status = 200, description = "The report", body = ref("#/components/schemas/AlertQuality")),
))]
pub(crate) async fn quality(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<AlertQuality>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("alert"))?;
    let lens = moment.lens(&state).await?;
    Ok(Json(views::alert_quality(&lens.operations(&lens.verified()))))
}
