//! The kinds of governance: one file each, whose doc comment is its manual page.
//!
//! Two of them are Markdown files: a [`Decision`] is a MADR 4 record as it stands, a [`Section`] is
//! prose of the living document. Fields that a rule points at are [`playbook::Spanned`]; what may be
//! left out is optional here, because the rule that asks for it says more than "the field is missing".
//!
//! Absent on purpose: behaviour. What follows from the kinds stands in `checks`, `record` and `render`.

mod decision;
mod decision_type;
mod question;
mod raci_area;
mod ritual;
mod section;
mod version;

#[cfg(test)]
mod pages;

pub use decision::{Decision, Names, Status};
pub use decision_type::{Agree, AgreementRule, DecisionType};
pub use question::Question;
pub use raci_area::RaciArea;
pub use ritual::{AgendaItem, AgendaSource, Attendees, Duration, Ritual};
pub use section::{Chapter, Section};
pub use version::Version;
