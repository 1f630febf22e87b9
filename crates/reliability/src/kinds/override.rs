//! Override: somebody else is on call for a while, as planned in the playbook.

use jiff::civil::DateTime;
use org::kinds::Person;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Schedule;

/// An override: somebody is on call instead of whoever the schedule says, for a while.
///
/// It is for what is known and reviewed beforehand, such as public holidays and parental leave. What
/// two people arrange between themselves is a swap, which stands in the ledger. Times are local times
/// on the schedule's clock.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Override
/// metadata:
///   name: christmas-2026
/// spec:
///   schedule: platform-primary
///   person: ben
///   from: 2026-12-24T10:00:00
///   to: 2026-12-27T10:00:00
///   reason: Ana is with her family.
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Which schedule.
    pub schedule: Ref<Schedule>,
    /// Who is on call.
    pub person: Ref<Person>,
    /// From when, on the schedule's clock.
    pub from: Spanned<DateTime>,
    /// Until when.
    pub to: Spanned<DateTime>,
    /// Why.
    pub reason: Option<String>,
}

playbook::kind!(Override, "override");
