//! The simulated estate: the machines of a playbook as units that it plays, and what it promises as metrics.

use std::path::Path;

use estate::{Begins, Estate, FOR_PEOPLE, Hardware, Metrics, Promise, Software, Unit, World};
use fleet::{HardwareModel, Intent, Machine, Provisioner, ProvisionerSoftware};
use jiff::Timestamp;
use playbook::{Model, Typed};
use reliability::slo::Slo;

use crate::command_error::CommandError;
use crate::files;

/// What decides which machines have faults. Any number is as good as another; a demonstration should look the same twice.
const SEED: u64 = 725;

/// The machines that the estate plays: those that are here.
fn units(model: &Model) -> Vec<Unit> {
    model.all::<Machine>().filter_map(|machine| unit(model, machine)).collect()
}

/// How far a machine is at the beginning: as far as the playbook wants it, so that a newcomer finds a site at work.
fn begins(intent: Intent) -> Option<Begins> {
    match intent {
        Intent::Racked => Some(Begins::Racked),
        Intent::Ready => Some(Begins::Free),
        Intent::InService | Intent::Maintenance => Some(Begins::Installed),
        Intent::Planned | Intent::Retired => None,
    }
}

fn unit(model: &Model, machine: Typed<'_, Machine>) -> Option<Unit> {
    let spec = machine.spec;
    let begins = begins(spec.lifecycle)?;
    let provisioner = model.get::<Provisioner>(fleet::plan::provisioner_of(model, machine)?)?;
    let bought = spec.model.as_ref().and_then(|it| model.get::<HardwareModel>(it.name()));
    let macs = spec.macs.iter().map(|mac| mac.value.clone());
    Some(Unit {
        name: machine.name().to_owned(),
        provisioner: provisioner.name().to_owned(),
        software: match provisioner.spec.software {
            ProvisionerSoftware::Ironic => Software::Ironic,
            ProvisionerSoftware::Maas => Software::Maas,
        },
        serial: spec.serial.as_ref().map(|serial| serial.value.clone()),
        macs: macs.collect(),
        image: fleet::plan::image_of(model, spec.role.name()),
        begins,
        hardware: bought.map(|bought| hardware(bought.spec)).unwrap_or_default(),
    })
}

/// What a machine of a model consists of, when nothing is missing.
fn hardware(bought: &HardwareModel) -> Hardware {
    let usual = Hardware::default();
    let disks = bought.disks.iter().flat_map(|disks| {
        let count = usize::try_from(disks.count).unwrap_or_default();
        std::iter::repeat_n(disks.gigabytes, count)
    });
    Hardware {
        cores: bought.cores.unwrap_or(usual.cores),
        memory_mib: bought.memory_gib.map_or(usual.memory_mib, |gib| gib.saturating_mul(1024)),
        disks: disks.collect(),
    }
}

/// The file of the data directory that holds its address, for whoever wants to break something there.
const ADDRESS: &str = "estate";

/// What the estate plays.
#[derive(Debug)]
pub(crate) struct Played {
    units: Vec<Unit>,
    promises: Vec<Promise>,
}

impl Played {
    /// What a playbook has.
    pub(crate) fn of(model: &Model) -> Self {
        let promise = |slo: &Slo| {
            let may_fail = f64::try_from(slo.objective.budget().ratio()).unwrap_or_default();
            Promise { id: slo.id.clone(), may_fail }
        };
        let promises = reliability::slo::lower(model).slos.iter().map(promise).collect();
        Self { units: units(model), promises }
    }

    /// Starts it at a moment, and says in the data directory where it listens.
    pub(crate) async fn start(self, now: Timestamp, data: &Path) -> Result<Estate, CommandError> {
        let world = World::new(self.units, SEED, FOR_PEOPLE, now);
        let started = estate::start_measured(world, Metrics::new(self.promises, now)).await;
        let estate = started.map_err(|error| {
            CommandError::failed("the simulated estate cannot listen on loopback").why(error)
        })?;
        files::write(&data.join(ADDRESS), format!("http://{}\n", estate.address))?;
        Ok(estate)
    }
}
