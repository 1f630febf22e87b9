//! `council boot serve`: the boot service, until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use boot::{Door, Event, Service, Settings};
use fleet::render::{self, Links, firmware};
use jiff::Timestamp;
use jiff::civil::Date;
use playbook::Model;
use secrecy::SecretString;
use serde::Serialize;

use super::unknown;
use crate::answer::Outcome;
use crate::booting;
use crate::command_error::CommandError;
use crate::commands::up::stop_signal;
use crate::context::Context;
use crate::environment::variable;
use crate::printer::Printer;

/// Where it listens by itself: loopback, because answers name machines. A port beside that of the council, which no well-known
/// service claims; 69 is the port of TFTP.
const LISTEN: &str = "127.0.0.1:7469";

/// Serve machines that start from the network: scripts, installers, answers, secrets
///
/// Every machine of the playbook that asks starts from its disk, but for those that `--install` names: they are installed, and
/// their disks are overwritten. A machine is installed once; then it starts from its disk, too. What machines say is printed
/// as it happens, with `--format json` as one line each.
///
/// The value of a secret comes from the environment: `secret/agent-key` from `COUNCIL_SECRET_AGENT_KEY`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Serve {
    /// The directory with kernels, installers and first programs
    #[arg(long, value_name = "DIR")]
    files: PathBuf,
    /// Install this machine, or with `role/NAME` whatever undeclared machine says that role; may be given several times
    #[arg(long, value_name = "NAME")]
    install: Vec<String>,
    /// Address and port for HTTP; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN)]
    listen: SocketAddr,
    /// Address and port for TFTP, such as `10.10.0.5:69` [default: no TFTP]
    #[arg(long, value_name = "ADDRESS")]
    tftp: Option<SocketAddr>,
    /// Where machines reach it, if not where it listens
    #[arg(long, value_name = "URL")]
    base: Option<String>,
}

/// Runs it until it is told to stop.
pub(super) fn run(serve: &Serve, context: &Context) -> Result<Outcome, CommandError> {
    let files = context.environment.directory.join(&serve.files);
    if !files.is_dir() {
        return Err(CommandError::failed(format!("`{}` is no directory", serve.files.display()))
            .why("kernels and first programs are served from it")
            .hint("make it, and put there what boot profiles name as `files`"));
    }
    if serve.base.is_none() && serve.listen.ip().is_unspecified() {
        return Err(CommandError::usage("nobody can be told to fetch from every address at once")
            .hint("say where machines reach the service, such as `--base http://10.10.0.5:7469`"));
    }
    let workspace = context.read()?;
    let model = workspace.model().clone();
    let today = context.facts(&model).today;
    for name in &serve.install {
        // Judged before anybody listens, so that a mistake is seen by whoever makes it.
        super::setup(&model, name, today)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::failed("no threads could be started").why(error))?;
    runtime.block_on(serving(serve, files, (model, today), context))
}

async fn serving(
    serve: &Serve,
    files: PathBuf,
    (model, today): (Model, Date),
    context: &Context,
) -> Result<Outcome, CommandError> {
    let door = Door::bind(serve.listen, serve.tftp).await.map_err(|error| {
        let why = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        CommandError::failed(error.to_string())
            .why(why)
            .hint("take a free port; ports below 1024 are root's")
    })?;
    let base = serve.base.clone().unwrap_or_else(|| format!("http://{}", door.address));
    let base = base.trim_end_matches('/').to_owned();
    let known = model.clone();
    let service = Arc::new(Service::new(settings(&base, files, (model, today), &context.printer)));
    for name in &serve.install {
        let name = name.strip_prefix("machine/").unwrap_or(name);
        service.arm(name).map_err(|error| match error {
            boot::ArmError::Unknown(name) => unknown(&known, &name, today),
            boot::ArmError::Unrenderable { .. } | boot::ArmError::NoRandomness(_) => {
                CommandError::failed(error.to_string())
            }
        })?;
    }
    announce(&door, &base, &serve.install, context)?;
    let running = door.start(service);
    stop_signal().await;
    running.stop().await;
    context.printer.note("stopped");
    Ok(Outcome::Done)
}

fn settings(
    base: &str,
    files: PathBuf,
    (model, today): (Model, Date),
    printer: &Printer,
) -> Settings {
    let links = Links::shown(base, "first");
    let first_stages = firmware::FIRST_STAGES.iter().map(|it| (it.code, it.file.to_owned()));
    let printer = printer.clone();
    Settings {
        base: base.to_owned(),
        files,
        bootables: booting::bootables(&model, today),
        first: render::first(&links),
        unknown: render::unknown(),
        first_stages: first_stages.collect(),
        render: Arc::new(move |name, ticket| {
            let links = Links {
                base: ticket.base.clone(),
                token: ticket.token.clone(),
                instance: ticket.instance.clone(),
            };
            let setup = booting::setup(&model, name, today)
                .ok_or_else(|| format!("there is no `{name}`"))?
                .map_err(|error| error.to_string())?;
            Ok(booting::documents(&setup, &links))
        }),
        secrets: Arc::new(|name| variable(&secret_variable(name)).map(SecretString::from)),
        listener: Arc::new(move |event| tell(event, &printer)),
        clock: Arc::new(Timestamp::now),
    }
}

/// The variable of the environment that holds a secret.
fn secret_variable(secret: &str) -> String {
    let plain = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' }
    };
    format!("COUNCIL_SECRET_{}", secret.chars().map(plain).collect::<String>())
}

/// An event as a line: of words, or of JSON.
fn tell(event: &Event, printer: &Printer) {
    let at = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let line = if printer.is_machine() {
        #[derive(Serialize)]
        struct Told<'e> {
            at: &'e str,
            #[serde(flatten)]
            event: &'e Event,
        }
        serde_json::to_string(&Told { at: &at, event })
            .expect("BUG: an event is texts, and texts are JSON")
    } else {
        format!("{at}  {}", words(event))
    };
    // Nobody reads any more: machines are served all the same.
    drop(printer.data(&format!("{line}\n")));
}

fn words(event: &Event) -> String {
    match event {
        Event::ToldToInstall { machine } => format!("{machine}: told to install"),
        Event::Answered { machine, document } => format!("{machine}: read {document}"),
        Event::PhonedHome { machine, stage } => format!("{machine}: {}", stage.word()),
        Event::SecretTaken { machine, secret } => format!("{machine}: took secret/{secret}"),
        Event::SecretRefused { machine, secret, why } => {
            format!("{machine}: secret/{secret} refused: {why}")
        }
        Event::Stranger { mac, uuid } => format!("nobody declares {mac} (UUID {uuid})"),
        Event::Fetched { file } => format!("{file} fetched over TFTP"),
    }
}

fn announce(
    door: &Door,
    base: &str,
    install: &[String],
    context: &Context,
) -> Result<(), CommandError> {
    if context.printer.is_machine() {
        let line = serde_json::json!({
            "event": "listening",
            "http": door.address.to_string(),
            "tftp": door.tftp_address.map(|address| address.to_string()),
            "base": base,
            "install": install,
        });
        return context.printer.data(&format!("{line}\n"));
    }
    let say = |text: &str| context.printer.say(text);
    if !door.address.ip().is_loopback() {
        context.printer.warn(
            "firmware speaks plain HTTP: keep this network to machines that boot, because secrets travel on it unencrypted",
        );
    }
    say(&format!("Boot service at {base}, listening on {}", door.address));
    if let Some(address) = door.tftp_address {
        say(&format!("  TFTP       {address}"));
    }
    say(&format!("  first      {base}/boot.ipxe"));
    match install {
        [] => say("  installs   nobody: every machine starts from its disk"),
        names => {
            say(&format!("  installs   {}: their disks are overwritten", names.join(", ")));
        }
    }
    say("Stop with Ctrl-C.");
    Ok(())
}
