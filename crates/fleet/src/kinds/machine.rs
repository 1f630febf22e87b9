//! Machine: one server, with its place in a rack and what it is for.
//!
//! Only what people decide, buy or write on a label stands here: what identifies the box (serial number, MAC addresses,
//! BMC) and what it was bought as. Absent on purpose: power, memory and disks as they are now: they are observed and held
//! against the model's bill of materials.

use org::kinds::{Environment, Owner, Site};
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{HardwareModel, Provisioner, Role};

/// A machine: one server, where it stands, what it is for and who answers for it.
///
/// Its name is its host name. The unit is the lowest rack unit that it occupies, counted from the
/// floor; two machines of one rack cannot stand in the same one. Role, site, rack, environment, owner
/// and tags become the groups of `council inventory`. The provisioner knows the machine by the same name, by its serial
/// number or by a MAC address.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Machine
/// metadata:
///   name: eu-1-gpu-01
/// spec:
///   site: eu-1
///   rack: A07
///   unit: 11
///   height: 4
///   role: gpu
///   environment: production
///   owner: team/ml-research
///   address: 10.10.1.21
///   model: gpu-4u
///   serial: ML7-0042
///   bmc: 10.10.250.21
///   macs: ["52:54:00:0a:01:15"]
///   uuid: 4c4c4544-0042-4d10-8037-b7c04f374d33
///   lifecycle: in-service
///   tags: [nvme]
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Where it stands.
    pub site: Ref<Site>,
    /// The rack in that site.
    pub rack: Option<String>,
    /// The lowest rack unit that it occupies, counted from 1 at the floor.
    pub unit: Option<Spanned<u32>>,
    /// How many rack units it is high; 1 when left out.
    #[serde(default = "one")]
    pub height: u32,
    /// What it is for.
    pub role: Ref<Role>,
    /// The environment that it carries. Left out for what serves all of them.
    pub environment: Option<Ref<Environment>>,
    /// Who answers for it.
    pub owner: Option<OneOf<Owner>>,
    /// The address at which it is administered, IPv4 or IPv6.
    pub address: Option<Spanned<String>>,
    /// What it was bought as.
    pub model: Option<Ref<HardwareModel>>,
    /// The serial number on its label.
    pub serial: Option<Spanned<String>>,
    /// The address of its management controller (BMC).
    pub bmc: Option<Spanned<String>>,
    /// The SHA-256 fingerprint of its management controller's certificate, which nobody else vouches for: 64 hexadecimal digits,
    /// with or without colons.
    pub bmc_certificate: Option<Spanned<String>>,
    /// The MAC addresses of its network cards, such as `52:54:00:0a:01:15`; it boots from the first one.
    #[serde(default)]
    pub macs: Vec<Spanned<String>>,
    /// The UUID that its firmware reports (SMBIOS), for machines whose network cards change.
    pub uuid: Option<Spanned<String>>,
    /// What manages it. Left out where its site has only one.
    pub provisioner: Option<Ref<Provisioner>>,
    /// How far in its life it is meant to be; in service when left out.
    #[serde(default)]
    pub lifecycle: Intent,
    /// Words to select machines by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Anything else worth knowing.
    pub notes: Option<String>,
}

/// How far in its life a machine is meant to be.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// Ordered; nobody expects to see it yet.
    Planned,
    /// In its rack and cabled, and not to be installed yet.
    Racked,
    /// Inspected and free to be installed.
    Ready,
    /// At work.
    #[default]
    InService,
    /// Out of work for a while.
    Maintenance,
    /// Gone, or on its way out.
    Retired,
}

fn one() -> u32 {
    1
}

impl Machine {
    /// The rack units that it occupies, lowest and highest; `None` while nobody has said where.
    #[must_use]
    pub fn units(&self) -> Option<(u32, u32)> {
        let lowest = self.unit.as_ref()?.value;
        Some((lowest, lowest.saturating_add(self.height.saturating_sub(1))))
    }
}

playbook::kind!(Machine, "machine");
