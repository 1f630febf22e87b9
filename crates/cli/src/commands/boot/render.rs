//! `council boot render`: what one machine reads, as it would get it.

use fleet::render::{self, Installer, Links, Setup};

use super::{BASE, setup};
use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// Show what a machine reads while it boots and is set up
///
/// Without `--what` everything that its boot profile uses, one after the other. Where the service would put the token of an
/// installation, `TOKEN` stands.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Render {
    /// A machine, or `role/NAME` for whatever machine plays a role
    name: String,
    /// Only this document
    #[arg(long, value_name = "DOCUMENT")]
    what: Option<What>,
    /// Where the machine reaches the boot service
    #[arg(long, value_name = "URL", default_value = BASE)]
    base: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The script of iPXE that starts the installer
    Ipxe,
    /// The answers for Debian's installer
    Preseed,
    /// The answers for Ubuntu's installer
    Autoinstall,
    /// cloud-init: this machine
    UserData,
    /// cloud-init: its identity
    MetaData,
    /// cloud-init: its network, version 2
    NetworkConfig,
    /// cloud-init: the place
    VendorData,
    /// The config drive for Ironic
    Ironic,
    /// The form of MAAS' operation `deploy`
    Maas,
    /// The hardening baseline as variables for Ansible
    Ansible,
}

/// Runs it.
pub(super) fn run(render: &Render, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let setup = setup(model, &render.name, context.facts(model).today)?;
    let links = Links::shown(&render.base, setup.name);
    let text = match render.what {
        Some(what) => document(what, &setup, &links),
        None => all(&setup, &links),
    };
    context.printer.data(&text)?;
    if setup.profile.spec.files.is_none() {
        context.printer.note(&format!(
            "`{}` names no `files`, so the boot service would start this machine from its disk",
            setup.profile.name()
        ));
    }
    Ok(Outcome::Done)
}

/// Every document that the profile uses, each below its name.
fn all(setup: &Setup<'_>, links: &Links) -> String {
    let mut whats = vec![("ipxe", What::Ipxe)];
    match setup.installer() {
        Some(Installer::Debian) => whats.push(("preseed", What::Preseed)),
        Some(Installer::Ubuntu) => whats.push(("autoinstall", What::Autoinstall)),
        None => {}
    }
    if setup.has_cloud_init() {
        whats.extend([
            ("user-data", What::UserData),
            ("meta-data", What::MetaData),
            ("network-config", What::NetworkConfig),
            ("vendor-data", What::VendorData),
        ]);
    }
    let parts: Vec<String> = whats
        .into_iter()
        .map(|(name, what)| format!("==> {name}\n{}", document(what, setup, links)))
        .collect();
    parts.join("\n")
}

fn document(what: What, setup: &Setup<'_>, links: &Links) -> String {
    match what {
        What::Ipxe => render::install(setup, links),
        What::Preseed => render::preseed(setup, links),
        What::Autoinstall => render::autoinstall(setup, links),
        What::UserData => render::user_data(setup, links),
        What::MetaData => render::meta_data(setup, links),
        What::NetworkConfig => render::network_config(setup),
        What::VendorData => render::vendor_data(setup),
        What::Ironic => render::ironic(setup, links),
        What::Maas => render::maas(setup, links),
        What::Ansible => render::ansible(setup),
    }
}
