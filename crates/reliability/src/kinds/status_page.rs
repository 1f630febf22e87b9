//! Status page: what customers may see of how the services are.

use org::kinds::Service;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A status page: how the services are, for the people outside who use them.
///
/// Whoever has the address reads it, without signing in; a playbook without a status page has none. It says what somebody told
/// the outside, and nothing else: an incident stands on it from its first update for customers on, in the words of that update,
/// and planned work in the words of the change's notice. Titles, people, severities and notes of incidents stay inside.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: StatusPage
/// metadata:
///   name: public
///   title: How EUstartup is
/// spec:
///   about: The services that our customers use, and how they are right now.
///   components:
///     - { title: Checkout, services: [checkout-api, payments] }
///   contact: support@eustartup.example
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusPage {
    /// What the page says of itself.
    pub about: Option<String>,
    /// What customers know, in the order in which they look for it.
    pub components: Vec<Component>,
    /// For how many days what is over is shown.
    #[serde(default = "two_weeks")]
    pub history_days: u16,
    /// Where somebody asks who does not find an answer here.
    pub contact: Option<String>,
}

/// What customers know under one name.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The name that customers know.
    pub title: String,
    /// What they do with it.
    pub about: Option<String>,
    /// The services that it is made of.
    pub services: Vec<Ref<Service>>,
}

/// Long enough for a customer who asks after a holiday.
fn two_weeks() -> u16 {
    14
}

playbook::kind!(StatusPage, "status-page");
