//! Which sighting belongs to which machine: by name, then by serial number, then by MAC address.

use std::collections::{BTreeMap, BTreeSet};

use playbook::Typed;

use crate::kinds::Machine;
use crate::lifecycle::{Sighting, Watch};
use crate::mac;

/// The sightings of all provisioners, found by what identifies a machine.
pub(crate) struct Matching<'a> {
    all: Vec<&'a Sighting>,
    by_key: BTreeMap<(&'a str, String), usize>,
    taken: BTreeSet<usize>,
}

impl<'a> Matching<'a> {
    pub(crate) fn new(watch: &'a Watch) -> Self {
        let mut all = Vec::new();
        let mut by_key = BTreeMap::new();
        for (provisioner, look) in &watch.looks {
            for sighting in &look.sightings {
                let place = all.len();
                all.push(sighting);
                let serial = sighting.hardware.serial.iter().map(|serial| serial_key(serial));
                let macs = sighting.hardware.macs.iter().flatten().map(|mac| mac_key(mac));
                let name = [name_key(&sighting.name)];
                for key in name.into_iter().chain(serial).chain(macs) {
                    by_key.entry((provisioner.as_str(), key)).or_insert(place);
                }
            }
        }
        Self { all, by_key, taken: BTreeSet::new() }
    }

    /// Finds what was seen of a machine, and keeps it from being anybody else's.
    pub(super) fn take(
        &mut self,
        machine: Typed<'a, Machine>,
        provisioners: &[&str],
    ) -> Option<&'a Sighting> {
        let spec = machine.spec;
        let serial = spec.serial.as_ref().map(|serial| serial.value.as_str());
        let macs: Vec<String> = spec.macs.iter().map(|mac| mac.value.clone()).collect();
        self.find(machine.name(), (serial, &macs), provisioners)
    }

    /// The same for whoever knows a machine by its name, serial number and MAC addresses alone.
    pub(crate) fn find(
        &mut self,
        name: &str,
        (serial, macs): (Option<&str>, &[String]),
        provisioners: &[&str],
    ) -> Option<&'a Sighting> {
        let serial = serial.into_iter().map(serial_key);
        let macs = macs.iter().map(|mac| mac_key(mac));
        let keys: Vec<String> = [name_key(name)].into_iter().chain(serial).chain(macs).collect();
        let places = keys.iter().flat_map(|key| {
            provisioners.iter().filter_map(|name| self.by_key.get(&(*name, key.clone())).copied())
        });
        let place = places.into_iter().find(|place| !self.taken.contains(place))?;
        self.taken.insert(place);
        self.all.get(place).copied()
    }

    /// What belongs to no machine of the playbook.
    pub(super) fn left(self) -> Vec<&'a Sighting> {
        let places = self.all.into_iter().enumerate();
        places.filter(|(place, _)| !self.taken.contains(place)).map(|(_, found)| found).collect()
    }
}

fn name_key(name: &str) -> String {
    format!("name {name}")
}

fn serial_key(serial: &str) -> String {
    format!("serial {}", serial.trim().to_lowercase())
}

fn mac_key(address: &str) -> String {
    format!("mac {}", mac::plain(address))
}
