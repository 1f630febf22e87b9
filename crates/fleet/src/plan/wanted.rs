//! What the playbook says about the machines of a provisioner, resolved: role to image, model to parts, place to labels.

use std::collections::BTreeMap;

use plan::Marks;
use playbook::{Model, Typed};

use crate::kinds::{
    Channel, HardwareModel, ImageVersion, Intent, Machine, Provisioner, ProvisionerSoftware, Role,
};

/// A machine that a provisioner should manage.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its host name.
    pub name: String,
    /// How far in its life it should be.
    pub intent: Intent,
    /// The software of its provisioner.
    pub software: ProvisionerSoftware,
    /// Its site.
    pub site: String,
    /// The rack there.
    pub rack: Option<String>,
    /// What it is for.
    pub role: String,
    /// What should be installed: the promoted version of the image of its role, or the image where none is promoted.
    pub image: Option<String>,
    /// Its environment.
    pub environment: Option<String>,
    /// Who answers for it, as `team/<name>`.
    pub owner: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its MAC addresses.
    pub macs: Vec<String>,
    /// The address of its management controller.
    pub bmc: Option<String>,
    /// What was bought.
    pub bought: Option<HardwareModel>,
}

impl Wanted {
    /// What fails together with it: its rack. A machine of which nobody says where it stands may share its rack with all
    /// others of the site.
    #[must_use]
    pub fn domain(&self) -> String {
        match &self.rack {
            Some(rack) => format!("{}/{rack}", self.site),
            None => self.site.clone(),
        }
    }

    /// What a plan is rolled up by, and what breaks with the machine.
    #[must_use]
    pub fn marks(&self) -> Marks {
        let label = |name: &str, value: Option<&str>| Some((name.to_owned(), value?.to_owned()));
        let labels: BTreeMap<String, String> = [
            label("site", Some(&self.site)),
            label("rack", self.rack.as_deref()),
            label("role", Some(&self.role)),
            label("environment", self.environment.as_deref()),
            label("owner", self.owner.as_deref()),
        ]
        .into_iter()
        .flatten()
        .collect();
        Marks {
            labels,
            failure_domain: Some(self.domain()),
            disruptive: true,
            restorable: false,
            ..Marks::default()
        }
    }

    /// Whether its provisioner knows of machines out of work. MAAS knows only of broken ones, and none that are deployed.
    #[must_use]
    pub fn keeps_maintenance(&self) -> bool {
        match self.software {
            ProvisionerSoftware::Ironic => true,
            ProvisionerSoftware::Maas => false,
        }
    }
}

/// The machines that the playbook gives to a provisioner, by name.
#[must_use]
pub fn wanted(model: &Model, provisioner: Typed<'_, Provisioner>) -> Vec<Wanted> {
    let here = |machine: &Typed<'_, Machine>| {
        provisioner_of(model, *machine).is_some_and(|found| found == provisioner.name())
    };
    let promoted = promoted(model);
    let machines = model.all::<Machine>().filter(here);
    machines.map(|machine| one(model, machine, (provisioner.spec.software, &promoted))).collect()
}

fn one(
    model: &Model,
    machine: Typed<'_, Machine>,
    (software, promoted): (ProvisionerSoftware, &BTreeMap<&str, &str>),
) -> Wanted {
    let spec = machine.spec;
    let bought = spec.model.as_ref().and_then(|named| model.get::<HardwareModel>(named.name()));
    Wanted {
        name: machine.name().to_owned(),
        intent: spec.lifecycle,
        software,
        site: spec.site.name().to_owned(),
        rack: spec.rack.clone(),
        role: spec.role.name().to_owned(),
        image: image(model, spec.role.name(), promoted),
        environment: spec.environment.as_ref().map(|it| it.name().to_owned()),
        owner: spec.owner.as_ref().map(|owner| format!("{}/{}", owner.slug(), owner.name())),
        serial: spec.serial.as_ref().map(|serial| serial.value.clone()),
        macs: spec.macs.iter().map(|mac| mac.value.clone()).collect(),
        bmc: spec.bmc.as_ref().map(|bmc| bmc.value.clone()),
        bought: bought.map(|bought| bought.spec.clone()),
    }
}

/// What machines of a role are installed from.
#[must_use]
pub fn image_of(model: &Model, role: &str) -> Option<String> {
    image(model, role, &promoted(model))
}

fn image(model: &Model, role: &str, promoted: &BTreeMap<&str, &str>) -> Option<String> {
    let image = model.get::<Role>(role)?.spec.image.as_ref()?.name();
    Some(promoted.get(image).copied().unwrap_or(image).to_owned())
}

/// The promoted version of each image that has one.
fn promoted(model: &Model) -> BTreeMap<&str, &str> {
    let versions = model.all::<ImageVersion>();
    let versions = versions.filter(|version| version.spec.channel.value == Channel::Promoted);
    versions.map(|it| (it.spec.image.name(), it.resource.id.name.as_ref())).collect()
}

/// The provisioner of a machine: the one that it names, or the only one of its site. With several, nobody can say which,
/// and a machine that two manage is worse than one that none does.
#[must_use]
pub fn provisioner_of<'m>(model: &'m Model, machine: Typed<'m, Machine>) -> Option<&'m str> {
    if let Some(named) = &machine.spec.provisioner {
        return Some(named.name());
    }
    let site = machine.spec.site.name();
    let serves = |it: &Typed<'m, Provisioner>| it.spec.sites.iter().any(|at| at.name() == site);
    let mut serving = model.all::<Provisioner>().filter(serves);
    let first = serving.next()?;
    serving.next().is_none().then(|| first.resource.id.name.as_ref())
}
