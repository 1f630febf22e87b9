//! What is in a system: processors, memory, network interfaces, drives (DSP2046: `Processor`, `Memory`,
//! `EthernetInterface`, `Storage`, `Drive`, `SimpleStorage`).
//!
//! `None` in place of a list: the controller does not offer it, or [`Inventory::unread`] says why it could not be read. An
//! empty list: the controller says that there are none.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{
    Resource, Unread, health, is_absent, link, links, list, mac, state, text, truth, whole,
};
use crate::system::{self, System};
use crate::word::Health;

/// Bytes of a MiB.
const MIB: u64 = 1 << 20;

/// A system with what is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// The system.
    pub system: System,
    /// Processors of kind CPU, empty sockets among them.
    pub cpus: Option<Vec<Processor>>,
    /// Processors of kind GPU.
    pub gpus: Option<Vec<Processor>>,
    /// All other processors: FPGA, DSP, accelerators, and those whose kind is not said.
    pub other_processors: Option<Vec<Processor>>,
    /// Memory modules, empty slots among them.
    pub dimms: Option<Vec<Dimm>>,
    /// Network interfaces.
    pub nics: Option<Vec<Nic>>,
    /// Drives, empty bays among them.
    pub drives: Option<Vec<Drive>>,
    /// What is offered and could not be read.
    pub unread: Vec<Unread>,
}

/// A processor, or its socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processor {
    /// Its id.
    pub id: Option<String>,
    /// The socket.
    pub socket: Option<String>,
    /// Such as `CPU`, `GPU`, `FPGA`.
    pub kind: Option<String>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// Cores.
    pub cores: Option<u64>,
    /// Threads of all cores.
    pub threads: Option<u64>,
    /// How well it is.
    pub health: Option<Health>,
    /// Such as `Enabled`; `Absent` for an empty socket.
    pub state: Option<String>,
}

/// A memory module, or its slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimm {
    /// Its id.
    pub id: Option<String>,
    /// The slot, as it is written on the board where the controller says so.
    pub slot: Option<String>,
    /// Bytes; unknown for an empty slot, whatever it says.
    pub capacity_bytes: Option<u64>,
    /// Such as `DDR4`.
    pub kind: Option<String>,
    /// Megahertz that it runs at.
    pub speed_mhz: Option<u64>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// The part number.
    pub part: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// How well it is.
    pub health: Option<Health>,
    /// Such as `Enabled`; `Absent` for an empty slot.
    pub state: Option<String>,
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nic {
    /// Its id.
    pub id: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// The MAC address that it uses, in small letters with colons.
    pub mac: Option<String>,
    /// The MAC address that it was made with.
    pub permanent_mac: Option<String>,
    /// Such as `LinkUp`, `LinkDown`, `NoLink`.
    pub link: Option<String>,
    /// Megabits a second.
    pub speed_mbps: Option<u64>,
    /// Whether it is switched on.
    pub enabled: Option<bool>,
    /// How well it is.
    pub health: Option<Health>,
}

/// A drive, or its bay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drive {
    /// Its id.
    pub id: Option<String>,
    /// What it is called, often its bay.
    pub name: Option<String>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// Bytes; unknown for an empty bay.
    pub capacity_bytes: Option<u64>,
    /// Such as `HDD`, `SSD`.
    pub media: Option<String>,
    /// Such as `SATA`, `NVMe`.
    pub protocol: Option<String>,
    /// The part of its life in writes that is left, in percent.
    pub life_left_percent: Option<u64>,
    /// Whether it expects to fail soon.
    pub failure_predicted: Option<bool>,
    /// How well it is.
    pub health: Option<Health>,
    /// Such as `Enabled`; `Absent` for an empty bay.
    pub state: Option<String>,
}

impl Client {
    /// Reads a system and what is in it: one request a thing, so seconds on a real controller.
    ///
    /// # Errors
    /// When the system itself cannot be read, or the controller stops to trust us meanwhile. What else goes wrong is in
    /// [`Inventory::unread`].
    pub async fn inventory(&self, place: &Link) -> Result<Inventory, RedfishError> {
        let resource = self.get(place).await?;
        let (system, value) = (system::lower(&resource), &resource.value);
        let mut unread = Vec::new();
        let processors = self.things(value, "Processors", processor, &mut unread).await?;
        let dimms = self.things(value, "Memory", dimm, &mut unread).await?;
        let nics = self.things(value, "EthernetInterfaces", nic, &mut unread).await?;
        let drives = self.drives(value, &mut unread).await?;
        let of = |is_wanted: fn(Option<&str>) -> bool| {
            processors.as_ref().map(|all| {
                let wanted = all.iter().filter(|one| is_wanted(one.kind.as_deref()));
                wanted.cloned().collect()
            })
        };
        Ok(Inventory {
            cpus: of(|kind| kind == Some("CPU")),
            gpus: of(|kind| kind == Some("GPU")),
            other_processors: of(|kind| !matches!(kind, Some("CPU" | "GPU"))),
            system,
            dimms,
            nics,
            drives,
            unread,
        })
    }

    /// All members of the list that a property refers to; `None` when there is no such property.
    async fn things<T>(
        &self,
        owner: &Value,
        property: &str,
        lower: fn(&Value) -> T,
        unread: &mut Vec<Unread>,
    ) -> Result<Option<Vec<T>>, RedfishError> {
        let Some(place) = link(owner, &format!("/{property}")) else { return Ok(None) };
        let found = self.part(property, self.resources(&place), unread).await?;
        Ok(found.map(|all| all.iter().map(|one| lower(&one.value)).collect()))
    }

    async fn drives(
        &self,
        system: &Value,
        unread: &mut Vec<Unread>,
    ) -> Result<Option<Vec<Drive>>, RedfishError> {
        if let Some(place) = link(system, "/Storage") {
            let found = self.part("Storage", self.stored(&place), unread).await?;
            // An older list beside an empty new one may know more.
            if found.as_ref().is_some_and(|drives| !drives.is_empty()) {
                return Ok(found);
            }
            if link(system, "/SimpleStorage").is_none() {
                return Ok(found);
            }
        }
        let Some(place) = link(system, "/SimpleStorage") else { return Ok(None) };
        let found = self.part("SimpleStorage", self.resources(&place), unread).await?;
        Ok(found.map(|all| all.iter().flat_map(|one| simple(&one.value)).collect()))
    }

    async fn stored(&self, place: &Link) -> Result<Vec<Drive>, RedfishError> {
        let mut drives = Vec::new();
        for Resource { value, .. } in self.resources(place).await? {
            for place in links(&value, "/Drives") {
                if drives.len() >= self.0.limits.members {
                    let most = format!("{} drives", self.0.limits.members);
                    return Err(self.too_large("to list its drives".to_owned(), most));
                }
                drives.push(drive(&self.get(&place).await?.value));
            }
        }
        Ok(drives)
    }
}

fn processor(value: &Value) -> Processor {
    Processor {
        id: text(value, "/Id"),
        socket: text(value, "/Socket"),
        kind: text(value, "/ProcessorType"),
        manufacturer: text(value, "/Manufacturer"),
        model: text(value, "/Model"),
        serial: text(value, "/SerialNumber"),
        cores: whole(value, "/TotalCores"),
        threads: whole(value, "/TotalThreads"),
        health: health(value),
        state: state(value),
    }
}

fn dimm(value: &Value) -> Dimm {
    let mebibytes = whole(value, "/CapacityMiB").filter(|_| !is_absent(value));
    let slot = text(value, "/Location/PartLocation/ServiceLabel");
    let slot = slot.or_else(|| text(value, "/DeviceLocator")).or_else(|| text(value, "/Name"));
    Dimm {
        id: text(value, "/Id"),
        slot,
        capacity_bytes: mebibytes.and_then(|mebibytes| mebibytes.checked_mul(MIB)),
        kind: text(value, "/MemoryDeviceType"),
        speed_mhz: whole(value, "/OperatingSpeedMhz"),
        manufacturer: text(value, "/Manufacturer"),
        part: text(value, "/PartNumber"),
        serial: text(value, "/SerialNumber"),
        health: health(value),
        state: state(value),
    }
}

fn nic(value: &Value) -> Nic {
    Nic {
        id: text(value, "/Id"),
        name: text(value, "/Name"),
        mac: mac(value, "/MACAddress"),
        permanent_mac: mac(value, "/PermanentMACAddress"),
        link: text(value, "/LinkStatus"),
        speed_mbps: whole(value, "/SpeedMbps"),
        enabled: truth(value, "/InterfaceEnabled"),
        health: health(value),
    }
}

fn drive(value: &Value) -> Drive {
    let label = text(value, "/PhysicalLocation/PartLocation/ServiceLabel");
    Drive {
        id: text(value, "/Id"),
        name: label.or_else(|| text(value, "/Name")),
        manufacturer: text(value, "/Manufacturer"),
        model: text(value, "/Model"),
        serial: text(value, "/SerialNumber"),
        capacity_bytes: whole(value, "/CapacityBytes").filter(|_| !is_absent(value)),
        media: text(value, "/MediaType"),
        protocol: text(value, "/Protocol"),
        life_left_percent: whole(value, "/PredictedMediaLifeLeftPercent"),
        failure_predicted: truth(value, "/FailurePredicted"),
        health: health(value),
        state: state(value),
    }
}

/// The drives of an old list, which have no resources of their own.
fn simple(controller: &Value) -> Vec<Drive> {
    list(controller, "/Devices").iter().map(drive).collect()
}
