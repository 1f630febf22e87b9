//! One machine: everything that is declared and known.

use playbook::Model;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::row::{Seen, parts};
use super::{Fleet, MachineRow, provisioners_of};
use crate::kinds::{Channel, HardwareModel, Image, ImageVersion, Machine, Role};
use crate::lifecycle::{Difference, Hardware, Sighting, Stage};

/// A machine with what it declares and what was seen of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MachineView {
    /// It in a line.
    pub row: MachineRow,
    /// What the playbook says about it.
    pub declared: Vec<MachineFact>,
    /// What its provisioner said, in the provisioner's words.
    pub sighting: Option<Sighting>,
    /// The provisioners that may know it.
    pub provisioners: Vec<String>,
    /// What it was bought as, part by part.
    pub bought: Vec<MachineFact>,
    /// What is not as bought.
    pub differences: Vec<Difference>,
    /// The image that its role gets, and the version that is promoted.
    pub image: Option<String>,
    /// The stages that it has behind it, the one it is at, and those ahead.
    pub path: Vec<Stage>,
}

/// A fact and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MachineFact {
    /// What it is.
    pub name: String,
    /// The fact.
    pub value: String,
}

impl Fleet<'_> {
    /// One machine; `None` when the playbook declares none of that name.
    #[must_use]
    pub fn machine(&self, name: &str) -> Option<MachineView> {
        let machine = self.model.get::<Machine>(name)?;
        let (place, sighting) = self.places.get(name)?;
        let row = self.rows.get(*place)?.clone();
        let bought = machine.spec.model.as_ref();
        let bought = bought.and_then(|named| self.model.get::<HardwareModel>(named.name()));
        let bought = bought.map(|bought| bought.spec);
        let seen = Seen { sighting: *sighting, is_answered: true, bought };
        let provisioners = provisioners_of(self.model, machine);
        Some(MachineView {
            declared: declared(machine.spec),
            sighting: sighting.cloned(),
            provisioners: provisioners.into_iter().map(str::to_owned).collect(),
            bought: bought
                .map(|bought| list(bought, sighting.map(|it| &it.hardware)))
                .unwrap_or_default(),
            differences: parts(&seen),
            image: promoted(self.model, machine.spec),
            path: path(row.stage),
            row,
        })
    }
}

/// The way of most machines; those at rest, on their way out or unknown have their stage at the end.
fn path(stage: Stage) -> Vec<Stage> {
    let mut usual = vec![
        Stage::Planned,
        Stage::Racked,
        Stage::Enrolled,
        Stage::Inspected,
        Stage::Ready,
        Stage::Deployed,
        Stage::InService,
    ];
    if !usual.contains(&stage) {
        usual.push(stage);
    }
    usual
}

fn fact(name: &str, value: impl Into<String>) -> MachineFact {
    MachineFact { name: name.to_owned(), value: value.into() }
}

fn declared(spec: &Machine) -> Vec<MachineFact> {
    let mut facts = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        facts.extend(value.map(|value| fact(name, value)));
    };
    add("model", spec.model.as_ref().map(|model| model.name().to_owned()));
    add("serial number", spec.serial.as_ref().map(|serial| serial.value.clone()));
    add("management controller", spec.bmc.as_ref().map(|bmc| bmc.value.clone()));
    let macs: Vec<&str> = spec.macs.iter().map(|mac| mac.value.as_str()).collect();
    add("MAC addresses", (!macs.is_empty()).then(|| macs.join(", ")));
    add("address", spec.address.as_ref().map(|address| address.value.clone()));
    add("environment", spec.environment.as_ref().map(|it| it.name().to_owned()));
    add("tags", (!spec.tags.is_empty()).then(|| spec.tags.join(", ")));
    add("notes", spec.notes.clone());
    facts
}

/// The bill of materials, and beside each part what was found.
fn list(bought: &HardwareModel, found: Option<&Hardware>) -> Vec<MachineFact> {
    let found = found.filter(|found| found.is_known());
    let mut facts = Vec::new();
    let mut add = |name: &str, wanted: Option<String>, there: Option<String>| {
        let Some(wanted) = wanted else { return };
        let there =
            there.map_or_else(|| "nobody has looked".to_owned(), |it| format!("{it} found"));
        facts.push(fact(name, format!("{wanted} bought, {there}")));
    };
    let cores = found.and_then(|found| found.cores).map(|cores| cores.to_string());
    add("processors", bought.cores.map(|cores| cores.to_string()), cores);
    let memory = found.and_then(|found| found.memory_mib).map(|mib| format!("{} GiB", mib / 1024));
    add("memory", bought.memory_gib.map(|memory| format!("{memory} GiB")), memory);
    let disks: Vec<String> = bought
        .disks
        .iter()
        .map(|disks| format!("{} × {} GB", disks.count, disks.gigabytes))
        .collect();
    let there = found.and_then(|found| found.disks.as_ref());
    let there = there
        .map(|sizes| sizes.iter().map(|size| format!("{size} GB")).collect::<Vec<_>>().join(", "));
    add("disks", (!disks.is_empty()).then(|| disks.join(", ")), there);
    let cards = found.and_then(|found| found.macs.as_ref()).map(|macs| macs.len().to_string());
    add("network interfaces", bought.network_cards.map(|cards| cards.to_string()), cards);
    let gpus = found.and_then(|found| found.gpus.as_ref()).map(|gpus| gpus.len().to_string());
    let wanted = bought.gpus.as_ref().map(|gpus| {
        format!("{} {}", gpus.count, gpus.named.as_deref().unwrap_or_default()).trim().to_owned()
    });
    add("GPUs", wanted, gpus);
    facts
}

/// The image of its role, with the version that new machines get.
fn promoted(model: &Model, spec: &Machine) -> Option<String> {
    let role = model.get::<Role>(spec.role.name())?;
    let image = model.get::<Image>(role.spec.image.as_ref()?.name())?;
    let version = model.all::<ImageVersion>().find(|version| {
        version.spec.image.name() == image.name() && version.spec.channel.value == Channel::Promoted
    });
    Some(match version {
        Some(version) => format!("{} {}", image.name(), version.spec.version),
        None => image.name().to_owned(),
    })
}
