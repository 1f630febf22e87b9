//! The kinds of the council's vocabulary: one file each, whose doc comment is its manual page.
//!
//! Fields that a rule points at are [`playbook::Spanned`]; references carry their own spans. A field
//! is optional where leaving it out is a finding with a page of its own (a seat without a primary),
//! because "the field is missing" would say less than the rule does.
//!
//! Absent on purpose: behaviour. What follows from the kinds stands in `graph`, `who` and `checks`.

mod audience;
pub mod backstage;
mod covers;
mod environment;
mod hours;
mod identity_provider;
mod office;
mod organization;
#[cfg(test)]
mod pages;
mod person;
mod seat;
mod service;
mod service_account;
mod site;
mod team;
mod workload;

pub use audience::Audience;
pub use covers::Covers;
pub use environment::{Environment, EnvironmentTier};
pub use hours::{BusinessHours, Hours, Weekday};
pub use identity_provider::{HasClaim, IdentityProvider, PersonBy};
pub use office::Office;
pub use organization::{Limits, Organization};
pub use person::{Away, Person};
pub use seat::Seat;
pub use service::{Lifecycle, Service, ServiceKind, ServiceTier};
pub use service_account::{AccountScope, Job, ServiceAccount};
pub use site::{Site, SiteRole};
pub use team::{Profile, Team};
pub use workload::{Workload, WorkloadClass};

playbook::family!(
    /// Everything that can hold a responsibility.
    pub Holder = "seat" | "office" | "team" | "person"
);

playbook::family!(
    /// Everything that can be told something.
    pub Listener = "seat" | "office" | "team" | "person" | "audience"
);

playbook::family!(
    /// Everything that can own a service or a workload.
    pub Owner = "team" | "seat" | "person"
);

playbook::family!(
    /// Who can answer for the organization's playbook as a whole.
    pub Steward = "seat" | "person" | "office"
);
