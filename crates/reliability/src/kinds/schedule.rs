//! Schedule: who is on call, turn by turn.

use jiff::civil::{Date, Time};
use org::kinds::{Person, Seat, Weekday};
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OnCallTerms;

/// A schedule: who is on call at every moment, as layers of people who take turns.
///
/// At a moment, the first layer that has somebody answers; layers below it fill what it leaves open,
/// and what all of them leave open is a gap. In a layer, turns go round the list of people: at each
/// hand-off comes the next one who takes part on that day. Whoever joins later is passed over until
/// then; when somebody leaves within a turn, the next in the list takes the rest of it and keeps
/// their own turn. So a change of the list never changes what lies before it, nor other people's
/// turns until the list has gone round. Who is away is not on call; the layer below is.
///
/// Hand-offs and hours are local times in the layer's time zone (the schedule's when left out), and
/// stay at that local time when the clocks change. Follow-the-sun is one layer a region, each with
/// its own time zone and `only` hours.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Schedule
/// metadata:
///   name: platform-primary
///   title: Platform, first line
/// spec:
///   time_zone: Europe/Berlin
///   owner: observability-incidents
///   layers:
///     - title: Nights and weekends
///       starts: 2026-01-05
///       rotation: { weekly: { day: mon } }
///       hand_off: "10:00"
///       people: [{ person: ana, leaves: 2027-01-15 }, { person: ben }, { person: cleo, joins: 2026-03-01 }]
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Where its clock stands; the organization's when left out.
    pub time_zone: Option<Spanned<String>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
    /// What was agreed about rest and pay; those of the organization when left out.
    pub terms: Option<Ref<OnCallTerms>>,
    /// When somebody must be on call; always, when left out.
    #[serde(default)]
    pub covers: Vec<Stretch>,
    /// The layers, the first one that has somebody answers.
    pub layers: Vec<Layer>,
}

/// One layer of a schedule: people who take turns.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// What people call it.
    pub title: Option<String>,
    /// Where its clock stands; the schedule's when left out.
    pub time_zone: Option<Spanned<String>>,
    /// The day on or after which the first turn begins.
    pub starts: Spanned<Date>,
    /// The first day on which it no longer is.
    pub ends: Option<Spanned<Date>>,
    /// How turns follow each other.
    pub rotation: Spanned<Rotation>,
    /// When a turn is handed over, on the layer's clock; midnight when left out.
    #[serde(default)]
    pub hand_off: Time,
    /// Who takes turns, in this order.
    pub people: Vec<Member>,
    /// The only hours in which the layer is on call; all of them, when left out.
    #[serde(default)]
    pub only: Vec<Stretch>,
}

/// How turns follow each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rotation {
    /// A turn is one day, or several.
    Daily {
        /// How many days a turn takes; one when left out.
        #[serde(default = "one")]
        every: u32,
    },
    /// A turn is one week, or several.
    Weekly {
        /// The day of the hand-off.
        day: Weekday,
        /// How many weeks a turn takes; one when left out.
        #[serde(default = "one")]
        every: u32,
    },
    /// Turns begin on the days of a recurrence rule (RFC 5545), such as `FREQ=WEEKLY;BYDAY=MO,FR`.
    Rule(String),
}

fn one() -> u32 {
    1
}

/// Somebody who takes turns, from a day to a day.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub person: Ref<Person>,
    /// The first day on which they take part; from the start, when left out.
    pub joins: Option<Spanned<Date>>,
    /// The first day on which they no longer do.
    pub leaves: Option<Spanned<Date>>,
}

/// Hours of some days of the week. When `to` is not later than `from`, they run into the next day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// The days on which it begins; every day, when left out.
    #[serde(default = "every_day")]
    pub days: Vec<Weekday>,
    /// First minute.
    pub from: Time,
    /// First minute that no longer belongs to it.
    pub to: Time,
}

fn every_day() -> Vec<Weekday> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun]
}

playbook::kind!(Schedule, "schedule");
