//! A node as Ironic describes it. Every field may be missing or null: versions differ, and so do drivers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// A node.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Node {
    /// Ironic's id.
    pub uuid: String,
    /// Its name; many have none.
    #[serde(default)]
    pub name: Option<String>,
    /// Its provision state; `null` meant `available` before version 1.2.
    #[serde(default)]
    pub provision_state: Option<String>,
    /// The state that it is on its way to.
    #[serde(default)]
    pub target_provision_state: Option<String>,
    /// `power on`, `power off`, or nothing when its controller does not say.
    #[serde(default)]
    pub power_state: Option<String>,
    /// The last thing that went wrong.
    #[serde(default)]
    pub last_error: Option<String>,
    /// Whether it is kept out of work.
    #[serde(default)]
    pub maintenance: bool,
    /// Why.
    #[serde(default)]
    pub maintenance_reason: Option<String>,
    /// Since when it has been in its state.
    #[serde(default)]
    pub provision_updated_at: Option<Timestamp>,
    /// What inspection found, and what people wrote beside it.
    #[serde(default)]
    pub properties: BTreeMap<String, Value>,
    /// What is to be installed.
    #[serde(default)]
    pub instance_info: BTreeMap<String, Value>,
    /// Anything else, such as a serial number.
    #[serde(default)]
    pub extra: BTreeMap<String, Value>,
    /// The MAC addresses of its ports.
    #[serde(skip)]
    pub macs: Vec<String>,
}

impl Node {
    /// A number among its properties; drivers write both `8` and `"8"`.
    #[must_use]
    pub fn number(&self, property: &str) -> Option<u64> {
        match self.properties.get(property)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The image that it was or is installed from; where nobody says, what the instance is called.
    #[must_use]
    pub fn image(&self) -> Option<&str> {
        let named = ["image_source", "display_name"];
        named.iter().find_map(|name| self.instance_info.get(*name)?.as_str())
    }
}

/// Gives each node the addresses of its ports.
pub(super) fn join(nodes: &mut [Node], ports: impl Iterator<Item = (String, String)>) {
    let mut by_node: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (node, address) in ports {
        by_node.entry(node).or_default().push(address);
    }
    for node in nodes {
        node.macs = by_node.remove(&node.uuid).unwrap_or_default();
    }
}
