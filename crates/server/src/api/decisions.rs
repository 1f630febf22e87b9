//! Decisions: list, detail, the active set, and everything that moves one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use governance::Text;
use governance::record::Command as Any;
use governance::record::decision::{Command, Position, Stage};
use governance::views::{self, ActiveSet, DecisionRow};
use policy::Resource;
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa::IntoParams;

use super::as_of::AsOfParameters;
use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{IfMatch, Json, Page, PageParameters, Paging, Path, Problem, Query, Version};
use crate::perform::Precondition;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DecisionFilter {
    /// Only at this stage: `draft`, `proposed`, `consulted`, `accepted`, `rejected`, `withdrawn`, `superseded`, `expired`.
    #[param(value_type = Option<String>)]
    stage: Option<Stage>,
    /// Only of this type, by its name.
    r#type: Option<String>,
}

/// What a seat says.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoteRequest {
    /// The seat's name.
    seat: String,
    /// What is said.
    position: Position,
    /// Why; an objection needs it.
    #[serde(default)]
    reason: Option<String>,
    /// The digest of the text that was read, to be sure that it is still the one voted on.
    #[serde(default)]
    digest: Option<String>,
}

/// Advice that was asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdviceRequest {
    /// The party that was asked: `seat/network`, `office/cto`.
    party: String,
    /// The advice; nothing means "no remarks".
    #[serde(default)]
    text: Option<String>,
}

/// The answer to an objection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerRequest {
    /// The seat that objects.
    seat: String,
    /// The answer.
    text: String,
}

/// Why something is done.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonRequest {
    /// Why.
    #[serde(default)]
    reason: Option<String>,
}

/// Lists decisions by name.
#[utoipa::path(get, path = "/api/v1/decisions", params(DecisionFilter, AsOfParameters, PageParameters), responses(
    (status = 200, description = "Decisions", body = ref("#/components/schemas/PageOfDecisionRow")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(filter): Query<DecisionFilter>,
    Query(moment): Query<AsOfParameters>,
    paging: Paging,
) -> Result<Page<DecisionRow>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("decision"))?;
    let lens = moment.lens(&state).await?;
    let mut rows = views::decisions(&lens.reading()).rows;
    rows.retain(|row| {
        let type_name = row.decision_type.as_ref().and_then(|it| it.reference.split_once('/'));
        let of_type = |wanted: &str| type_name.is_some_and(|(_, name)| name == wanted);
        filter.stage.is_none_or(|stage| stage == row.stage)
            && filter.r#type.as_deref().is_none_or(of_type)
    });
    rows.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(paging.cut(rows, |row| row.name.clone(), |row| row))
}

/// Shows the decisions that are in force, by type.
#[utoipa::path(get, path = "/api/v1/active-decisions", params(AsOfParameters), responses(
    (status = 200, description = "The active set", body = ref("#/components/schemas/ActiveSet")),
))]
pub(crate) async fn active(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(moment): Query<AsOfParameters>,
) -> Result<Json<ActiveSet>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("decision"))?;
    let lens = moment.lens(&state).await?;
    Ok(Json(views::active_set(&lens.reading())))
}

/// Shows one decision with its votes, the verdict and the reasons.
#[utoipa::path(get, path = "/api/v1/decisions/{name}", params(("name" = String, Path, description = "The name, or its number"), AsOfParameters), responses(
    (status = 200, description = "The decision", body = ref("#/components/schemas/DecisionDetail")),
))]
pub(crate) async fn show(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    Query(moment): Query<AsOfParameters>,
) -> Result<Response, Problem> {
    state.authorize(&viewer, "record.read", Resource::new("decision", &name))?;
    let lens = moment.lens(&state).await?;
    let name = full_name(&lens.snapshot, &name)?;
    let detail = views::decision(&lens.reading(), &name, viewer.person.as_deref());
    let mut response = Json(detail).into_response();
    let version = lens.record.state.version(&format!("decision/{name}"));
    response.extensions_mut().insert(Version(version));
    Ok(response)
}

/// The whole name of a decision that may be given by its number.
fn full_name(snapshot: &crate::Snapshot, name: &str) -> Result<String, Problem> {
    let found = views::find_decision(snapshot.model(), name);
    found
        .map(|decision| decision.name().to_owned())
        .ok_or_else(|| super::resources::missing(snapshot, "decision", name))
}

async fn perform(
    state: &AppState,
    viewer: &Viewer,
    seen: IfMatch,
    name: &str,
    command: Command,
) -> Result<Done, Problem> {
    let name = full_name(&state.snapshot(), name)?;
    let command = Any::Decision { name, command };
    Ok(state.perform_if(viewer, command, Precondition::Offered(seen)).await?.into())
}

/// Makes one operation that moves a decision: its address, its body, its command.
macro_rules! moves {
    ($(#[$about:meta])* $name:ident, $path:literal, $body:ident = $schema:literal, |$request:ident| $command:expr) => {
        $(#[$about])*
        #[utoipa::path(post, path = $path, params(("name" = String, Path, description = "The name, or its number")), request_body(content = ref($schema), content_type = "application/json"), responses(
            (status = 200, description = "Done", body = ref("#/components/schemas/Performed")),
        ))]
        pub(crate) async fn $name(
            State(state): State<AppState>,
            viewer: Viewer,
            Path(name): Path<String>,
            seen: IfMatch,
            Json($request): Json<$body>,
        ) -> Result<Done, Problem> {
            perform(&state, &viewer, seen, &name, $command).await
        }
    };
}

fn text(text: Option<&str>) -> Option<Text> {
    text.and_then(Text::of)
}

moves!(
    /// Speaks for a seat: agree, object, abstain, or delegate to its backup.
    vote, "/api/v1/decisions/{name}/votes", VoteRequest = "#/components/schemas/VoteRequest",
    |asked| Command::Vote {
        seat: asked.seat, position: asked.position, reason: text(asked.reason.as_deref()), digest: asked.digest,
    }
);
moves!(
    /// Gives advice that was asked for.
    advise, "/api/v1/decisions/{name}/advice", AdviceRequest = "#/components/schemas/AdviceRequest",
    |asked| Command::Advise { party: asked.party, text: text(asked.text.as_deref()) }
);
moves!(
    /// Answers the objection of a seat, as the author.
    answer, "/api/v1/decisions/{name}/answers", AnswerRequest = "#/components/schemas/AnswerRequest",
    |asked| Command::AnswerObjection { seat: asked.seat, text: Text::Plain(asked.text) }
);
moves!(
    /// Takes a proposal back, as its author.
    withdraw, "/api/v1/decisions/{name}/withdrawal", ReasonRequest = "#/components/schemas/ReasonRequest",
    |asked| Command::Withdraw { reason: text(asked.reason.as_deref()) }
);
moves!(
    /// Closes a proposal that cannot be accepted as it stands.
    reject, "/api/v1/decisions/{name}/rejection", ReasonRequest = "#/components/schemas/ReasonRequest",
    |asked| Command::Reject { reason: text(asked.reason.as_deref()) }
);

/// Puts the text of a decision to its panel.
#[utoipa::path(post, path = "/api/v1/decisions/{name}/proposal", params(("name" = String, Path, description = "The name, or its number")), responses(
    (status = 201, description = "Proposed", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn propose(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    seen: IfMatch,
) -> Result<Response, Problem> {
    let done = perform(&state, &viewer, seen, &name, Command::Propose {}).await?;
    let mut response = done.into_response();
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Ends a decision whose review date has passed.
#[utoipa::path(post, path = "/api/v1/decisions/{name}/expiry", params(("name" = String, Path, description = "The name, or its number")), responses(
    (status = 200, description = "Ended", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn expire(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(name): Path<String>,
    seen: IfMatch,
) -> Result<Done, Problem> {
    perform(&state, &viewer, seen, &name, Command::Expire {}).await
}
