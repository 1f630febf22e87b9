//! What is sent about incidents and postmortems.

use governance::Text;
use jiff::Timestamp;
use reliability::record::incident::{Audience, Command, Source};
use reliability::views::IncidentRow;
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which incidents to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct IncidentFilter {
    /// Only those at this stage, such as `triaged`.
    pub(crate) stage: Option<String>,
    /// Only those that hurt this service, by name.
    pub(crate) service: Option<String>,
    /// Only those in which users may still be hurt.
    pub(crate) open: Option<bool>,
}

impl IncidentFilter {
    /// Says whether an incident is asked for.
    pub(crate) fn keeps(&self, row: &IncidentRow) -> bool {
        let stage = self.stage.as_deref().is_none_or(|stage| stage == row.stage.word());
        let service = self.service.as_ref().is_none_or(|name| row.services.contains(name));
        stage && service && self.open.is_none_or(|open| open == row.stage.is_open())
    }
}

/// An incident to declare.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncidentRequest {
    /// What seems to be wrong.
    pub(crate) title: String,
    /// The services that are hurt, by name.
    #[serde(default)]
    pub(crate) services: Vec<String>,
    /// The alert that it came from.
    #[serde(default)]
    pub(crate) alert: Option<String>,
    /// How bad it seems to be, by the severity's name.
    #[serde(default)]
    pub(crate) severity: Option<String>,
    /// When users began to be hurt.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(crate) began: Option<Timestamp>,
    /// Whether it is a drill.
    #[serde(default)]
    pub(crate) test: bool,
    /// Whether only those who work on it may see it.
    #[serde(default)]
    pub(crate) private: bool,
}

impl IncidentRequest {
    /// What it asks for.
    pub(crate) fn command(self) -> Command {
        let Self { title, services, alert, severity, began, test, private } = self;
        let title = Text::Plain(title);
        let noticed = None;
        Command::Open { title, services, alert, severity, began, noticed, test, private }
    }
}

/// How bad it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TriageRequest {
    /// The severity's name.
    pub(crate) severity: String,
    /// The services that are hurt, by name; those known so far when left out.
    #[serde(default)]
    pub(crate) services: Vec<String>,
}

/// Another severity, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeverityRequest {
    /// The severity's name.
    pub(crate) severity: String,
    /// Why.
    pub(crate) reason: String,
}

/// How it was done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HowRequest {
    /// How.
    pub(crate) how: String,
}

/// Why it is not over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReopenIncidentRequest {
    /// Why.
    pub(crate) reason: String,
}

/// The incident that it is the same as.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeRequest {
    /// Its id.
    pub(crate) into: String,
}

/// A role and who has it from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignmentRequest {
    /// The role's name.
    pub(crate) role: String,
    /// The person's name.
    pub(crate) person: String,
    /// What they have to know.
    #[serde(default)]
    pub(crate) note: Option<String>,
}

/// Something for the timeline.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemarkRequest {
    /// What happened.
    pub(crate) text: String,
    /// Where that comes from, such as `{"deploy": "api 1.3"}`; you, when left out.
    #[serde(default)]
    pub(crate) source: Option<Source>,
    /// When it happened; now, when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(crate) at: Option<Timestamp>,
}

/// Words in place of others.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextRequest {
    /// What it says.
    pub(crate) text: String,
}

/// What people are told.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateRequest {
    /// Colleagues, or customers and the public.
    pub(crate) audience: Audience,
    /// What.
    pub(crate) text: String,
}

/// An item of the checklist.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TickRequest {
    /// Its place in the list, from 0.
    pub(crate) item: u32,
}

/// The answers to the questions of a notice duty.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessmentRequest {
    /// The answers, in the order of its questions.
    pub(crate) answers: Vec<bool>,
}

/// A notice that a person has sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeRequest {
    /// How it can be found again: the authority's number.
    #[serde(default)]
    pub(crate) reference: Option<String>,
}

/// Who may see it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrivacyRequest {
    /// Whether only those who work on it may.
    pub(crate) private: bool,
}
