//! `council up`: the council's server, from one command.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use diag::render::{self, Style, Summary};
use diag::words::count;
use org::kinds::Organization;
use playbook::Workspace;
use serde::Serialize;
use server::{Config, Proxy, Reader, RemoteConfig, Running, Snapshot, StartError, TlsFiles};

use crate::answer::{Answer, Outcome};
use crate::arguments::Format;
use crate::checked::Checked;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::estate::Played;
use crate::ledger_place::LedgerPlace;
use crate::page::{Page, Tone};
use crate::shown::relative;
use crate::table::Table;
use crate::{council, data_dir, playbook_root, remote, start_error};

/// Where it listens by default. Loopback, because nobody else should read along; a port that no
/// well-known service claims.
const LISTEN: &str = "127.0.0.1:7420";

/// Start the council: check the playbook, open the ledger, serve the API and the pages
///
/// Everything is embedded: no database, no network. Prints a one-time link that signs you in. Several councils share
/// one record when COUNCIL_LEDGER names a PostgreSQL database, like `postgres://user:password@host:5432/database`.
/// Beyond loopback it wants TLS, its own (`--tls-certificate`, `--tls-key`) or that of a proxy in
/// front (`--behind-proxy`).
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Up {
    /// The playbook's directory [default: as `--playbook`]
    directory: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN)]
    listen: SocketAddr,
    /// Where the ledger and the sessions are kept [default: `.council` in the playbook]
    #[arg(long, value_name = "DIR", env = "COUNCIL_DATA")]
    data: Option<PathBuf>,
    /// The person whom the link signs in [default: you choose in the browser]
    #[arg(long = "as", value_name = "PERSON")]
    person: Option<String>,
    /// Open the link in your browser
    #[arg(long)]
    open: bool,
    /// Start although the playbook has errors, with what could be read
    #[arg(long)]
    despite_errors: bool,
    /// Certificate chain in PEM, to speak TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Private key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// What browsers see of the TLS proxy in front, such as `https://council.example.org`
    #[arg(long, value_name = "URL", conflicts_with = "tls_certificate")]
    behind_proxy: Option<String>,
    /// Follow the playbook in this Git repository, by poll and by webhook; the checkout is kept in the data directory
    #[arg(long, value_name = "URL", conflicts_with = "directory", requires = "data")]
    follow: Option<String>,
    /// The branch to follow
    #[arg(long, value_name = "BRANCH", default_value = "main", requires = "follow")]
    branch: String,
    /// The playbook's directory in that repository, when it is not its root
    #[arg(long, value_name = "DIR", requires = "follow")]
    below: Option<PathBuf>,
    /// A file with the secret of a forge's webhooks, as `github=FILE`; may be given several times
    #[arg(long, value_name = "SYSTEM=FILE")]
    webhook_secret: Vec<String>,
    /// The forge on which the followed playbook's pull requests are, as `forgejo=OWNER/NAME`: they become changes, reviews
    /// become approvals, merges are applied. Takes the token in COUNCIL_FORGE_TOKEN
    #[arg(long, value_name = "SYSTEM=PROJECT", requires = "follow")]
    forge: Option<String>,
    /// Its API, such as `https://git.example.org/api/v1` [default: that of github.com or gitlab.com]
    #[arg(long, value_name = "URL", requires = "forge")]
    forge_api: Option<String>,
    /// Play the provisioners: a simulated estate on loopback reports the machines of the playbook, with some faults. Everything
    /// it says is marked as simulated, and no real provisioner is asked
    #[arg(long)]
    estate: bool,
    /// Address of that proxy, whose `X-Forwarded-For` is believed; may be given several times
    #[arg(long, value_name = "IP", requires = "behind_proxy")]
    proxy_address: Vec<IpAddr>,
}

/// Runs it until it is told to stop.
pub(crate) fn run(up: &Up, context: &Context) -> Result<Outcome, CommandError> {
    let follower = remote::follow(&up.remote(), context)?;
    let followed = follower.as_ref().map(|follower| remote::root(follower, up.below.as_deref()));
    let named = up.directory.as_deref().or(context.options.playbook.as_deref());
    let named = followed.as_deref().or(named);
    let root = playbook_root::find(named, &context.environment.directory)?;
    // Read once: what is judged here is what is served.
    let reader = Reader::of(context.open(Some(&root))?);
    let clock = context.clock_in(reader.workspace().model());
    let snapshot = reader.snapshot(clock.now());
    let found = Summary::of(&snapshot.diagnostics, 0);
    if found.errors > 0 && !up.despite_errors {
        return refuse(reader.workspace(), &snapshot, context, found.errors);
    }
    let data = data_dir::of(up.data.as_deref(), &root, &context.environment.directory);
    data_dir::prepare(&data, &root)?;
    let place = LedgerPlace::of(&data, &context.environment)?;
    let banner = Banner::of(reader.workspace(), found, (&data, &place), context);
    let remote = RemoteConfig {
        follower,
        webhook_secrets: remote::secrets(&up.webhook_secret, &context.environment.directory)?,
        forge: remote::forge(up.forge.as_deref(), up.forge_api.as_deref(), context)?,
    };
    let played = up.estate.then(|| Played::of(reader.workspace().model()));
    let config = Config { remote, clock, ..config(up, root, data, context)? };
    serve(config, (reader, snapshot, played), up, context, banner)
}

impl Up {
    fn remote(&self) -> remote::Options<'_> {
        let (url, data) = (self.follow.as_deref(), self.data.as_deref());
        remote::Options { url, branch: &self.branch, data }
    }
}

/// Shows the errors and refuses: a playbook with errors never becomes current.
fn refuse(
    workspace: &Workspace,
    snapshot: &Snapshot,
    context: &Context,
    errors: usize,
) -> Result<Outcome, CommandError> {
    let mut findings = snapshot.diagnostics.to_vec();
    findings.retain(diag::Diagnostic::is_error);
    if context.printer.format() == Format::Human {
        let style = Style { color: context.printer.color_err(), ..Style::default() };
        let sources = Checked::with(workspace, &snapshot.policies);
        context.printer.say(render::human(&findings, &sources, style).trim_end());
        context.printer.say("");
    }
    Err(CommandError::failed(format!("the playbook has {}; not starting", count(errors, "error")))
        .why("a playbook with errors is never made current")
        .hint("mend them, or start with what could be read by `--despite-errors`"))
}

fn config(
    up: &Up,
    root: PathBuf,
    data: PathBuf,
    context: &Context,
) -> Result<Config, CommandError> {
    let tls = up.tls_certificate.clone().zip(up.tls_key.clone());
    let proxy = up.behind_proxy.clone();
    Ok(Config {
        listen: up.listen,
        tls: tls.map(|(certificate, key)| TlsFiles { certificate, key }),
        behind_proxy: proxy
            .map(|public_origin| Proxy { public_origin, addresses: up.proxy_address.clone() }),
        sign_in_as: up.person.clone(),
        ..council::config(root, data, &context.environment)?
    })
}

fn serve(
    mut config: Config,
    (reader, snapshot, played): (Reader, Snapshot, Option<Played>),
    up: &Up,
    context: &Context,
    banner: Banner,
) -> Result<Outcome, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::failed("no threads could be started").why(error))?;
    let entered = runtime.enter();
    let logging = crate::logging::start(&context.environment)?;
    let now = config.clock.now();
    let start = |played: Played| runtime.block_on(played.start(now, &config.data_dir));
    let estate = played.map(start).transpose()?;
    config.estate = estate.as_ref().map(|estate| format!("http://{}", estate.address));
    if config.estate.is_some() {
        context
            .printer
            .note("an estate is simulated: what provisioners and Prometheus report is not real");
    }
    let mut told = Ok(());
    let data = config.data_dir.clone();
    let started = |running: &Running| {
        told = data_dir::announce(&data, running.state.origin())
            .and_then(|()| announce(banner, running, up, context));
    };
    runtime
        .block_on(server::run(config, (reader, snapshot), started, stop_signal()))
        .map_err(|error: StartError| start_error::explain(&error))?;
    // The last traces are sent while there is still a runtime to send them.
    drop(logging);
    drop(entered);
    told?;
    context.printer.note("stopped");
    Ok(Outcome::Done)
}

fn announce(
    mut banner: Banner,
    running: &Running,
    up: &Up,
    context: &Context,
) -> Result<(), CommandError> {
    if let Some(day) = context.options.date {
        context.printer.warn(&format!(
            "the clock begins at noon of {day}, because of `--date`; the record keeps such times"
        ));
    }
    banner.address = running.address.to_string();
    banner.sign_in.clone_from(&running.sign_in_link);
    match context.printer.format() {
        Format::Human => {
            let mut page = Page::new(context.printer.color_err());
            banner.write(&mut page);
            context.printer.say(page.finish().trim_end());
        }
        Format::Json | Format::Sarif | Format::Github | Format::Gitlab => {
            context.printer.show(&banner)?;
        }
    }
    if up.open && !open_in_browser(&running.sign_in_link) {
        context.printer.warn("no browser could be opened; open the link yourself");
    }
    Ok(())
}

/// Ends when the process is asked to stop: Ctrl-C, or a service manager's SIGTERM.
pub(super) async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without signals the process can only be killed, which the ledger survives.
    drop(interrupt.await);
}

fn open_in_browser(link: &str) -> bool {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    std::process::Command::new(opener)
        .arg(link)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .is_ok()
}

/// What is said once it listens.
#[derive(Debug, Serialize)]
struct Banner {
    version: &'static str,
    organization: String,
    playbook: String,
    resources: usize,
    errors: usize,
    warnings: usize,
    data: String,
    /// The database, when several councils share one.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_ledger: Option<String>,
    address: String,
    sign_in: String,
}

impl Banner {
    fn of(
        workspace: &Workspace,
        found: Summary,
        (data, place): (&Path, &LedgerPlace),
        context: &Context,
    ) -> Self {
        let here = |path: &Path| {
            let way = relative(path, &context.environment.directory);
            let inside = !way.starts_with("..");
            let shown = if inside { way } else { path.to_owned() };
            let shown = shown.display().to_string();
            if shown.is_empty() { ".".to_owned() } else { shown }
        };
        let organization = workspace.model().all::<Organization>().next();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            organization: organization.map_or("council", |it| it.title()).to_owned(),
            playbook: here(workspace.root()),
            resources: workspace.model().len(),
            errors: found.errors,
            warnings: found.warnings,
            data: here(data),
            shared_ledger: place.is_shared().then(|| place.to_string()),
            address: String::new(),
            sign_in: String::new(),
        }
    }

    fn findings(&self, page: &Page) -> String {
        match (self.errors, self.warnings) {
            (0, 0) => page.tone(Tone::Good, "no findings"),
            (0, warnings) => page.tone(Tone::Warning, count(warnings, "warning")),
            (errors, _) => page.tone(Tone::Error, count(errors, "error")),
        }
    }
}

impl Answer for Banner {
    fn write(&self, page: &mut Page) {
        let title = page.tone(Tone::Heading, &self.organization);
        page.line(format!("{title}  council {}", self.version));
        page.gap();
        let mut table = Table::default();
        let counts = format!("{}, {}", count(self.resources, "resource"), self.findings(page));
        let label = |text: &str| page.tone(Tone::Quiet, format!("  {text}"));
        table.row([label("playbook"), self.playbook.clone(), counts]);
        if let Some(shared) = &self.shared_ledger {
            table.row([label("ledger"), shared.clone(), "shared with other councils".to_owned()]);
            table.row([label("data"), self.data.clone(), "sessions and keys".to_owned()]);
        } else {
            table.row([label("record"), self.data.clone(), "ledger and sessions".to_owned()]);
        }
        table.row([label("address"), format!("http://{}", self.address), String::new()]);
        page.table(&table);
        page.gap();
        let link = page.tone(Tone::Name, &self.sign_in);
        page.line(format!("  Sign in: {link}"));
        let once =
            page.tone(Tone::Quiet, "  The link works once, for 15 minutes. Stop with Ctrl-C.");
        page.line(once);
    }
}
