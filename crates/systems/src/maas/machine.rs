//! A machine as MAAS describes it. Every field but its id may be missing: versions differ.

use serde::Deserialize;

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Machine {
    /// MAAS' id.
    pub system_id: String,
    /// Its host name.
    #[serde(default)]
    pub hostname: String,
    /// The label of its status, such as `Failed deployment`.
    #[serde(default)]
    pub status_name: String,
    /// What MAAS says about the status.
    #[serde(default)]
    pub status_message: Option<String>,
    /// Why it was marked broken.
    #[serde(default)]
    pub error_description: Option<String>,
    /// `on`, `off`, `unknown` or `error`.
    #[serde(default)]
    pub power_state: String,
    /// Logical processors; 0 before the first commissioning.
    #[serde(default)]
    pub cpu_count: u64,
    /// Memory, in MiB; 0 before the first commissioning.
    #[serde(default)]
    pub memory: u64,
    /// What is installed.
    #[serde(default)]
    pub osystem: String,
    /// Its release.
    #[serde(default)]
    pub distro_series: String,
    /// Network interfaces.
    #[serde(default)]
    pub interface_set: Vec<Interface>,
    /// Disks.
    #[serde(default)]
    pub physicalblockdevice_set: Vec<Disk>,
    /// What its firmware says.
    #[serde(default)]
    pub hardware_info: HardwareInfo,
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Interface {
    /// Its address; bonds and bridges repeat one.
    #[serde(default)]
    pub mac_address: Option<String>,
}

/// A disk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Disk {
    /// Its size, in bytes.
    #[serde(default)]
    pub size: u64,
}

/// What the firmware says about the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct HardwareInfo {
    /// The serial number; `Unknown` where the firmware has none.
    #[serde(default)]
    pub system_serial: Option<String>,
}
