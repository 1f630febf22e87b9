//! Text that is made from playbook and record: calendars, hand-off notes, postmortems.

pub mod calendar;
pub mod hand_off;
pub mod postmortem;
//! Generated configuration: pure, and the same bytes for the same playbook.

pub mod grafana;
pub mod prometheus;
