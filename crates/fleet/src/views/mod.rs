//! What people see of the fleet: what is declared, held against what was seen.
//!
//! [`Fleet::of`] computes the row of every machine once; sites, racks and machine pages are cut from it. A machine that
//! nobody has reported is shown as just that, and what is old says how old.

mod machine;
mod matching;
mod overview;
mod rack;
mod row;

use std::collections::BTreeMap;

use jiff::Timestamp;
use playbook::{Model, Typed};

use crate::kinds::{HardwareModel, Machine, Provisioner};
use crate::lifecycle::{Sighting, Watch};
pub(crate) use matching::Matching;

pub use machine::{MachineFact, MachineView};
pub use overview::{FleetView, ProvisionerRow, RackRow, SiteRow, StageCount, Stranger};
pub use rack::{RackView, Slot};
pub use row::{Health, MachineRow};

/// All machines, as declared and as seen.
#[derive(Debug)]
pub struct Fleet<'a> {
    model: &'a Model,
    watch: &'a Watch,
    rows: Vec<MachineRow>,
    places: BTreeMap<&'a str, (usize, Option<&'a Sighting>)>,
    strangers: Vec<&'a Sighting>,
}

impl<'a> Fleet<'a> {
    /// Holds a playbook against what was seen.
    #[must_use]
    pub fn of(model: &'a Model, watch: &'a Watch, now: Timestamp) -> Self {
        let mut matching = Matching::new(watch);
        let mut rows = Vec::new();
        let mut places = BTreeMap::new();
        for machine in model.all::<Machine>() {
            let provisioners = provisioners_of(model, machine);
            let sighting = matching.take(machine, &provisioners);
            let bought = machine.spec.model.as_ref();
            let bought = bought.and_then(|named| model.get::<HardwareModel>(named.name()));
            let seen = row::Seen {
                sighting,
                is_answered: provisioners
                    .iter()
                    .any(|name| watch.looks.get(*name).is_some_and(|look| look.seen_at.is_some())),
                bought: bought.map(|bought| bought.spec),
            };
            places.insert(machine.resource.id.name.as_ref(), (rows.len(), sighting));
            rows.push(row::of(machine, &seen, now));
        }
        Self { model, watch, rows, places, strangers: matching.left() }
    }

    /// All machines by name.
    #[must_use]
    pub fn rows(&self) -> &[MachineRow] {
        &self.rows
    }

    /// One machine.
    #[must_use]
    pub fn row(&self, name: &str) -> Option<&MachineRow> {
        self.places.get(name).and_then(|(place, _)| self.rows.get(*place))
    }

    /// What is wrong, worst and longest first.
    #[must_use]
    pub fn problems(&self) -> Vec<&MachineRow> {
        let mut wrong: Vec<&MachineRow> =
            self.rows.iter().filter(|row| row.health == Health::Problem).collect();
        wrong.sort_by_key(|row| (std::cmp::Reverse(row.minutes), row.name.clone()));
        wrong
    }
}

/// The provisioners that may know a machine: the one it names, or those of its site.
fn provisioners_of<'m>(model: &'m Model, machine: Typed<'m, Machine>) -> Vec<&'m str> {
    if let Some(named) = &machine.spec.provisioner {
        return vec![named.name()];
    }
    let site = machine.spec.site.name();
    let serves = |it: &Typed<'m, Provisioner>| it.spec.sites.iter().any(|at| at.name() == site);
    let serving = model.all::<Provisioner>().filter(serves);
    serving.map(|provisioner| provisioner.resource.id.name.as_ref()).collect()
}

#[cfg(test)]
mod tests;
