//! Redfish (DMTF DSP0266): what a machine's management controller says, and what it may be told to do.
//!
//! A [`Client`] is opened for one controller (BMC) by its [`Target`]: its address, how one signs in, and what makes its
//! certificate trusted. Facts come as plain structs: [`System`], [`Inventory`], [`Readings`], [`Firmware`], [`Logs`],
//! [`Manager`]. Deeds are [`Client::reset`], [`Client::power_and_verify`], [`Client::set_boot`], [`Client::insert_media`],
//! [`Client::subscribe`] and their opposites.
//!
//! What always holds:
//! * No certificate is trusted because it is there: a pin, an authority, or an error that names the fingerprint seen.
//! * Every call has a time limit and a limit on what it reads; no redirect is followed; a link is followed on the
//!   controller's own origin only, because the credentials go along.
//! * No id is known beforehand: everything is found from the service root. A page of a list is read once.
//! * What a controller leaves out is `None`, never zero and never an empty list; a list that could not be read whole is
//!   `None`, and [`Unread`] says why.
//! * A reset is checked against what the controller offers before it is sent, and one that was accepted is not one that
//!   happened: [`Client::power_and_verify`] looks.
//! * Secrets appear in no error, log or fact.
//!
//! Absent on purpose: decisions (which machine, when, who may), the clock (skew takes the time as an argument), calls in
//! parallel (controllers are small, and answer one after the other anyway), vendors' own extensions, firmware updates.
#![warn(missing_docs)]

mod body;
mod boot;
mod chassis;
mod client;
mod collection;
mod error;
mod event;
mod firmware;
mod inventory;
mod link;
mod log;
mod manager;
mod media;
mod power;
mod probe;
mod reset;
mod resource;
mod sensor;
mod service;
mod session;
mod system;
mod task;
mod trust;
mod word;

pub use boot::{Boot, BootOverride};
pub use chassis::Chassis;
pub use client::{Access, Client, Limits, Target};
pub use error::{Message, RedfishError};
pub use event::{Subscribe, Subscription};
pub use firmware::{Firmware, Software};
pub use inventory::{Dimm, Drive, Inventory, Nic, Processor};
pub use link::Link;
pub use log::{LogEntry, Logs};
pub use manager::Manager;
pub use media::{Insert, VirtualMedia};
pub use power::Verdict;
pub use probe::{Credentials, MOST_TRIES, Probed};
pub use resource::Unread;
pub use sensor::{Fan, Readings, Temperature};
pub use service::Service;
pub use system::System;
pub use task::{Accepted, Task};
pub use trust::{Fingerprint, NotAFingerprint, Trust};
pub use word::{BootEnabled, BootMode, BootTarget, Health, PowerState, ResetType};
