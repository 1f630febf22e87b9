//! Read models of this room: who is on call, which incidents there are, and what is left of
//! error budgets.
//!
//! Plain data, computed from playbook and record, the same for every face. Things that can be looked at
//! are named by their reference; texts are opened by whoever holds the keys.

mod incident_detail;
mod incidents;
mod on_call;
mod reading;
mod slo;

pub use incident_detail::{
    ChecklistRow, ClockView, IncidentDetail, IncidentRow, RoleRow, TimelineRow, UpdateRow,
    incident, incidents,
};
pub use incidents::{OpenIncident, open_incidents};
pub use on_call::{OnCallRow, ShiftView, on_call, shift_view, shifts_of};
pub use reading::Reading;
pub use slo::{BudgetView, BurnView, GapView, SkippedRow, SloList, SloRow, budget_view, slo_list};
