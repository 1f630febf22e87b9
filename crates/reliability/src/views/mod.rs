//! Read models of this room: who is on call, which incidents there are, and what is left of
//! error budgets.
//!
//! Plain data, computed from playbook and record, the same for every face. Things that can be looked at
//! are named by their reference; texts are opened by whoever holds the keys.

mod agenda;
mod alert_message;
mod alert_quality;
mod alerts;
mod clocks;
mod follow_up;
mod incident_detail;
mod incident_story;
mod incident_waits;
mod incidents;
mod notifications;
mod on_call;
mod postmortem;
mod reading;
mod runbooks;
mod runs;
mod slo;
mod status;

pub use agenda::contributions;
pub use alert_message::alert_message;
pub use alert_quality::{
    AlertHistory, AlertQuality, AlertQualityRow, EpisodeRow, alert_agenda, alert_history,
    alert_quality,
};
pub use alerts::{
    AlertGroupRow, AlertList, AlertRow, SeenRow, SilenceRow, ToldRow, WatchdogRow, alerts, matched,
    silence_row, silences,
};
pub use clocks::{ClockRow, clocks};
pub use follow_up::{FollowUp, follow_ups};
pub use incident_detail::{
    ChecklistRow, ClockView, IncidentDetail, IncidentRow, ReachedRow, RoleRow, TimelineRow,
    UpdateRow, incident, incidents, may_see,
};
pub use incident_story::{IncidentLine, incident_story};
pub use incident_waits::waits;
pub use incidents::{OpenIncident, open_incidents};
pub use notifications::{AttemptRow, NotificationRow, notifications};
pub use on_call::{OnCallRow, ShiftView, on_call, shift_view, shifts_of};
pub use postmortem::{
    PostmortemDetail, PostmortemRow, SectionView, postmortem, postmortem_row, postmortems,
};
pub use reading::Reading;
pub use runbooks::{
    Coverage, RunbookDetail, RunbookRow, Sought, Standing, coverage, runbook, runbooks, sought,
};
pub use runs::{RunDetail, RunRow, StepAttemptRow, run, runs_of};
pub use slo::{BudgetView, BurnView, GapView, SkippedRow, SloList, SloRow, budget_view, slo_list};
pub use status::{
    ComponentRow, PublicIncident, PublicUpdate, PublicWork, Standing as StatusStanding, Status,
    Work, status,
};
