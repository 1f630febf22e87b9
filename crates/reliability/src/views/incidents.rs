//! Which incidents are going on, as other rooms need to know it.

use jiff::Timestamp;
use playbook::Model;
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::Severity;
use crate::record::State;
use crate::record::incident::Stage;

/// An incident in which users may still be hurt: what gates and pull-request checks ask about. It
/// carries no words that people wrote, so nobody needs keys to read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenIncident {
    /// Its id, such as `INC-2026-0012`.
    pub id: String,
    /// How far it has come.
    pub stage: Stage,
    /// The severity's name, once known or proposed.
    pub severity: Option<String>,
    /// The severity's level; 1 is the worst.
    pub level: Option<u32>,
    /// The services that are hurt.
    pub services: Vec<String>,
    /// When it was detected.
    pub since: Option<Timestamp>,
}

/// The incidents that are going on, the worst first, and then the oldest; drills are not among them.
pub fn open_incidents(model: &Model, record: &State) -> Vec<OpenIncident> {
    let open = record.incidents.iter();
    let open = open.filter(|(_, incident)| incident.stage.is_open() && !incident.test);
    let level = |name: &str| model.get::<Severity>(name).map(|severity| severity.level.value);
    let mut rows: Vec<_> = open
        .map(|(id, incident)| OpenIncident {
            id: id.clone(),
            stage: incident.stage,
            severity: incident.severity.clone(),
            level: incident.severity.as_deref().and_then(level),
            services: incident.services.clone(),
            since: incident.clocks.detected,
        })
        .collect();
    rows.sort_by(|left, right| {
        let key = |row: &OpenIncident| (row.level.unwrap_or(u32::MAX), row.since);
        key(left).cmp(&key(right)).then_with(|| left.id.cmp(&right.id))
    });
    rows
}
