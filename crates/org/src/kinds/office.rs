//! A position outside the council.

use playbook::{Ref, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Person;

/// A position outside the council that can be accountable, such as the CTO.
///
/// Offices exist so that a responsibility can name the position and not the person who fills it now.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Office
/// metadata:
///   name: cto
///   title: CTO / VP Engineering
/// spec:
///   holder: ana
///   notes: Signs purchases above the council's limit.
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Who fills it now.
    #[serde(default)]
    pub holder: Option<Ref<Person>>,
    /// Anything worth knowing.
    #[serde(default)]
    pub notes: Option<String>,
}

kind!(Office, "office");
