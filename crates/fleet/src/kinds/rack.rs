//! Rack: where machines stand, and what the place can power.

use org::kinds::Site;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rack: a frame in a site that holds machines, with its power.
///
/// Machines name it by its label, because that is what stands on its door; two sites may have the same
/// label. The budget is what all machines of the rack together may draw, after a feed has failed.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Rack
/// metadata:
///   name: eu-1-a07
/// spec:
///   site: eu-1
///   label: A07
///   units: 42
///   feeds: [A, B]
///   budget_watts: 11000
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rack {
    /// Where it stands.
    pub site: Ref<Site>,
    /// What its door says, and what machines call it.
    pub label: String,
    /// How many rack units it is high; 42 when left out.
    #[serde(default = "usual_height")]
    pub units: u32,
    /// The power feeds that reach it.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// What its machines may draw together, in watts.
    pub budget_watts: Option<Spanned<u64>>,
}

/// The height that racks have where nobody says otherwise.
fn usual_height() -> u32 {
    42
}

playbook::kind!(Rack, "rack");
