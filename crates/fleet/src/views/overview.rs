//! The whole fleet: sites with their racks and provisioners.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use org::kinds::Site;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fleet, Health, MachineRow, rack};
use crate::kinds::{Provisioner, ProvisionerSoftware, Rack};
use crate::lifecycle::Stage;

/// The whole fleet at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FleetView {
    /// Whether any of this comes from a simulation.
    pub simulated: bool,
    /// How many machines the playbook declares.
    pub machines: usize,
    /// Its sites.
    pub sites: Vec<SiteRow>,
    /// Machines that need a person, those that have waited longest first.
    pub problems: Vec<MachineRow>,
    /// What provisioners report and the playbook does not declare.
    pub strangers: Vec<Stranger>,
}

/// A site of the fleet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SiteRow {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it is.
    pub location: Option<String>,
    /// How many machines it has.
    pub machines: usize,
    /// How many of them need a person.
    pub problems: usize,
    /// How many are at each stage.
    pub stages: Vec<StageCount>,
    /// What manages them.
    pub provisioners: Vec<ProvisionerRow>,
    /// Its racks.
    pub racks: Vec<RackRow>,
}

/// How many machines are at a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// Its word for people.
    pub word: String,
    /// How many.
    pub count: usize,
}

/// A rack in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RackRow {
    /// What its door says.
    pub label: String,
    /// How many machines it has.
    pub machines: usize,
    /// How many of them need a person.
    pub problems: usize,
    /// What its machines draw at most, in watts.
    pub watts: u64,
    /// What they may draw, in watts.
    pub budget_watts: Option<u64>,
}

/// A provisioner, and whether it talks to us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProvisionerRow {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The software.
    pub software: ProvisionerSoftware,
    /// Whether anybody looks at it: it has an endpoint.
    pub is_watched: bool,
    /// When it answered last.
    pub seen_at: Option<Timestamp>,
    /// Why it is silent, when it is.
    pub silent: Option<String>,
    /// How many machines it reported, at all sites that it serves.
    pub machines: usize,
    /// How many sites it serves.
    #[serde(default)]
    pub sites: usize,
    /// Whether it is a simulation.
    pub simulated: bool,
}

/// A machine that nobody has declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stranger {
    /// Its provisioner.
    pub provisioner: String,
    /// The provisioner's name for it.
    pub name: String,
    /// The provisioner's id for it.
    pub id: String,
    /// Its state, in the provisioner's words.
    pub state: String,
}

impl Fleet<'_> {
    /// The whole fleet at a glance.
    #[must_use]
    pub fn overview(&self) -> FleetView {
        let strangers = self.strangers.iter().map(|seen| Stranger {
            provisioner: seen.provisioner.clone(),
            name: seen.name.clone(),
            id: seen.id.clone(),
            state: seen.state.clone(),
        });
        FleetView {
            simulated: self.watch.looks.values().any(|look| look.simulated),
            machines: self.rows.len(),
            sites: self.sites(),
            problems: self.problems().into_iter().cloned().collect(),
            strangers: strangers.collect(),
        }
    }

    fn sites(&self) -> Vec<SiteRow> {
        let mut by_site: BTreeMap<&str, Vec<&MachineRow>> = BTreeMap::new();
        for row in &self.rows {
            by_site.entry(&row.site).or_default().push(row);
        }
        let sites = self.model.all::<Site>().map(|site| {
            let rows = by_site.get(site.name()).map_or(&[][..], Vec::as_slice);
            SiteRow {
                name: site.name().to_owned(),
                title: site.title().to_owned(),
                location: site.spec.location.clone(),
                machines: rows.len(),
                problems: wrong(rows),
                stages: stages(rows),
                provisioners: self.provisioners(site.name()),
                racks: self.racks(site.name(), rows),
            }
        });
        sites.filter(|site| site.machines > 0 || !site.racks.is_empty()).collect()
    }

    fn provisioners(&self, site: &str) -> Vec<ProvisionerRow> {
        let all = self.model.all::<Provisioner>();
        let here = all.filter(|it| it.spec.sites.iter().any(|named| named.name() == site));
        here.map(|provisioner| {
            let look = self.watch.looks.get(provisioner.name());
            ProvisionerRow {
                name: provisioner.name().to_owned(),
                title: provisioner.title().to_owned(),
                software: provisioner.spec.software,
                is_watched: look.is_some(),
                seen_at: look.and_then(|look| look.seen_at),
                silent: look.and_then(|look| look.silent.clone()),
                machines: look.map_or(0, |look| look.sightings.len()),
                sites: provisioner.spec.sites.len(),
                simulated: look.is_some_and(|look| look.simulated),
            }
        })
        .collect()
    }

    fn racks(&self, site: &str, rows: &[&MachineRow]) -> Vec<RackRow> {
        let declared: BTreeMap<&str, Option<u64>> = self
            .model
            .all::<Rack>()
            .filter(|rack| rack.spec.site.name() == site)
            .map(|rack| {
                let budget = rack.spec.budget_watts.as_ref().map(|budget| budget.value);
                (rack.spec.label.as_str(), budget)
            })
            .collect();
        let used = rows.iter().filter_map(|row| row.rack.as_deref());
        let labels: BTreeSet<&str> = used.chain(declared.keys().copied()).collect();
        let row = |label: &str| {
            let here: Vec<&MachineRow> =
                rows.iter().filter(|row| row.rack.as_deref() == Some(label)).copied().collect();
            RackRow {
                label: label.to_owned(),
                machines: here.len(),
                problems: wrong(&here),
                watts: here.iter().map(|row| rack::watts(self.model, &row.name)).sum(),
                budget_watts: declared.get(label).copied().flatten(),
            }
        };
        labels.into_iter().map(row).collect()
    }
}

fn wrong(rows: &[&MachineRow]) -> usize {
    rows.iter().filter(|row| row.health == Health::Problem).count()
}

fn stages(rows: &[&MachineRow]) -> Vec<StageCount> {
    let counted = Stage::ALL.into_iter().map(|stage| StageCount {
        stage,
        word: stage.word().to_owned(),
        count: rows.iter().filter(|row| row.stage == stage).count(),
    });
    counted.filter(|counted| counted.count > 0).collect()
}
