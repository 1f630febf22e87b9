//! Measures beside peers, in one run on one machine, and writes `docs/benchmarks.md`.
//!
//! Each figure stands beside the thing that it can be held against: another program on the same input,
//! or what the disk and the parser allow at best. Nothing here fails a test: speed is published, not asserted.

mod alerts;
mod budgets;
mod check;
mod examples;
mod http;
mod inventory;
mod machine;
mod pages;
mod playbook;
mod report;
mod slow_disk;
mod startup;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::{process, say};

/// How long to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Figures fit to publish.
    Full,
    /// A look in a minute or two, on smaller inputs; not written to the document.
    Quick,
}

/// One measured figure, and what it is held against.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Figure {
    /// What was measured, as a person would say it.
    pub(crate) name: String,
    /// Our value.
    pub(crate) value: f64,
    /// Its unit, such as `MB/s`.
    pub(crate) unit: String,
    /// The peer or limit, if there is one.
    #[serde(default)]
    pub(crate) peer: Option<String>,
    /// The peer's value, in the same unit.
    #[serde(default)]
    pub(crate) peer_value: Option<f64>,
}

/// One chapter of the document, and what measures it.
pub(crate) struct Chapter {
    /// How the command line calls it.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    measure: fn(&Bench<'_>) -> anyhow::Result<Vec<Figure>>,
}

/// What every chapter is measured with.
struct Bench<'b> {
    root: &'b Path,
    /// The release binary, once a chapter has asked for it.
    built: OnceCell<PathBuf>,
    effort: Effort,
}

impl Bench<'_> {
    /// The release binary. Building it takes minutes, and not every chapter runs it.
    fn council(&self) -> anyhow::Result<&Path> {
        if let Some(built) = self.built.get() {
            return Ok(built);
        }
        process::run(self.root, &["cargo", "build", "--release", "--quiet", "--bin", "council"])?;
        Ok(self.built.get_or_init(|| self.root.join("target/release/council")))
    }

    /// Figures that an example of a crate prints.
    fn example(&self, package: &str, example: &str) -> anyhow::Result<Vec<Figure>> {
        examples::run(self.root, package, example, self.effort)
    }
}

/// In the order of the document.
pub(crate) const CHAPTERS: [Chapter; 10] = [
    Chapter {
        name: "playbook",
        title: "Playbook",
        about: "A generated playbook of services, teams and people with references between them.",
        measure: |bench| {
            let library = bench.example("council-playbook", "playbook_bench")?;
            Ok([library, check::run(bench.root, bench.council()?, bench.effort)?].concat())
        },
    },
    Chapter {
        name: "inventory",
        title: "Inventory",
        about: "Generated machines in racks of ten sites, grouped by role, site, rack, environment, team and tag.",
        measure: |bench| inventory::run(bench.root, bench.council()?, bench.effort),
    },
    Chapter {
        name: "ledger",
        title: "Ledger",
        about: "Durable appends on the disk of the machine, beside what that disk and bare SQLite allow. Where the disk answers a sync at once, one writer is as good as many; so the writers are measured again with every sync delayed to the 4 ms of an ordinary disk.",
        measure: |bench| {
            let here = bench.example("council-ledger", "ledger_bench")?;
            Ok([here, slow_disk::run(bench.root, bench.effort)?].concat())
        },
    },
    Chapter {
        name: "plan",
        title: "Plan",
        about: "Desired against observed resources in memory; the network is not in it.",
        measure: |bench| bench.example("council-plan", "plan_bench"),
    },
    Chapter {
        name: "render",
        title: "Artefacts",
        about: "What targets hold, rendered from a generated playbook: inventories, VLANs and rules. Everything is rendered each time; only what changed is planned and written.",
        measure: |bench| examples::run_binary(bench.root, "render_bench", bench.effort),
    },
    Chapter {
        name: "gate",
        title: "Gate",
        about: "One verdict of the gate, guardrails and all, inside a process that runs; the peers are `opa` and `conftest`, which start for each evaluation, where they are built (CONTRIBUTING.md says how). So that starting is not all that is compared, a small program with our guardrails starts as well, reads the same files and judges the same plan.",
        measure: |bench| bench.example("council-guardrail", "gate_bench"),
    },
    Chapter {
        name: "oncall",
        title: "On call",
        about: "One schedule and everything that is computed from it: shifts, fairness, double bookings, depth, limits of rest.",
        measure: |bench| bench.example("council-reliability", "oncall_bench"),
    },
    Chapter {
        name: "objectives",
        title: "Objectives",
        about: "Service level objectives lowered and rendered as Prometheus rules, with seven windows and four alerts each. Then the budgets of a thousand over 30 days, asked of a real Prometheus on the same machine that holds what those rules record, a sample a minute, while pages are asked for.",
        measure: |bench| {
            let memory = bench.example("council-reliability", "slo_bench")?;
            Ok([memory, budgets::run(bench.root, bench.council()?, bench.effort)?].concat())
        },
    },
    Chapter {
        name: "alerts",
        title: "Alerts",
        about: "Alerts beside silences in memory, and ten thousand active alerts sent again over loopback by four senders, in requests of 64.",
        measure: |bench| {
            let memory = bench.example("council-reliability", "alert_bench")?;
            Ok([memory, alerts::run(bench.root, bench.council()?, bench.effort)?].concat())
        },
    },
    Chapter {
        name: "pages",
        title: "Pages and start-up",
        about: "`council up examples/eustartup-staffed`, asked over loopback by one open-loop client.",
        measure: |bench| {
            let start = startup::run(bench.root, bench.council()?)?;
            Ok([start, pages::run(bench.root, bench.council()?, bench.effort)?].concat())
        },
    },
];

/// Builds, measures the chapters that are named, or all, and writes them to the document (full effort) or prints them
/// (quick). A chapter that is not measured keeps what the document says.
pub(crate) fn run(root: &Path, effort: Effort, named: &[&str]) -> anyhow::Result<()> {
    if let Some(unknown) =
        named.iter().find(|name| CHAPTERS.iter().all(|chapter| chapter.name != **name))
    {
        let known: Vec<&str> = CHAPTERS.iter().map(|chapter| chapter.name).collect();
        bail!("there is no chapter `{unknown}`; there are {}", known.join(", "));
    }
    let bench = Bench { root, built: OnceCell::new(), effort };
    let document = root.join("docs/benchmarks.md");
    let machine = machine::describe(root);
    let mut text = std::fs::read_to_string(&document).unwrap_or_default();
    for chapter in &CHAPTERS {
        if named.is_empty() || named.contains(&chapter.name) {
            let measured = report::section(chapter, &machine, &(chapter.measure)(&bench)?);
            text = with(&text, chapter, measured);
            // At once: a later chapter may fail, and minutes of measuring would be lost.
            if effort == Effort::Full {
                std::fs::write(&document, &text)?;
            }
        }
    }
    if effort == Effort::Quick {
        say(&text);
    }
    Ok(())
}

/// The document with one chapter measured anew.
fn with(before: &str, measured: &Chapter, section: String) -> String {
    let mut section = Some(section);
    let sections = CHAPTERS.iter().filter_map(|chapter| {
        if chapter.name == measured.name {
            section.take()
        } else {
            report::section_of(before, chapter.title)
        }
    });
    report::document(&sections.collect::<Vec<_>>())
}
