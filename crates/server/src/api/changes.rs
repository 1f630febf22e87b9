//! Changes: the board, one change, and everything that can be asked of it.
//!
//! Planning looks at the targets and keeps the plan's body beside the ledger; everything else is a command.

mod requests;

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use gitops::record::change::{Command, Origin, Via};
use gitops::views::{self, ChangeBoard, ChangeCard, ChangeDetail};
use governance::Text;
use policy::Resource;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::AppState;
use crate::auth::{Viewer, Way};
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem, Query, Version};

pub(crate) use requests::{
    ApprovalRequest, ChangeFilter, ChangeRequest, DescriptionRequest, FindingRequest,
    FreezeRequest, GlassRequest, PlanRequest, SeatRequest, WhyRequest,
};

/// Lists changes by id.
#[utoipa::path(get, path = "/api/v1/changes", params(ChangeFilter, AsOfParameters, PageParameters), responses(
    (status = 200, description = "Changes", body = ref("#/components/schemas/PageOfChangeCard")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(filter): Query<ChangeFilter>,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<ChangeCard>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("change"))?;
    let lens = moment.lens(&state).await?;
    let mut cards: Vec<ChangeCard> = state.cards(&lens);
    cards.retain(|card| filter.keeps(card));
    Ok(paging.cut(cards, |card| card.id.clone(), |card| card))
}

/// Shows changes by stage, with why each waits.
#[utoipa::path(get, path = "/api/v1/change-board", params(AsOfParameters), responses(
    (status = 200, description = "The board", body = ref("#/components/schemas/ChangeBoard")),
))]
pub(crate) async fn board(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<ChangeBoard>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("change"))?;
    Ok(Json(state.board_of_changes(&moment.lens(&state).await?)))
}

/// Shows one change; its tag is what `If-Match` wants.
#[utoipa::path(get, path = "/api/v1/changes/{id}", params(("id" = String, Path, description = "Its id"), AsOfParameters), responses(
    (status = 200, description = "The change", body = ref("#/components/schemas/ChangeDetail")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Response, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("change", &id))?;
    let lens = moment.lens(&state).await?;
    let gate = lens.gate(&state).of_change(&state, &lens, &id);
    let detail: ChangeDetail = views::detail(&lens.changes(&gate), &id, viewer.person.as_deref())
        .ok_or_else(|| missing(&id))?;
    let mut response = Json(detail).into_response();
    let version = lens.record.state.version(&format!("change/{id}"));
    response.extensions_mut().insert(Version(version));
    Ok(response)
}

pub(crate) fn missing(id: &str) -> Problem {
    Problem::not_found(format!("There is no change `{id}`.")).hint("`/api/v1/changes` lists them")
}

/// Begins a change, and plans it unless told otherwise.
#[utoipa::path(post, path = "/api/v1/changes", request_body(content = ref("#/components/schemas/ChangeRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Begun", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<ChangeRequest>,
) -> Result<Done, Problem> {
    let ChangeRequest { description, targets, plan } = asked;
    let performed = state.draft_change(&viewer, description.said()?, Origin::Person).await?;
    let id = performed.name().to_owned();
    let location = format!("/api/v1/changes/{id}");
    if !plan.unwrap_or(true) {
        return Ok(Done::created(performed, location));
    }
    let planned = state.plan_change(&viewer, &id, targets.into_iter().collect()).await?;
    Ok(Done::created(planned, location))
}

/// Says something else about a change.
#[utoipa::path(post, path = "/api/v1/changes/{id}/description", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/DescriptionRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Described", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn describe(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<DescriptionRequest>,
) -> Result<Done, Problem> {
    let command = Command::Describe { said: asked.said()? };
    Ok(state.change(&viewer, &id, command, seen).await?.into())
}

/// Plans a change, the first time or again; approvals of an older plan are void.
#[utoipa::path(post, path = "/api/v1/changes/{id}/plan", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/PlanRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Planned", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn plan(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Json(asked): Json<PlanRequest>,
) -> Result<Done, Problem> {
    let targets: BTreeSet<String> = asked.targets.into_iter().collect();
    Ok(state.plan_change(&viewer, &id, targets).await?.into())
}

/// Asks the seats.
#[utoipa::path(post, path = "/api/v1/changes/{id}/submission", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "Submitted", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn submit(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    Ok(state.change(&viewer, &id, Command::Submit {}, seen).await?.into())
}

/// Approves the plan that was read, for a seat.
#[utoipa::path(post, path = "/api/v1/changes/{id}/approvals", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/ApprovalRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Approved", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn approve(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<ApprovalRequest>,
) -> Result<Done, Problem> {
    let ApprovalRequest { seat, plan, revision, comment } = asked;
    let comment = comment.as_deref().and_then(Text::of);
    let command = Command::Approve { seat, plan, revision, via: via(&viewer), comment };
    Ok(state.change(&viewer, &id, command, seen).await?.into())
}

/// A token speaks for a program, and the program that people approve with is the command line.
fn via(viewer: &Viewer) -> Via {
    match viewer.way {
        Way::Session(_) | Way::Supposed(_) => Via::Api,
        Way::Token { .. } => Via::Cli,
        Way::Forge(_) => Via::Forge,
    }
}

/// Takes an approval back.
#[utoipa::path(post, path = "/api/v1/changes/{id}/withdrawn-approvals", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/SeatRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Taken back", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<SeatRequest>,
) -> Result<Done, Problem> {
    let reason = asked.reason.as_deref().and_then(Text::of);
    let command = Command::WithdrawApproval { seat: asked.seat, reason };
    Ok(state.change(&viewer, &id, command, seen).await?.into())
}

/// Begins to apply a change, or goes on after a failure. What follows is in its stream.
#[utoipa::path(post, path = "/api/v1/changes/{id}/application", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "Begun", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn apply(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done, Problem> {
    Ok(state.start_change(&viewer, &id).await?.into())
}

/// Passes the gate in an emergency; it pages, and waits for a review.
#[utoipa::path(post, path = "/api/v1/changes/{id}/broken-glass", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/GlassRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Broken", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn break_glass(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<GlassRequest>,
) -> Result<Done, Problem> {
    let GlassRequest { seat, reason } = asked;
    let command = Command::BreakGlass { seat, reason: Text::Plain(reason) };
    Ok(state.change(&viewer, &id, command, seen).await?.into())
}

/// Reviews that the glass was broken.
#[utoipa::path(post, path = "/api/v1/changes/{id}/review", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/FindingRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Reviewed", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn review(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<FindingRequest>,
) -> Result<Done, Problem> {
    let command = Command::Review { finding: Text::Plain(asked.finding) };
    Ok(state.change(&viewer, &id, command, seen).await?.into())
}

/// Makes a new change that takes this one back, planned and not yet applied.
#[utoipa::path(post, path = "/api/v1/changes/{id}/rollback", params(("id" = String, Path, description = "Its id")), responses(
    (status = 201, description = "Planned", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn roll_back(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done, Problem> {
    let performed = state.roll_change_back(&viewer, &id).await?;
    let location = format!("/api/v1/changes/{}", performed.name());
    Ok(Done::created(performed, location))
}

/// Gives a change up.
#[utoipa::path(post, path = "/api/v1/changes/{id}/abandonment", params(("id" = String, Path, description = "Its id")), request_body(content = ref("#/components/schemas/WhyRequest"), content_type = "application/json"), responses(
    (status = 200, description = "Given up", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn abandon(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: IfMatch,
    Json(asked): Json<WhyRequest>,
) -> Result<Done, Problem> {
    let reason = asked.reason.as_deref().and_then(Text::of);
    Ok(state.change(&viewer, &id, Command::Abandon { reason }, seen).await?.into())
}
