//! On-call terms: what was agreed about rest, working time and pay.

use org::kinds::Hours;
use playbook::Period;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Amount;

/// On-call terms: what being on call means for rest, working time and pay.
///
/// The limits default to those of the European Working Time Directive (2003/88/EC): eleven hours of
/// rest a day (article 3), 35 hours together once a week (article 5 with 3), 48 working hours a week
/// on average over four months (articles 6 and 16). Whether waiting counts as working depends on how
/// free people are meanwhile: at the workplace all of it counts (Court of Justice, C-303/98 and
/// C-151/02); at home in general only what was worked (C-344/19), unless the time to appear is so
/// short that nobody can do anything else (C-518/15).
///
/// This is arithmetic, not legal advice; national law and contracts may ask for more.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: OnCallTerms
/// metadata:
///   name: standby
/// spec:
///   default: true
///   waiting: at-home
///   call_outs: { per_week: 2, each: 45m }
///   pay: { workday: "3.00", weekend: "5.00", public_holiday: "8.00", night_extra: "1.00" }
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnCallTerms {
    /// Whether they hold for schedules that name no terms.
    #[serde(default)]
    pub default: bool,
    /// Where people wait, and thereby whether waiting is working time.
    pub waiting: Waiting,
    /// The work to expect in a week on call; counted as working time when people wait at home.
    pub call_outs: Option<CallOuts>,
    /// Hours of rest together in every 24 hours.
    #[serde(default = "daily_rest")]
    pub daily_rest: Period,
    /// Hours of rest together in every seven days.
    #[serde(default = "weekly_rest")]
    pub weekly_rest: Period,
    /// Working hours a week, on average.
    #[serde(default = "weekly_limit")]
    pub weekly_limit: Period,
    /// How many weeks the average is taken over.
    #[serde(default = "reference_weeks")]
    pub reference_weeks: u32,
    /// What counts as night, on each person's own clock.
    #[serde(default = "night")]
    pub night: Hours,
    /// What an hour on call is paid with.
    pub pay: Option<Pay>,
}

/// Where people wait while they are on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    /// Wherever they like: only what is worked is working time.
    AtHome,
    /// Where the employer says: all of it is working time.
    AtTheWorkplace,
}

/// The work that a week on call brings, as a plan or as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallOuts {
    /// How many in a whole week on call.
    pub per_week: u32,
    /// How long one takes.
    pub each: Period,
}

/// What an hour on call is paid with, in the organization's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pay {
    /// On a working day.
    pub workday: Amount,
    /// On a Saturday or Sunday.
    pub weekend: Amount,
    /// On a public holiday of the person's country.
    pub public_holiday: Amount,
    /// On top, at night.
    #[serde(default)]
    pub night_extra: Amount,
}

/// Article 3: eleven consecutive hours in every period of 24.
fn daily_rest() -> Period {
    Period::hours(11)
}

/// Article 5: 24 hours without a break, and the eleven of article 3 on top.
fn weekly_rest() -> Period {
    Period::hours(35)
}

/// Article 6: 48 hours, overtime included.
fn weekly_limit() -> Period {
    Period::hours(48)
}

/// Article 16 allows four months: 17 whole weeks.
fn reference_weeks() -> u32 {
    17
}

/// Article 2 wants at least seven hours around midnight to five; 23 to 6 is the narrowest such stretch.
fn night() -> Hours {
    Hours { from: jiff::civil::time(23, 0, 0, 0), to: jiff::civil::time(6, 0, 0, 0) }
}

playbook::kind!(OnCallTerms, "on-call-terms");

impl OnCallTerms {
    /// What holds where nothing was agreed: the Directive, and people who wait at home.
    pub fn directive() -> Self {
        Self {
            default: true,
            waiting: Waiting::AtHome,
            call_outs: None,
            daily_rest: daily_rest(),
            weekly_rest: weekly_rest(),
            weekly_limit: weekly_limit(),
            reference_weeks: reference_weeks(),
            night: night(),
            pay: None,
        }
    }
}
