//! One rack, from the floor to the top.

use playbook::Model;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fleet, MachineRow};
use crate::kinds::{HardwareModel, Intent, Machine, Rack};

/// How high a rack is drawn that nobody has declared.
const UNDECLARED_UNITS: u32 = 42;

/// A rack with what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RackView {
    /// Its site.
    pub site: String,
    /// What its door says.
    pub label: String,
    /// Whether the playbook declares it.
    pub is_declared: bool,
    /// How many units it is high.
    pub units: u32,
    /// Its power feeds.
    pub feeds: Vec<String>,
    /// What its machines may draw, in watts.
    pub budget_watts: Option<u64>,
    /// What its machines draw at most, in watts, as far as their models say.
    pub watts: u64,
    /// The machines by unit, top first.
    pub slots: Vec<Slot>,
    /// Machines whose unit nobody has written down.
    pub unplaced: Vec<MachineRow>,
}

/// A machine in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Slot {
    /// The lowest unit.
    pub unit: u32,
    /// How many units from the top of the rack its upper edge is: what a drawing begins with.
    pub from_top: u32,
    /// The machine.
    pub machine: MachineRow,
}

impl Fleet<'_> {
    /// One rack; `None` when nobody declares it and nothing stands in it.
    #[must_use]
    pub fn rack(&self, site: &str, label: &str) -> Option<RackView> {
        let found = self
            .model
            .all::<Rack>()
            .find(|rack| rack.spec.site.name() == site && rack.spec.label == label);
        let stands_here =
            |row: &&MachineRow| row.site == site && row.rack.as_deref() == Some(label);
        let rows: Vec<&MachineRow> = self.rows.iter().filter(stands_here).collect();
        if found.is_none() && rows.is_empty() {
            return None;
        }
        let declared = found.map(|rack| rack.spec);
        let highest =
            rows.iter().filter_map(|row| row.unit.map(|unit| top(unit, row.height))).max();
        let units = declared.map_or(UNDECLARED_UNITS, |rack| rack.units);
        let units = units.max(highest.unwrap_or(0));
        let (placed, unplaced): (Vec<_>, Vec<_>) =
            rows.iter().partition(|row| row.unit.is_some_and(|unit| unit > 0));
        let mut slots: Vec<Slot> = placed.into_iter().filter_map(|row| slot(row, units)).collect();
        slots.sort_by_key(|slot| std::cmp::Reverse(slot.unit));
        Some(RackView {
            site: site.to_owned(),
            label: label.to_owned(),
            is_declared: declared.is_some(),
            units,
            feeds: declared.map(|rack| rack.feeds.clone()).unwrap_or_default(),
            budget_watts: declared
                .and_then(|rack| rack.budget_watts.as_ref())
                .map(|budget| budget.value),
            watts: rows.iter().map(|row| watts(self.model, &row.name)).sum(),
            slots,
            unplaced: unplaced.into_iter().map(|row| (*row).clone()).collect(),
        })
    }
}

fn slot(row: &MachineRow, units: u32) -> Option<Slot> {
    let unit = row.unit?;
    let from_top = units.saturating_sub(top(unit, row.height));
    Some(Slot { unit, from_top, machine: row.clone() })
}

/// The highest unit of a machine.
fn top(unit: u32, height: u32) -> u32 {
    unit.saturating_add(height.saturating_sub(1))
}

/// What a machine draws at most; nothing where its model does not say, or where it is gone.
pub(super) fn watts(model: &Model, machine: &str) -> u64 {
    let Some(machine) = model.get::<Machine>(machine) else { return 0 };
    if machine.spec.lifecycle == Intent::Retired {
        return 0;
    }
    let bought = machine.spec.model.as_ref();
    let bought = bought.and_then(|named| model.get::<HardwareModel>(named.name()));
    bought.and_then(|bought| bought.spec.watts.as_ref()).map_or(0, |watts| watts.value)
}
