//! Machine: one server, with its place in a rack and what it is for.
//!
//! Only what people decide stands here. Absent on purpose: serial numbers, memory, disks, power: they
//! are observed, and a file that repeats them is wrong the day after.

use org::kinds::{Environment, Owner, Site};
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Role;

/// A machine: one server, where it stands, what it is for and who answers for it.
///
/// Its name is its host name. The unit is the lowest rack unit that it occupies, counted from the
/// floor; two machines of one rack cannot stand in the same one. Role, site, rack, environment, owner
/// and tags become the groups of `council inventory`.
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
    /// Words to select machines by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Anything else worth knowing.
    pub notes: Option<String>,
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
