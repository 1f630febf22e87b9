//! Freeze: when changes wait, and which.

use jiff::civil::{DateTime, Time};
use org::kinds::{Environment, Seat, Service, Site};
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{StepAction, Target};

/// A freeze: a time in which changes wait, so that nothing breaks while nobody is there to mend it.
///
/// Times are on the organization's clock. A window is a stretch between two moments, a recurrence
/// rule (RFC 5545) with a time of day and a length, or the public holidays of the organization.
/// `applies_to` narrows it; a field that is left out means everything. Decision types in `passes` go
/// through all the same. A freeze that is needed at once is declared with `council freeze`, and
/// stands in the ledger instead.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Freeze
/// metadata:
///   name: weekends
///   title: No changes over the weekend
/// spec:
///   reason: Nobody is at work to mend what breaks.
///   windows:
///     - recurs: { rule: FREQ=WEEKLY;BYDAY=FR, at: "15:00", for: 64h }
///     - between: { from: 2026-12-18T15:00, until: 2027-01-04T08:00 }
///     - public-holidays: { eve: "15:00" }
///   applies_to: { environments: [production] }
///   passes: [a]
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// Why.
    pub reason: String,
    /// When.
    pub windows: Spanned<Vec<FreezeWindow>>,
    /// What waits; everything when left out.
    #[serde(default)]
    pub applies_to: FreezeScope,
    /// The decision types that go through all the same, such as reliability work.
    #[serde(default)]
    pub passes: Vec<Ref<governance::kinds::DecisionType>>,
    /// The seat that answers for it.
    #[serde(default)]
    pub owner: Option<Ref<Seat>>,
}

/// One way to say when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FreezeWindow {
    /// From one moment to another.
    Between(Between),
    /// Again and again.
    Recurs(Recurs),
    /// On the organization's public holidays.
    PublicHolidays(Holidays),
}

/// From one moment to another, on the organization's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// The first moment that is frozen.
    pub from: DateTime,
    /// The first moment that no longer is.
    pub until: DateTime,
}

/// Again and again, by a recurrence rule over days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recurs {
    /// The days, as a recurrence rule such as `FREQ=WEEKLY;BYDAY=FR`.
    pub rule: Spanned<String>,
    /// When it begins on such a day.
    pub at: Time,
    /// How long it lasts.
    pub r#for: Period,
}

/// On public holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// When it begins on the day before; at midnight when left out.
    #[serde(default)]
    pub eve: Option<Time>,
}

/// What waits while a freeze lasts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeScope {
    /// Only changes in these environments.
    #[serde(default)]
    pub environments: Vec<Ref<Environment>>,
    /// Only changes at these sites.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// Only changes of these targets.
    #[serde(default)]
    pub targets: Vec<Ref<Target>>,
    /// Only changes that these services notice.
    #[serde(default)]
    pub services: Vec<Ref<Service>>,
    /// Only steps that do this.
    #[serde(default)]
    pub actions: Vec<StepAction>,
}

playbook::kind!(Freeze, "freeze");
