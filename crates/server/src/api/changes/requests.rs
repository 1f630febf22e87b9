//! What is sent about changes.

use std::collections::BTreeSet;

use gitops::gate::Window;
use gitops::maintenance::{Matcher, Silence};
use gitops::record::change::{Description, Maintenance, Notice};
use gitops::views::ChangeCard;
use governance::Text;
use jiff::Timestamp;
use playbook::Period;
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::Problem;
use crate::perform::wrong_value;

/// Which changes to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeFilter {
    /// Only those at this stage, such as `awaiting-approval`.
    pub(crate) stage: Option<String>,
    /// Only those that this person wrote.
    pub(crate) author: Option<String>,
}

impl ChangeFilter {
    /// Says whether a change is asked for.
    pub(crate) fn keeps(&self, card: &ChangeCard) -> bool {
        let fits = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        fits(&self.stage, &card.stage) && fits(&self.author, &card.author.name)
    }
}

/// A change to begin.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct ChangeRequest {
    /// What its author says.
    #[serde(flatten)]
    pub(crate) description: DescriptionRequest,
    /// Only these targets, by name; all when empty.
    #[serde(default)]
    pub(crate) targets: Vec<String>,
    /// Whether it is planned at once; it is unless this is false.
    #[serde(default)]
    pub(crate) plan: Option<bool>,
}

/// What its author says about a change.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct DescriptionRequest {
    /// What it is called in lists.
    pub(crate) title: String,
    /// What changes and why.
    #[serde(default)]
    pub(crate) description: Option<String>,
    /// What could go wrong.
    #[serde(default)]
    pub(crate) risk: Option<String>,
    /// How to get back.
    #[serde(default)]
    pub(crate) rollback: Option<String>,
    /// Where it was tried.
    #[serde(default)]
    pub(crate) evidence: Option<String>,
    /// Decision types that it is besides those that follow from what it touches, by name.
    #[serde(default)]
    pub(crate) decision_types: BTreeSet<String>,
    /// Decisions that it rests on, by name.
    #[serde(default)]
    pub(crate) cites: BTreeSet<String>,
    /// What happens around it.
    #[serde(default)]
    pub(crate) maintenance: Option<MaintenanceRequest>,
}

/// What happens around a change.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MaintenanceRequest {
    /// When it may be applied; at any time when none is named.
    #[serde(default)]
    windows: Vec<Window>,
    /// The alerts that are silent meanwhile.
    #[serde(default)]
    silences: Vec<SilenceRequest>,
    /// What is said on the status page meanwhile.
    #[serde(default)]
    notice: Option<String>,
    /// The services that the notice is about, by name.
    #[serde(default)]
    services: BTreeSet<String>,
}

/// Alerts that are silent meanwhile.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SilenceRequest {
    /// Conditions on labels, such as `service="checkout"`.
    matchers: Vec<String>,
    /// Why.
    comment: String,
    /// How long at most, such as `2h`.
    at_most: Period,
}

impl DescriptionRequest {
    /// What the record keeps of it.
    pub(crate) fn said(self) -> Result<Description, Problem> {
        let text = |text: Option<String>| text.as_deref().and_then(Text::of);
        let maintenance = self.maintenance.map(MaintenanceRequest::kept).transpose()?;
        Ok(Description {
            title: Text::of(&self.title),
            description: text(self.description),
            risk: text(self.risk),
            rollback: text(self.rollback),
            evidence: text(self.evidence),
            decision_types: self.decision_types,
            cites: self.cites,
            maintenance: maintenance.unwrap_or_default(),
        })
    }
}

impl MaintenanceRequest {
    fn kept(self) -> Result<Maintenance, Problem> {
        let silences = self.silences.into_iter().map(|silence| {
            let matchers = silence.matchers.iter().map(|matcher| Matcher::parse(matcher));
            Ok(Silence {
                matchers: matchers.collect::<Result<_, _>>().map_err(wrong_value)?,
                comment: Text::Plain(silence.comment),
                at_most: silence.at_most,
            })
        });
        let services = self.services;
        Ok(Maintenance {
            windows: self.windows,
            silences: silences.collect::<Result<_, Problem>>()?,
            notice: self.notice.map(|text| Notice { text: Text::Plain(text), services }),
        })
    }
}

/// What to plan.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanRequest {
    /// Only these targets, by name; all when empty.
    #[serde(default)]
    pub(crate) targets: Vec<String>,
}

/// An approval.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApprovalRequest {
    /// The seat's name.
    pub(crate) seat: String,
    /// The hash of the plan that was read.
    pub(crate) plan: String,
    /// The revision that was read.
    pub(crate) revision: String,
    /// A remark.
    #[serde(default)]
    pub(crate) comment: Option<String>,
}

/// A seat, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeatRequest {
    /// The seat's name.
    pub(crate) seat: String,
    /// Why.
    #[serde(default)]
    pub(crate) reason: Option<String>,
}

/// Breaking the glass.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GlassRequest {
    /// The seat that you hold.
    pub(crate) seat: String,
    /// Why it cannot wait.
    pub(crate) reason: String,
}

/// What came out of a review.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindingRequest {
    /// In words.
    pub(crate) finding: String,
}

/// Why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhyRequest {
    /// Why.
    #[serde(default)]
    pub(crate) reason: Option<String>,
}

/// A freeze to declare.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FreezeRequest {
    /// A short name for it, such as `black-friday`.
    pub(crate) name: String,
    /// Why, in a line that everybody may read; it names no people.
    pub(crate) summary: String,
    /// From when; now when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(crate) from: Option<Timestamp>,
    /// Until when.
    #[schemars(with = "String")]
    pub(crate) until: Timestamp,
    /// What waits; everything when left out.
    #[serde(default)]
    pub(crate) scope: gitops::freeze::Scope,
    /// The decision types that go through all the same, by name.
    #[serde(default)]
    pub(crate) passes: BTreeSet<String>,
}
