//! The organization whose playbook it is.

use std::collections::BTreeMap;
use std::net::IpAddr;

use playbook::{OneOf, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BusinessHours, Hours, Steward};

/// The organization whose playbook this is.
///
/// A playbook has exactly one, in `council.yaml` at its root. It says what the council is for, in
/// which currency and time zone it thinks, when it works, which public holidays it keeps
/// (ISO 3166-1 codes such as `DE`, or ISO 3166-2 ones such as `DE-BE` for a part of a country), and
/// which conditions hold at present: a seat with `active_when: hiring` sits at the table only while
/// `conditions.hiring` is `true`.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Organization
/// metadata:
///   name: example
///   title: Example GmbH
/// spec:
///   purpose: Decide and coordinate everything about infrastructure and reliability.
///   north_star: A platform that teams trust and can afford.
///   scope: Infrastructure, reliability, developer experience.
///   owner: seat/principal-sre
///   currency: EUR
///   time_zone: Europe/Berlin
///   business_hours: {days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}
///   public_holidays: [DE, DE-BE]
///   conditions: {hiring: false}
///   limits: {seats_per_person: 3}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// What the council is for.
    pub purpose: String,
    /// Link-local and metadata addresses that targets, channels or data sources mean all the same, such as that of a
    /// management controller. Nobody is sent to any other.
    #[serde(default)]
    pub link_local_exceptions: Vec<IpAddr>,
    /// The one sentence that every decision is measured against.
    pub north_star: String,
    /// What the playbook covers.
    #[serde(default)]
    pub scope: Option<String>,
    /// Who answers for the playbook as a whole.
    #[serde(default)]
    pub owner: Option<OneOf<Steward>>,
    /// The currency of all amounts, as an ISO 4217 code such as `EUR`.
    #[schemars(extend("pattern" = "^[A-Z]{3}$"))]
    pub currency: Spanned<String>,
    /// The time zone of dates and hours, such as `Europe/Berlin`.
    pub time_zone: Spanned<String>,
    /// When it works.
    #[serde(default)]
    pub business_hours: Spanned<BusinessHours>,
    /// The hours of the day in which somebody at the table must be at work; the business hours when
    /// left out. `{from: "00:00", to: "00:00"}` asks for the whole day.
    #[serde(default)]
    pub coverage: Option<Hours>,
    /// Whose public holidays are no business days: `DE`, `DE-BE`.
    #[serde(default)]
    pub public_holidays: Vec<Spanned<String>>,
    /// Conditions by name, and whether each holds now.
    #[serde(default)]
    pub conditions: BTreeMap<String, bool>,
    /// Limits that rules enforce.
    #[serde(default)]
    pub limits: Limits,
}

/// Limits that rules enforce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How many seats one person may hold as primary.
    #[serde(default = "three_seats")]
    pub seats_per_person: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seats_per_person: three_seats() }
    }
}

/// With the usual eight seats, nobody should carry more than about a third of the table: beyond
/// that, one illness stops most decisions. An organization that is smaller raises the limit itself.
fn three_seats() -> u32 {
    3
}

kind!(Organization, "organization");
