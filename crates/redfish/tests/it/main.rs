//! Redfish against an emulator of our own with all the faults that controllers have, against the published mock-up of the
//! DMTF where it is at hand, and against real sushy-tools where that is installed.

mod bmc;
mod boot;
mod deeds;
mod facts;
mod faults;
mod junk;
mod mockup;
mod power;
mod probing;
mod sessions;
mod sushy;
mod trusting;
