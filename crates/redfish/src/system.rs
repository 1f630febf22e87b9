//! A system: the machine that customers mean (DSP2046, `ComputerSystem`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::boot::Boot;
use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Resource, health, link, links, number, state, text, time, whole};
use crate::word::{Health, PowerState};

/// Bytes of a GiB.
const GIB: f64 = 1_073_741_824.0;

/// What a controller says of a system. What it leaves out is unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct System {
    /// Where it is.
    pub link: Link,
    /// Its id, such as `System.Embedded.1`; unique to this controller only.
    pub id: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// What the manufacturer sells it as; Dell's service tag.
    pub sku: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The UUID, as the operating system sees it in SMBIOS.
    pub uuid: Option<String>,
    /// What its owner calls it.
    pub asset_tag: Option<String>,
    /// The name of the operating system's host, where an agent tells the controller.
    pub host_name: Option<String>,
    /// The version of the BIOS.
    pub bios_version: Option<String>,
    /// Whether it has power.
    pub power: Option<PowerState>,
    /// How well it is.
    pub health: Option<Health>,
    /// How well it and everything in it is.
    pub health_rollup: Option<Health>,
    /// Such as `Enabled` or `StandbyOffline`.
    pub state: Option<String>,
    /// Processors that it counts.
    pub processor_count: Option<u64>,
    /// Memory in GiB, as it sums it up.
    pub memory_gib: Option<f64>,
    /// When it was reset last; some controllers keep it.
    pub last_reset: Option<Timestamp>,
    /// What it boots from next.
    pub boot: Boot,
    /// The chassis that it is in.
    pub chassis: Vec<Link>,
    /// The managers that it is managed by.
    pub managers: Vec<Link>,
}

impl System {
    /// Memory in bytes, as it sums it up; `None` when it does not, or says nonsense.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 2^53: exact"
    )]
    pub fn memory_bytes(&self) -> Option<u64> {
        let bytes = self.memory_gib? * GIB;
        (0.0..9_007_199_254_740_992.0).contains(&bytes).then_some(bytes as u64)
    }
}

impl Client {
    /// Reads a system, and nothing of what is in it: one request.
    ///
    /// # Errors
    /// Unreachable, unauthorized, refused, not Redfish, too large.
    pub async fn system(&self, place: &Link) -> Result<System, RedfishError> {
        Ok(lower(&self.get(place).await?))
    }

    /// Whether a system has power; `None` when the controller does not say, or says a word that nobody laid down.
    ///
    /// # Errors
    /// As [`Client::system`].
    pub async fn power(&self, place: &Link) -> Result<Option<PowerState>, RedfishError> {
        Ok(self.system(place).await?.power)
    }
}

pub(crate) fn lower(resource: &Resource) -> System {
    let value = &resource.value;
    let power = text(value, "/PowerState").and_then(|word| PowerState::of(&word));
    System {
        link: resource.link.clone(),
        id: text(value, "/Id"),
        name: text(value, "/Name"),
        manufacturer: text(value, "/Manufacturer"),
        model: text(value, "/Model"),
        sku: text(value, "/SKU"),
        serial: text(value, "/SerialNumber"),
        uuid: text(value, "/UUID"),
        asset_tag: text(value, "/AssetTag"),
        host_name: text(value, "/HostName"),
        bios_version: text(value, "/BiosVersion"),
        power,
        health: health(value),
        health_rollup: text(value, "/Status/HealthRollup").and_then(|word| Health::of(&word)),
        state: state(value),
        processor_count: whole(value, "/ProcessorSummary/Count"),
        memory_gib: number(value, "/MemorySummary/TotalSystemMemoryGiB"),
        last_reset: time(value, "/LastResetTime", None),
        boot: Boot::lower(value),
        chassis: links(value, "/Links/Chassis"),
        managers: links(value, "/Links/ManagedBy"),
    }
}

/// Where the resource's settings are changed: beside it where it says so (DSP0266, "Settings resource"), else itself.
pub(crate) fn settings(resource: &Resource) -> Option<Link> {
    link(&resource.value, "/@Redfish.Settings/SettingsObject")
}
