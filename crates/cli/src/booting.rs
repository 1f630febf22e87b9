//! Composes what boots a machine: the playbook's declarations, the room that renders them, and the service that serves it.
//!
//! The one place where VLANs become networks of machines: the room of machines knows no VLAN, and the room of networks
//! knows no machine.

use std::collections::BTreeMap;

use boot::{Bootable, Documents};
use fleet::render::{self, Installer, Lan, Links, Setup, Unbootable};
use fleet::{Machine, Role};
use jiff::civil::Date;
use network::Vlan;
use playbook::{Model, Typed};

/// What a name of a role begins with where machines and roles may stand.
const ROLE: &str = "role/";

/// The networks of all sites.
pub(crate) fn lans(model: &Model) -> Vec<Lan> {
    let lan = |vlan: Typed<'_, Vlan>| Lan {
        name: vlan.name().to_owned(),
        id: vlan.spec.id.as_deref().copied(),
        sites: vlan.spec.sites.iter().map(|site| site.name().to_owned()).collect(),
        subnets: vlan.spec.subnets.iter().map(|subnet| subnet.value.clone()).collect(),
        gateway: vlan.spec.gateway.as_ref().map(|gateway| gateway.value.clone()),
    };
    model.all::<Vlan>().map(lan).collect()
}

/// How a machine, or whatever machine plays a `role/…`, is set up; `None` when there is none of that name.
pub(crate) fn setup<'m>(
    model: &'m Model,
    name: &str,
    today: Date,
) -> Option<Result<Setup<'m>, Unbootable>> {
    let lans = lans(model);
    if let Some(role) = name.strip_prefix(ROLE) {
        return Some(Setup::of_role(model, model.get::<Role>(role)?, &lans, today));
    }
    let machine = model.get::<Machine>(name.strip_prefix("machine/").unwrap_or(name))?;
    Some(Setup::of(model, machine, &lans, today))
}

/// The machines that are there on a day.
pub(crate) fn machines(model: &Model, today: Date) -> impl Iterator<Item = Typed<'_, Machine>> {
    model
        .all::<Machine>()
        .filter(move |machine| machine.resource.meta.retired.is_none_or(|day| today < day))
}

/// Everybody who may boot: machines, and roles for machines that nobody declared yet.
pub(crate) fn bootables(model: &Model, today: Date) -> Vec<Bootable> {
    let machine = |machine: Typed<'_, Machine>| Bootable {
        name: machine.name().to_owned(),
        macs: machine.spec.macs.iter().map(|mac| mac.value.clone()).collect(),
        uuid: machine.spec.uuid.as_ref().map(|uuid| uuid.value.clone()),
        from_disk: render::from_disk(machine.name()),
    };
    let role = |role: Typed<'_, Role>| Bootable {
        name: format!("{ROLE}{}", role.name()),
        from_disk: render::from_disk(role.name()),
        ..Bootable::default()
    };
    machines(model, today).map(machine).chain(model.all::<Role>().map(role)).collect()
}

/// What a machine reads during an installation, by the path at which it looks for it.
pub(crate) fn documents(setup: &Setup<'_>, links: &Links) -> Documents {
    let mut files = BTreeMap::new();
    let mut add = |path: &str, text: String| files.insert(path.to_owned(), text);
    match setup.installer() {
        Some(Installer::Debian) => {
            add("preseed.cfg", render::preseed(setup, links));
        }
        Some(Installer::Ubuntu) => {
            add("autoinstall/user-data", render::autoinstall(setup, links));
            add("autoinstall/meta-data", render::meta_data(setup, links));
            add("autoinstall/vendor-data", String::new());
        }
        None => {}
    }
    if setup.has_cloud_init() {
        add("user-data", render::user_data(setup, links));
        add("meta-data", render::meta_data(setup, links));
        add("vendor-data", render::vendor_data(setup));
        add("network-config", render::network_config(setup));
    }
    Documents {
        script: render::install(setup, links),
        files,
        secrets: setup.secrets().into_iter().map(str::to_owned).collect(),
        calls_when_ready: setup.has_cloud_init(),
    }
}
