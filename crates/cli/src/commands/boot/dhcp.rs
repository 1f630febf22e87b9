//! `council boot dhcp`: snippets for DHCP servers.

use fleet::render::{self, Links};
use org::kinds::Site;

use super::BASE;
use crate::answer::Outcome;
use crate::booting;
use crate::command_error::CommandError;
use crate::context::Context;

/// Show what a DHCP server must say, so that machines find the boot service and their addresses
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Dhcp {
    /// In whose words
    server: Server,
    /// Only machines and networks of this site
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Where machines reach the boot service
    #[arg(long, value_name = "URL", default_value = BASE)]
    base: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Server {
    /// A file for dnsmasq's `conf-dir`
    Dnsmasq,
    /// A part of the configuration of `kea-dhcp4`
    Kea,
}

/// Runs it.
pub(super) fn run(dhcp: &Dhcp, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let site = dhcp.site.as_deref();
    if let Some(name) = site.filter(|name| model.get::<Site>(name).is_none()) {
        let names = model.all::<Site>().map(|site| site.name()).collect::<Vec<_>>();
        return Err(CommandError::failed(format!("there is no site `{name}`"))
            .hints(crate::guess::did_you_mean(name, names))
            .hint("list all with `council list site`"));
    }
    let machines: Vec<_> = booting::machines(model, context.facts(model).today)
        .filter(|machine| site.is_none_or(|site| machine.spec.site.name() == site))
        .collect();
    let mut lans = booting::lans(model);
    lans.retain(|lan| {
        site.is_none_or(|site| lan.sites.is_empty() || lan.sites.iter().any(|it| it == site))
    });
    let links = Links::shown(&dhcp.base, "dhcp");
    let text = match dhcp.server {
        Server::Dnsmasq => render::dnsmasq(&machines, &links),
        Server::Kea => render::kea(&machines, &lans, &links),
    };
    context.printer.data(&text)?;
    Ok(Outcome::Done)
}
