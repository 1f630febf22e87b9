//! Hardware model: what was bought, as a bill of materials.

use playbook::{Period, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A hardware model: what a machine consists of when it is complete.
///
/// It is the bill of materials of a purchase. What inspection finds is held against it: a memory module
/// that is missing or a GPU that fell off the bus keeps a machine from being handed out. What is left out
/// is not compared.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: HardwareModel
/// metadata:
///   name: gpu-4u
/// spec:
///   vendor: Example Servers
///   height: 4
///   watts: 3200
///   cores: 64
///   memory_gib: 1024
///   disks: [{ count: 2, gigabytes: 960 }, { count: 8, gigabytes: 7680 }]
///   network_cards: 4
///   gpus: { count: 8, named: H100 }
///   boots_within: 25m
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HardwareModel {
    /// Who makes it.
    pub vendor: Option<String>,
    /// How many rack units it is high.
    pub height: Option<u32>,
    /// What it draws at most, in watts.
    pub watts: Option<Spanned<u64>>,
    /// Logical processors, as the operating system counts them.
    pub cores: Option<u64>,
    /// Memory, in GiB.
    pub memory_gib: Option<u64>,
    /// Its disks, by size.
    #[serde(default)]
    pub disks: Vec<Disks>,
    /// Network interfaces that are cabled.
    pub network_cards: Option<u64>,
    /// Its GPUs.
    pub gpus: Option<Gpus>,
    /// How long it takes from power on to a running system.
    pub boots_within: Option<Period>,
}

/// Disks of one size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disks {
    /// How many.
    pub count: u64,
    /// How large each is, in gigabytes (10⁹ bytes, as on its label).
    pub gigabytes: u64,
}

/// GPUs of one sort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gpus {
    /// How many.
    pub count: u64,
    /// A part of the name that they report.
    pub named: Option<String>,
}

playbook::kind!(HardwareModel, "hardware-model");
