//! A recurring event of the council.

use jiff::civil::{self, Date};
use org::kinds::Seat;
use playbook::{Period, Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A ritual: a recurring council event with a goal, attendees and an agenda.
///
/// `cadence` is a recurrence rule (RFC 5545, such as `FREQ=WEEKLY;BYDAY=TU`), counted from `starts`,
/// at the local time `at` in `time_zone` (the organization's when left out): a meeting at ten stays a
/// meeting at ten when the clocks change. A ritual without a cadence happens per event; `trigger` says
/// which. The agenda of a date is generated: each item names the source from which it is filled.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Ritual
/// metadata:
///   name: weekly-sync
///   title: Weekly Council Sync
/// spec:
///   goal: Review changes, risks, incidents and upcoming work.
///   cadence: FREQ=WEEKLY;BYDAY=TU
///   starts: 2026-01-06
///   at: "10:00"
///   duration: {from: 30m, to: 45m}
///   attendees: all-seats
///   agenda:
///     - {title: Changes shipped last week, source: shipped-changes}
///     - {title: Upcoming changes, source: upcoming-changes-and-decisions}
///     - {title: Actions, source: due-actions}
///     - {title: Anything else}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ritual {
    /// What it is for.
    pub goal: String,
    /// What comes out of it.
    #[serde(default)]
    pub outcome: Option<String>,
    /// What it looks at most.
    #[serde(default)]
    pub focus: Vec<String>,
    /// When it recurs: an RFC 5545 recurrence rule by day, week, month or year.
    #[serde(default)]
    pub cadence: Option<Spanned<String>>,
    /// What makes it happen, for a ritual without a cadence.
    #[serde(default)]
    pub trigger: Option<String>,
    /// The first day on which it may happen.
    #[serde(default)]
    pub starts: Option<Spanned<Date>>,
    /// The local time at which it begins, such as `"10:00"`.
    #[serde(default)]
    pub at: Option<Spanned<civil::Time>>,
    /// Where that clock stands; the organization's time zone when left out.
    #[serde(default)]
    pub time_zone: Option<Spanned<String>>,
    /// How long it takes.
    #[serde(default)]
    pub duration: Option<Spanned<Duration>>,
    /// Who comes, or sends a delegate.
    #[serde(default)]
    pub attendees: Attendees,
    /// What is talked about, in order.
    #[serde(default)]
    pub agenda: Vec<AgendaItem>,
}

/// How long a ritual takes: at least, and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    /// The usual length.
    pub from: Period,
    /// The longest.
    pub to: Period,
}

/// Who comes to a ritual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attendees {
    /// Every seat that is at the table.
    #[default]
    AllSeats,
    /// These seats.
    Seats(Vec<Ref<Seat>>),
}

/// One item of an agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// Its heading.
    pub title: String,
    /// What fills it.
    #[serde(default)]
    pub source: AgendaSource,
}

/// What fills an item of an agenda.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AgendaSource {
    /// Accepted decisions and revisions of the playbook since the last time.
    ShippedChanges,
    /// Incidents, recurring alerts, error budgets.
    IncidentsAndBudgets,
    /// Flags of capacity and cost.
    CapacityAndCost,
    /// Open decisions with their deadlines, announced changes, reviews that are due.
    UpcomingChangesAndDecisions,
    /// What developers said about the platform.
    DeveloperFeedback,
    /// Actions that are due or overdue.
    DueActions,
    /// Open questions, by due date.
    OpenQuestions,
    /// Nothing: the people in the room fill it.
    #[default]
    Freeform,
}

impl AgendaSource {
    /// All of them, in the order in which a meeting takes them.
    pub const ALL: [Self; 8] = [
        Self::ShippedChanges,
        Self::IncidentsAndBudgets,
        Self::CapacityAndCost,
        Self::UpcomingChangesAndDecisions,
        Self::DeveloperFeedback,
        Self::DueActions,
        Self::OpenQuestions,
        Self::Freeform,
    ];
}

kind!(Ritual, "ritual");
