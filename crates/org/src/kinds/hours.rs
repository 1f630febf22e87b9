//! Hours of a day and of a week, as people write them.

use jiff::civil;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of each day, such as `{from: "09:00", to: "17:30"}`.
///
/// When `to` is not later than `from`, the stretch runs past midnight into the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// First minute that counts, such as `"09:00"`.
    pub from: civil::Time,
    /// First minute that no longer counts, such as `"17:30"`.
    pub to: civil::Time,
}

/// A day of the week.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl From<Weekday> for civil::Weekday {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Monday,
            Weekday::Tue => Self::Tuesday,
            Weekday::Wed => Self::Wednesday,
            Weekday::Thu => Self::Thursday,
            Weekday::Fri => Self::Friday,
            Weekday::Sat => Self::Saturday,
            Weekday::Sun => Self::Sunday,
        }
    }
}

/// When the organization works: weekdays and hours, in its own time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// The working days of a week.
    #[serde(default = "monday_to_friday")]
    pub days: Vec<Weekday>,
    /// Start of the working day, such as `"09:00"`.
    #[serde(default = "nine")]
    pub from: civil::Time,
    /// End of the working day, such as `"17:00"`.
    #[serde(default = "five")]
    pub to: civil::Time,
}

impl Default for BusinessHours {
    fn default() -> Self {
        Self { days: monday_to_friday(), from: nine(), to: five() }
    }
}

fn monday_to_friday() -> Vec<Weekday> {
    vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]
}

fn nine() -> civil::Time {
    civil::time(9, 0, 0, 0)
}

fn five() -> civil::Time {
    civil::time(17, 0, 0, 0)
}
