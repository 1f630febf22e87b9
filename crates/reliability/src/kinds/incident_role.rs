//! Incident role: what one person does during an incident.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An incident role: what one person does, and nobody else, while an incident lasts.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: IncidentRole
/// metadata:
///   name: incident-commander
///   title: Incident Commander
/// spec:
///   order: 1
///   does: Leads, decides, and hands work out; repairs nothing.
///   required: true
///   filled_from: [observability-incidents, principal-sre]
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentRole {
    /// Its place in tables.
    pub order: Option<u32>,
    /// What this person does.
    pub does: String,
    /// Whether every incident has one.
    #[serde(default)]
    pub required: bool,
    /// Whom this person speaks to.
    #[serde(default)]
    pub speaks_to: Vec<String>,
    /// The domains that somebody in this role may come from.
    #[serde(default)]
    pub domains: Vec<String>,
    /// The seats that usually fill it; none means anybody.
    #[serde(default)]
    pub filled_from: Vec<Ref<Seat>>,
}

playbook::kind!(IncidentRole, "incident-role");
