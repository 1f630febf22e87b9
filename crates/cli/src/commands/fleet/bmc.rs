//! `council fleet bmc`: what a machine's management controller says of it, asked by Redfish and held against what was bought.
//!
//! It asks from where it runs, which has to be a place that reaches the management network. It reads and changes nothing:
//! power and installation go through a change.

mod report;

use fleet::{HardwareModel, Machine};
use jiff::Timestamp;
use playbook::{Model, Typed};
use redfish::{Access, Client, Fingerprint, Limits, RedfishError, Target, Trust};
use secrecy::SecretString;

use self::report::{Bought, Report, Shown};
use crate::answer::Outcome;
use crate::causes;
use crate::command_error::CommandError;
use crate::context::Context;

/// The variable with the user's name at controllers.
const USER: &str = "COUNCIL_BMC_USER";

/// The variable with their password. Not an option: arguments are seen by everybody who may list processes.
const PASSWORD: &str = "COUNCIL_BMC_PASSWORD";

/// Entries of each log that are read.
const ENTRIES: usize = 50;

/// Ask a machine's management controller (BMC) what is there: power, health, parts as bought or not, sensors, logs
///
/// Speaks Redfish, with the user and the password of COUNCIL_BMC_USER and COUNCIL_BMC_PASSWORD. Reads only. A certificate that
/// no authority signed is trusted when its SHA-256 fingerprint stands in the machine's `bmc_certificate`, or is given by
/// `--pin`. Ends with 1 when something is not as it should be.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Bmc {
    /// The machine
    machine: String,
    /// Ask at this address instead of the machine's `bmc`, such as `https://10.10.250.21`
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// The SHA-256 fingerprint of the certificate that is trusted
    #[arg(long, value_name = "FINGERPRINT")]
    pin: Option<Fingerprint>,
    /// Read the logs, too
    #[arg(long)]
    logs: bool,
    /// Read which firmware runs where, too
    #[arg(long)]
    firmware: bool,
}

/// Runs it.
pub(crate) fn run(asked: &Bmc, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let machine = found(model, &asked.machine)?;
    let target = target(asked, machine, &crate::environment::variable)?;
    let bought = Bought {
        model: machine
            .model
            .as_ref()
            .and_then(|model_of| model.follow::<HardwareModel>(model_of))
            .map(|it| it.spec),
        serial: machine.serial.as_ref().map(|serial| serial.value.as_str()),
        macs: machine.macs.iter().map(|mac| mac.value.as_str()).collect(),
    };
    // A second provider would be a bug of ours; one that is there already is what we want.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| causes::failed(&error))?;
    let report = runtime.block_on(ask(target, asked)).map_err(|error| failed(machine, &error))?;
    let shown = Shown::of(machine.name(), &bought, report);
    let is_right = shown.is_right();
    context.printer.show_paged(&shown)?;
    Ok(if is_right { Outcome::Done } else { Outcome::Findings })
}

fn found<'m>(model: &'m Model, name: &str) -> Result<Typed<'m, Machine>, CommandError> {
    let bare = name.strip_prefix("machine/").unwrap_or(name);
    model.get::<Machine>(bare).ok_or_else(|| {
        CommandError::failed(format!("the playbook declares no machine `{bare}`"))
            .hint("list all with `council fleet list`")
    })
}

fn target(
    asked: &Bmc,
    machine: Typed<'_, Machine>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Target, CommandError> {
    let declared = machine.bmc.as_ref().map(|bmc| match bmc.value.contains(':') {
        true => format!("https://[{}]", bmc.value),
        false => format!("https://{}", bmc.value),
    });
    let address = asked.address.clone().or(declared).ok_or_else(|| {
        CommandError::failed(format!("nobody says where the controller of `{}` is", machine.name()))
            .hint("declare it as the machine's `bmc`, or name it with `--address`")
    })?;
    let access = match (variable(USER), variable(PASSWORD)) {
        (Some(user), Some(password)) => {
            Access::Session { user, password: SecretString::from(password) }
        }
        (None, None) => Access::Open,
        (Some(_), None) | (None, Some(_)) => {
            return Err(CommandError::usage(format!("`{USER}` and `{PASSWORD}` go together"))
                .hint("set both, or none for a controller that asks for neither"));
        }
    };
    let pinned = machine.bmc_certificate.as_ref().map(|it| it.value.as_str().parse());
    let pinned = pinned.transpose().map_err(|error| causes::failed(&error))?;
    let in_the_open = address.starts_with("http://");
    let pin = asked.pin.or(pinned);
    if in_the_open && (pin.is_some() || !matches!(access, Access::Open)) {
        return Err(CommandError::usage(format!("`{address}` is not encrypted"))
            .why("a password would go in plain sight, and a certificate is never shown")
            .hint(
                "write `https://`; without a password and a pin an emulator may be asked as it is",
            ));
    }
    let trust = match pin {
        _ if in_the_open => Trust::Unencrypted,
        Some(pinned) => Trust::Pinned(pinned),
        None => Trust::Machine,
    };
    Ok(Target { address, access, trust, limits: Limits::default() })
}

async fn ask(target: Target, asked: &Bmc) -> Result<Report, RedfishError> {
    let client = Client::new(target, reqwest::Client::builder().no_proxy())?;
    let report = read(&client, asked).await;
    // Controllers have few sessions. That one could not be given back is not worth an error: it ends by itself.
    drop(client.close().await);
    report
}

async fn read(client: &Client, asked: &Bmc) -> Result<Report, RedfishError> {
    let mut report = Report { address: client.address().to_owned(), ..Report::default() };
    for system in client.systems().await? {
        report.systems.push(client.inventory(&system).await?);
        if asked.logs {
            match client.logs(&system, ENTRIES).await {
                Ok(logs) => report.logs.push(logs),
                Err(RedfishError::Unsupported { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
    for chassis in unless_unsupported(client.chassis_list().await)?.unwrap_or_default() {
        report.readings.push(client.readings(&chassis).await?);
    }
    for manager in unless_unsupported(client.managers().await)?.unwrap_or_default() {
        let before = Timestamp::now();
        let manager = client.manager(&manager).await?;
        report.skews.extend(manager.skew(before, Timestamp::now()));
        report.managers.push(manager);
    }
    if asked.firmware {
        report.firmware = unless_unsupported(client.firmware().await)?;
    }
    Ok(report)
}

/// What is not offered is not there; everything else that goes wrong is said.
fn unless_unsupported<T>(answer: Result<T, RedfishError>) -> Result<Option<T>, RedfishError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(RedfishError::Unsupported { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn failed(machine: Typed<'_, Machine>, error: &RedfishError) -> CommandError {
    let failed = CommandError::failed(error.to_string());
    match error {
        RedfishError::CertificateRejected { fingerprint, .. } => failed.hint(format!(
            "once you have compared it, write `bmc_certificate: {fingerprint}` into `machine/{}`",
            machine.name()
        )),
        RedfishError::Unauthorized { .. } => {
            failed.hint(format!("the user and the password come from `{USER}` and `{PASSWORD}`"))
        }
        _ => failed,
    }
}
