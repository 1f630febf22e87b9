//! Silences: the list, what one would match, making and ending one.

use axum::extract::State;
use governance::Text;
use jiff::Timestamp;
use policy::Resource;
use reliability::alerts::parse_matchers;
use reliability::record::silence::{Command, Terms};
use reliability::views::{self, AlertRow, SilenceRow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::done::Done;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{Json, Path, Problem};
use crate::perform::wrong_value;

/// The operations of silences.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(preview))
        .routes(routes!(expire))
}

/// All silences that are remembered.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SilenceList {
    /// In force, ahead, over.
    silences: Vec<SilenceRow>,
}

/// What a silence would match.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewRequest {
    /// As Alertmanager writes them: `alertname="Down", service=~"api|web"`.
    matchers: String,
}

/// What a silence matches.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SilencePreview {
    /// How its matchers were understood.
    matchers: Vec<String>,
    /// The alerts that fire and that it would keep quiet.
    alerts: Vec<AlertRow>,
}

/// A silence that somebody makes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilenceRequest {
    /// As Alertmanager writes them: `alertname="Down", service=~"api|web"`.
    pub(crate) matchers: String,
    /// From when; now, when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(crate) from: Option<Timestamp>,
    /// Until when.
    #[schemars(with = "String")]
    pub(crate) until: Timestamp,
    /// Why.
    pub(crate) reason: String,
}

impl SilenceRequest {
    /// What the silence says.
    pub(crate) fn terms(&self, now: Timestamp) -> Result<Terms, Problem> {
        let matchers = parse_matchers(&self.matchers);
        Ok(Terms {
            matchers: matchers.map_err(|error| wrong_value(format!("The matchers, {error}.")))?,
            starts_at: self.from.unwrap_or(now),
            ends_at: self.until,
            comment: Text::Plain(self.reason.trim().to_owned()),
        })
    }
}

/// Lists silences.
#[utoipa::path(get, path = "/api/v1/silences", responses(
    (status = 200, description = "Silences", body = ref("#/components/schemas/SilenceList")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<SilenceList>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("silence"))?;
    let lens = state.lens();
    Ok(Json(SilenceList { silences: views::silences(&lens.operations(&lens.verified())) }))
}

/// Says what a silence would match, without making it.
#[utoipa::path(post, path = "/api/v1/silences/preview", request_body(content = ref("#/components/schemas/PreviewRequest"), content_type = "application/json"), responses(
    (status = 200, description = "What it matches", body = ref("#/components/schemas/SilencePreview")),
))]
pub(crate) async fn preview(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<PreviewRequest>,
) -> Result<Json<SilencePreview>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("silence"))?;
    let matchers = parse_matchers(&asked.matchers);
    let matchers = matchers.map_err(|error| wrong_value(format!("The matchers, {error}.")))?;
    let lens = state.lens();
    let alerts = views::matched(&lens.operations(&lens.verified()), &matchers);
    let matchers = matchers.iter().map(ToString::to_string).collect();
    Ok(Json(SilencePreview { matchers, alerts }))
}

/// Makes a silence; it is yours.
#[utoipa::path(post, path = "/api/v1/silences", request_body(content = ref("#/components/schemas/SilenceRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Made", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<SilenceRequest>,
) -> Result<Done, Problem> {
    let terms = asked.terms(state.clock().now())?;
    let both = || (Command::Create(terms.clone()), Command::Change(terms.clone()));
    let performed = state.silence(&viewer, None, both).await?;
    let location = format!("/api/v2/silence/{}", performed.name());
    Ok(Done::created(performed, location))
}

/// Ends a silence.
#[utoipa::path(post, path = "/api/v1/silences/{id}/expiry", params(("id" = String, Path, description = "Its id")), responses(
    (status = 200, description = "Ended", body = ref("#/components/schemas/Performed")),
))]
pub(crate) async fn expire(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done, Problem> {
    Ok(state.expire_silence(&viewer, &id).await?.into())
}
