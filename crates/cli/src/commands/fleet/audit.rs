//! `council fleet audit`: asks running hosts over SSH whether they meet their baselines.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use ::fleet::hardening::record::{Found, Outcome as Stands, Report};
use ::fleet::hardening::{Demands, demands};
use ::fleet::{Intent, Machine};
use ::harden::{
    Audit as Asked, Control, Destination, Fact, Finding, Judged, Setting, Settings, Ssh,
};
use futures_util::StreamExt as _;
use playbook::{Model, Typed};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::online::segment;
use crate::page::{Page, Tone};
use crate::table::Table;
use crate::{causes, guess};

/// Hosts that are asked at once, if nobody says otherwise: each is a process of `ssh`.
const AT_ONCE: usize = 16;

/// Characters of a finding that are recorded.
const MOST_WORDS: usize = 300;

/// Ask running hosts over SSH whether they meet their baselines
///
/// Runs one script on each host by the system's own `ssh`, so that its configuration, jump hosts, certificates and keys are yours.
/// The script changes nothing and leaves nothing behind. What could not be seen is unknown, and never held. Ends with 1 when a
/// control is broken or a host gives no answer.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Audit {
    /// Only these machines [default: all that are in service and have a baseline]
    #[arg(value_name = "MACHINE")]
    machines: Vec<String>,
    /// Only machines of this role
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Only machines of this site
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Sign in as this user [default: what the configuration of `ssh` says]
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Go to a machine by its name, for which the configuration of `ssh` has an entry, and not to its address
    #[arg(long)]
    by_name: bool,
    /// A configuration of `ssh` instead of your own
    #[arg(long, value_name = "FILE")]
    ssh_config: Option<PathBuf>,
    /// Take the keys of hosts that nobody knows for theirs, and remember them
    #[arg(long)]
    accept_new: bool,
    /// How many hosts to ask at once
    #[arg(long, value_name = "COUNT", default_value_t = AT_ONCE)]
    at_once: usize,
    /// Seconds that one host may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    limit: u64,
    /// Report what was found to the council that runs, for scores, pages and agendas
    #[arg(long)]
    record: bool,
}

/// Runs it.
pub(crate) fn run(command: &Audit, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let today = context.facts(model).today;
    let wanted = chosen(command, model)?;
    let client = if command.record { Some(Client::of(context)?) } else { None };
    let hosts: Vec<Host<'_>> = wanted
        .into_iter()
        .filter_map(|machine| Some(Host { machine, demands: demands(model, machine, today)? }))
        .collect();
    if hosts.is_empty() {
        return Err(CommandError::usage("none of these machines has a baseline")
            .hint("name one as the `baseline` of a role or an image"));
    }
    let ssh = Ssh {
        config: command.ssh_config.clone(),
        accept_new: command.accept_new,
        limit: Duration::from_secs(command.limit.max(1)),
        ..Ssh::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| causes::failed(&error))?;
    let asked = futures_util::stream::iter(hosts.iter().map(|host| host.ask(command, &ssh)));
    let mut rows: Vec<Row> =
        runtime.block_on(asked.buffer_unordered(command.at_once.max(1)).collect());
    rows.sort_by(|one, other| (one.stands, &one.machine).cmp(&(other.stands, &other.machine)));
    if let Some(client) = &client {
        for row in &mut rows {
            row.recorded = Some(record(client, row)?);
        }
    }
    let well = rows.iter().all(|row| matches!(row.stands, Standing::Held | Standing::Unknown));
    context.printer.show(&Shown(rows))?;
    Ok(if well { Outcome::Done } else { Outcome::Findings })
}

/// The machines that are meant.
fn chosen<'m>(command: &Audit, model: &'m Model) -> Result<Vec<Typed<'m, Machine>>, CommandError> {
    let all: Vec<_> = model.all::<Machine>().collect();
    for name in &command.machines {
        let plain = plain(name);
        if all.iter().all(|machine| machine.name() != plain) {
            let known = all.iter().map(|machine| machine.name());
            return Err(CommandError::usage(format!("there is no machine `{plain}`"))
                .hints(guess::did_you_mean(plain, known)));
        }
    }
    let fits = |machine: &Typed<'_, Machine>| {
        let named = command.machines.iter().any(|name| plain(name) == machine.name());
        let works = matches!(machine.spec.lifecycle, Intent::InService | Intent::Maintenance);
        let here = command.site.as_deref().is_none_or(|site| machine.spec.site.name() == site);
        let plays = command.role.as_deref().is_none_or(|role| machine.spec.role.name() == role);
        (named || (command.machines.is_empty() && works)) && here && plays
    };
    let found: Vec<_> = all.into_iter().filter(fits).collect();
    if found.is_empty() {
        return Err(CommandError::usage("no machine is meant by that")
            .hint("`council fleet list` shows them with their roles and sites"));
    }
    Ok(found)
}

fn plain(name: &str) -> &str {
    name.strip_prefix("machine/").unwrap_or(name)
}

/// A machine and what is demanded of it.
struct Host<'m> {
    machine: Typed<'m, Machine>,
    demands: Demands<'m>,
}

impl Host<'_> {
    async fn ask(&self, command: &Audit, ssh: &Ssh) -> Row {
        let controls: Vec<Control> = self.demands.all.iter().map(control).collect();
        let asked = match self.destination(command) {
            Ok(to) => ssh.audit(&to, &controls).await.map_err(|failure| failure.to_string()),
            Err(why) => Err(why),
        };
        self.row(asked)
    }

    /// Its address without the length of a network, or its name.
    fn destination(&self, command: &Audit) -> Result<Destination, String> {
        let address = self.machine.spec.address.as_ref().filter(|_| !command.by_name);
        let host = address.map_or(self.machine.name(), |address| {
            address.value.split_once('/').map_or(address.value.as_str(), |(host, _)| host)
        });
        let to = match &command.user {
            Some(user) => format!("{user}@{host}"),
            None => host.to_owned(),
        };
        Destination::new(&to).map_err(|error| error.to_string())
    }

    fn row(&self, asked: Result<Asked, String>) -> Row {
        let waived = self.demands.all.iter().filter(|demand| demand.waiver.is_some());
        let waived: Vec<String> = waived.map(|demand| demand.control.id.value.clone()).collect();
        let (report, stands) = match asked {
            Err(why) => (Report::Silent { why: cut(&why) }, Standing::Silent),
            Ok(asked) => {
                let controls: BTreeMap<String, Found> =
                    asked.verdicts.iter().map(|it| (it.control.clone(), found(it))).collect();
                let any = |outcome| {
                    controls.iter().any(|(id, it)| it.outcome == outcome && !waived.contains(id))
                };
                let stands = match (any(Stands::Broken), any(Stands::Unknown)) {
                    (true, _) => Standing::Broken,
                    (false, true) => Standing::Unknown,
                    (false, false) => Standing::Held,
                };
                let host = asked.facts.host();
                let report = Report::Answered {
                    baseline: self.demands.baseline.name().to_owned(),
                    controls,
                    system: known(host.system).map(|text| cut(&text)),
                    kernel: known(host.kernel).map(|text| cut(&text)),
                    restart: known(host.reboot_required),
                };
                (report, stands)
            }
        };
        Row { machine: self.machine.name().to_owned(), stands, waived, report, recorded: None }
    }
}

fn known<T>(fact: Fact<T>) -> Option<T> {
    match fact {
        Fact::Is(value) => Some(value),
        Fact::Absent | Fact::Unknown { .. } => None,
    }
}

fn control(demand: &::fleet::hardening::Demand<'_>) -> Control {
    let wanted = &demand.control.settings;
    Control {
        id: demand.control.id.value.clone(),
        settings: Settings {
            sshd: wanted.sshd.clone(),
            kernel: wanted.kernel.clone(),
            installed: wanted.installed.clone(),
            absent: wanted.absent.clone(),
            security_updates: wanted.security_updates,
        },
    }
}

fn found(verdict: &::harden::Verdict) -> Found {
    use ::harden::Outcome as Judgement;
    Found {
        outcome: match verdict.outcome {
            Judgement::Held => Stands::Held,
            Judgement::Broken => Stands::Broken,
            Judgement::Unknown => Stands::Unknown,
            Judgement::ByHand => Stands::ByHand,
        },
        why: verdict.settings.iter().filter_map(sentence).collect(),
    }
}

/// What is wrong with a setting, or could not be seen; nothing of one that is held.
fn sentence(judged: &Judged) -> Option<String> {
    let name = match &judged.setting {
        Setting::Sshd(keyword) => format!("`{keyword}` of the SSH server"),
        Setting::Kernel(name) => format!("`{name}` of the kernel"),
        Setting::Installed(package) | Setting::Absent(package) => {
            format!("the package `{package}`")
        }
        Setting::SecurityUpdates => "security updates".to_owned(),
    };
    match &judged.finding {
        Finding::Held => None,
        Finding::Broken { expected, found } => {
            Some(cut(&format!("{name}: {found}; it must be {expected}")))
        }
        Finding::Unknown { why } => Some(cut(&format!("{name}: {why}"))),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MOST_WORDS).collect()
}

/// Reports a host. That nothing has changed is no error.
fn record(client: &Client, row: &Row) -> Result<bool, CommandError> {
    let path = format!("/api/v1/hardening/{}", segment(&row.machine));
    let done: Option<serde::de::IgnoredAny> = client.post(&path, &row.report)?;
    Ok(done.is_some())
}

/// How a host stands, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Standing {
    Broken,
    Silent,
    Unknown,
    Held,
}

#[derive(Debug, Serialize)]
struct Row {
    machine: String,
    stands: Standing,
    /// Controls that it need not meet today.
    waived: Vec<String>,
    report: Report,
    /// Whether it was news to the record; nothing when it was not reported.
    recorded: Option<bool>,
}

impl Row {
    fn controls(&self) -> impl Iterator<Item = (&str, &Found)> {
        let all = match &self.report {
            Report::Answered { controls, .. } => Some(controls),
            Report::Silent { .. } => None,
        };
        all.into_iter().flatten().map(|(id, found)| (id.as_str(), found))
    }

    fn count(&self, outcome: Stands) -> usize {
        let counts = |(id, found): &(&str, &Found)| {
            found.outcome == outcome && !self.waived.iter().any(|waived| waived == id)
        };
        self.controls().filter(counts).count()
    }
}

#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Shown(Vec<Row>);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table =
            Table::new(&["Host", "Stands", "Held", "Broken", "Unknown", "Waived", "System"]);
        for row in &self.0 {
            let (tone, word) = match row.stands {
                Standing::Broken => (Tone::Error, "broken"),
                Standing::Silent => (Tone::Error, "silent"),
                Standing::Unknown => (Tone::Warning, "partly unknown"),
                Standing::Held => (Tone::Good, "held"),
            };
            let system = match &row.report {
                Report::Answered { system, .. } => system.clone().unwrap_or_default(),
                Report::Silent { .. } => String::new(),
            };
            let count = |outcome| row.count(outcome).to_string();
            table.row([
                page.tone(Tone::Name, &row.machine),
                page.tone(tone, word),
                count(Stands::Held),
                count(Stands::Broken),
                count(Stands::Unknown),
                row.waived.len().to_string(),
                system,
            ]);
        }
        page.table(&table);
        for row in &self.0 {
            let name = page.tone(Tone::Name, &row.machine);
            if let Report::Silent { why } = &row.report {
                page.line(format!("{name}: {why}"));
            }
            for (id, found) in row.controls().filter(|(_, found)| !found.why.is_empty()) {
                let waived = if row.waived.iter().any(|it| it == id) { " (waived)" } else { "" };
                for why in &found.why {
                    page.line(format!("{name}: {id}{waived}: {why}"));
                }
            }
        }
        let recorded: Vec<bool> = self.0.iter().filter_map(|row| row.recorded).collect();
        if !recorded.is_empty() {
            let news = recorded.iter().filter(|news| **news).count();
            page.line(format!("recorded: {news} hosts; nothing new on {}", recorded.len() - news));
        }
    }
}
