//! What a machine reads while it boots and is set up, rendered from what the playbook declares.
//!
//! The way of a machine: its firmware gets a first program ([`firmware`]), told by DHCP ([`dnsmasq`], [`kea`]); that asks
//! for its script ([`ipxe`]); the script starts an installer that reads its answers ([`preseed`] or [`autoinstall`]); the
//! installed system configures itself at its first start ([`user_data`] and its neighbours). Provisioners take the last
//! part as a document of their own ([`ironic`], [`maas`]).
//!
//! What always holds:
//! * Pure: resources and [`Links`] in, text out; the same in gives the same out, byte for byte.
//! * No secret stands in a text. A text names a link from which a secret is fetched, once.
//! * What nobody decided is left to the installer's own default, never made up; what cannot work is refused by
//!   [`Setup::of`] before anything is rendered.
//!
//! Absent on purpose: serving, files, tokens. `council boot serve` does that and knows nothing of a playbook.

mod autoinstall;
mod cloud_init;
mod config_drive;
mod dhcp;
pub mod firmware;
mod hardening;
mod ipxe;
mod links;
mod network;
mod preseed;
mod setup;
mod shell;
#[cfg(test)]
mod tests;
mod yaml;

pub use autoinstall::autoinstall;
pub use cloud_init::{meta_data, network_config, user_data, vendor_data};
pub use config_drive::{ironic, maas};
pub use dhcp::{dnsmasq, kea};
pub use hardening::ansible;
pub use ipxe::{first, from_disk, install, unknown};
pub use links::Links;
pub use network::Lan;
pub use preseed::preseed;
pub(crate) use setup::baseline_of;
pub(crate) use setup::is_one_word;
pub use setup::{Installer, Setup, Unbootable};
