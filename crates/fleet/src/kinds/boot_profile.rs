//! Boot profile: the way from power-on to an installed operating system.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A boot profile: how a machine gets from power-on to an installed operating system.
///
/// First the network boot, then what sets the system up, in this order.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: BootProfile
/// metadata:
///   name: netboot
/// spec:
///   network_boot: [pxe]
///   set_up_by: [preseed, cloud-init]
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BootProfile {
    /// How the firmware finds its first program.
    pub network_boot: Vec<NetworkBoot>,
    /// What installs and configures the system.
    pub set_up_by: Vec<SetupMethod>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
    /// Anything else worth knowing.
    pub notes: Option<String>,
}

/// How firmware finds its first program.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkBoot {
    /// DHCP and TFTP, as every server can.
    Pxe,
    /// iPXE over HTTP, chained from PXE or flashed.
    Ipxe,
    /// UEFI HTTP boot.
    UefiHttp,
    /// An image attached through the baseboard controller.
    VirtualMedia,
}

/// What sets a system up.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SetupMethod {
    /// The Debian installer's answers file.
    Preseed,
    /// The Ubuntu installer's answers file.
    Autoinstall,
    /// A finished image that configures itself at its first start.
    CloudInit,
}

playbook::kind!(BootProfile, "boot-profile");
