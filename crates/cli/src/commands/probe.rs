//! `council probe`: tries the playbook's probes now, from here.

use std::sync::Arc;
use std::time::Duration;

use ::probe::{Outcome as Tried, Prober};
use jiff::Timestamp;
use reliability::kinds::Probe as Kind;
use serde::Serialize;
use server::counting::probe_of;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;
use crate::{causes, guess};

/// Try the playbook's probes once, now, from here
///
/// A council that runs tries them by itself, and counts. This shows what it would see from where you are, before you merge.
/// Nothing is counted. Ends with 1 when a probe fails.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Probe {
    /// Only these [default: all]
    #[arg(value_name = "PROBE")]
    probes: Vec<String>,
}

/// Runs it.
pub(crate) fn run(command: &Probe, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let all: Vec<_> = workspace.model().all::<Kind>().collect();
    for name in &command.probes {
        if all.iter().all(|probe| probe.name() != name) {
            let known = all.iter().map(|probe| probe.name());
            return Err(CommandError::usage(format!("there is no probe `{name}`"))
                .hints(guess::did_you_mean(name, known)));
        }
    }
    let wanted = all.into_iter().filter(|probe| {
        command.probes.is_empty() || command.probes.iter().any(|name| name == probe.name())
    });
    let wanted: Vec<_> = wanted.collect();
    if wanted.is_empty() {
        return Err(CommandError::usage("the playbook has no probes")
            .hint("`council explain Probe` shows how one is written"));
    }
    // A second provider would be a bug of ours; one that is there already is what we want.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| causes::failed(&error))?;
    let prober = Arc::new(Prober::new(Timestamp::now));
    // All at once: the slowest decides, and not their sum.
    let tries = wanted.iter().map(|probe| {
        let (prober, tried) = (prober.clone(), probe_of(probe.spec, crate::environment::variable));
        let tried = tried
            .map(|(tried, limit)| runtime.spawn(async move { prober.run(&tried, limit).await }));
        (probe, tried)
    });
    let tries: Vec<_> = tries.collect();
    let mut rows = Vec::new();
    for (probe, tried) in tries {
        let tried = match tried {
            Ok(tried) => Ok(runtime.block_on(tried).map_err(|error| causes::failed(&error))?),
            Err(why) => Err(why),
        };
        rows.push(Row::of(probe.name(), probe.spec, tried));
    }
    let shown = Shown(rows);
    let well = shown.0.iter().all(|row| row.ok);
    context.printer.show(&shown)?;
    Ok(if well { Outcome::Done } else { Outcome::Findings })
}

#[derive(Debug, Serialize)]
struct Row {
    probe: String,
    tries: &'static str,
    ok: bool,
    milliseconds: u64,
    /// Until the name was known, the connection stood, it was encrypted, and the first byte came.
    phases: [(&'static str, Option<u64>); 4],
    why: Option<String>,
    certificate_until: Option<Timestamp>,
}

impl Row {
    fn of(name: &str, probe: &Kind, tried: Result<Tried, String>) -> Self {
        let probe_name = name.to_owned();
        let tries = probe.tries().unwrap_or("nothing");
        let tried = match tried {
            Ok(tried) => tried,
            Err(why) => {
                let phases =
                    ["resolved", "connected", "secured", "first byte"].map(|it| (it, None));
                let (milliseconds, certificate_until) = (0, None);
                let why = Some(why);
                return Self {
                    probe: probe_name,
                    tries,
                    ok: false,
                    milliseconds,
                    phases,
                    why,
                    certificate_until,
                };
            }
        };
        let milliseconds = whole(tried.took);
        let most = probe.good_within_ms.map(u64::from).filter(|most| milliseconds > *most);
        let slow = most.map(|most| format!("it took {milliseconds} ms, and {most} ms are good"));
        let why = tried.why.map(|why| why.to_string()).or(slow);
        let phases = tried.phases;
        Self {
            probe: probe_name,
            tries,
            ok: why.is_none(),
            milliseconds,
            phases: [
                ("resolved", phases.resolved.map(whole)),
                ("connected", phases.connected.map(whole)),
                ("secured", phases.secured.map(whole)),
                ("first byte", phases.first_byte.map(whole)),
            ],
            why,
            certificate_until: tried.certificate_until,
        }
    }
}

fn whole(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Shown(Vec<Row>);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Probe", "Tries", "Answers", "Took", "Of which"]);
        for row in &self.0 {
            let known =
                row.phases.iter().filter_map(|(name, at)| Some(format!("{name} {} ms", (*at)?)));
            let answers = if row.ok { (Tone::Good, "yes") } else { (Tone::Error, "no") };
            table.row([
                page.tone(Tone::Name, &row.probe),
                row.tries.to_owned(),
                page.tone(answers.0, answers.1),
                format!("{} ms", row.milliseconds),
                known.collect::<Vec<_>>().join(", "),
            ]);
        }
        page.table(&table);
        for row in &self.0 {
            if let Some(why) = &row.why {
                let name = page.tone(Tone::Name, &row.probe);
                page.line(format!("{name}: {why}"));
            }
        }
    }
}
