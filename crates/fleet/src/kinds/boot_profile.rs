//! Boot profile: the way from power-on to an installed operating system.
//!
//! What an installer would ask a person stands here once ([`Answers`]), for every installer alike. Absent on purpose:
//! passwords. A profile names secrets; a machine fetches each of them once, and no rendered file holds one.

use org::kinds::Seat;
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::provisioner::Credentials;

/// A boot profile: how a machine gets from power-on to an installed operating system.
///
/// First the network boot, then what sets the system up, in this order. With `files` and `answers` the boot service
/// (`council boot serve`) installs machines by it: a role names its profile as `boot`.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: BootProfile
/// metadata:
///   name: netboot
/// spec:
///   network_boot: [pxe]
///   set_up_by: [preseed, cloud-init]
///   files: { kernel: debian-13/linux, initrd: debian-13/initrd.gz }
///   arguments: ["console=ttyS0,115200n8"]
///   answers:
///     time_zone: Europe/Berlin
///     mirror: http://mirror.example.org/debian
///     disk: /dev/sda
///     layout: lvm
///     domain: eu.example.org
///     nameservers: [10.10.0.2]
///   account:
///     name: rescue
///     ssh_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f rescue]
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BootProfile {
    /// How the firmware finds its first program.
    pub network_boot: Vec<NetworkBoot>,
    /// What installs and configures the system.
    pub set_up_by: Vec<SetupMethod>,
    /// What a machine fetches to start the installer. Left out where a provisioner brings its own.
    pub files: Option<BootFiles>,
    /// More words for the kernel's command line, such as `console=ttyS0,115200n8`.
    #[serde(default)]
    pub arguments: Vec<Spanned<String>>,
    /// What the installer would ask a person.
    #[serde(default)]
    pub answers: Answers,
    /// The account for emergencies, where there is one.
    pub account: Option<Account>,
    /// Secrets that a machine fetches when it is set up, each of them once.
    #[serde(default)]
    pub secrets: Vec<Handover>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
    /// Anything else worth knowing.
    pub notes: Option<String>,
}

/// What a machine fetches to start the installer: paths below the directory that the boot service serves.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BootFiles {
    /// The kernel.
    pub kernel: Spanned<String>,
    /// The first file system of the installer.
    pub initrd: Spanned<String>,
    /// The medium that the installer of Ubuntu reads the system from.
    pub iso: Option<Spanned<String>>,
}

/// What an installer would ask a person.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// Language and country, such as `de_DE.UTF-8`; `en_US.UTF-8` when left out.
    pub locale: Option<String>,
    /// The layout of the keyboard, such as `de`; `us` when left out.
    pub keyboard: Option<String>,
    /// The time zone of the machine's clock, such as `Europe/Berlin`; `Etc/UTC` when left out.
    pub time_zone: Option<String>,
    /// Where packages come from, such as `http://mirror.example.org/debian`; the installer's own choice when left out.
    pub mirror: Option<Spanned<String>>,
    /// The proxy to fetch packages through.
    pub proxy: Option<String>,
    /// The disk that is overwritten, such as `/dev/sda`; the installer's own choice when left out.
    pub disk: Option<Spanned<String>>,
    /// How the disk is divided; `plain` when left out.
    #[serde(default)]
    pub layout: Layout,
    /// The domain of host names.
    pub domain: Option<String>,
    /// The addresses of name servers.
    #[serde(default)]
    pub nameservers: Vec<String>,
}

impl Answers {
    /// Language and country.
    #[must_use]
    pub fn locale(&self) -> &str {
        self.locale.as_deref().unwrap_or("en_US.UTF-8")
    }

    /// The layout of the keyboard.
    #[must_use]
    pub fn keyboard(&self) -> &str {
        self.keyboard.as_deref().unwrap_or("us")
    }

    /// The time zone of the clock.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        self.time_zone.as_deref().unwrap_or("Etc/UTC")
    }
}

/// How a disk is divided.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// One partition for everything.
    #[default]
    Plain,
    /// A volume group with room to grow.
    Lvm,
}

/// An account on the machine itself, for the day on which no other way in works.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its name.
    pub name: Spanned<String>,
    /// The public keys that sign it in, as `authorized_keys` has them.
    #[serde(default)]
    pub ssh_keys: Vec<Spanned<String>>,
    /// The secret that holds the password's hash (`$6$...`), for the console. No password signs in when left out.
    pub password: Option<OneOf<Credentials>>,
}

/// A secret that a machine fetches once and keeps in a file that only root reads.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// The secret. Its value comes from the environment of the boot service.
    pub secret: OneOf<Credentials>,
    /// The file on the machine.
    pub file: Spanned<String>,
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
