//! Measures beside peers, in one run on one machine, and writes `docs/benchmarks.md`.
//!
//! Each figure stands beside the thing that it can be held against: another program on the same input,
//! or what the disk and the parser allow at best. Nothing here fails a test: speed is published, not asserted.

mod check;
mod examples;
mod http;
mod inventory;
mod machine;
mod pages;
mod playbook;
mod report;
mod startup;

use std::path::Path;

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

/// Figures of one chapter of the document.
pub(crate) struct Chapter {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) figures: Vec<Figure>,
}

/// Builds, measures, and writes the document (full effort) or prints it (quick).
pub(crate) fn run(root: &Path, effort: Effort) -> anyhow::Result<()> {
    process::run(root, &["cargo", "build", "--release", "--quiet", "--bin", "council"])?;
    let council = root.join("target/release/council");
    let chapters = vec![
        Chapter {
            title: "Playbook",
            about: "A generated playbook of services, teams and people with references between them.",
            figures: [
                examples::run(root, "council-playbook", "playbook_bench", effort)?,
                check::run(root, &council, effort)?,
            ]
            .concat(),
        },
        Chapter {
            title: "Inventory",
            about: "Generated machines in racks of ten sites, grouped by role, site, rack, environment, team and tag.",
            figures: inventory::run(root, &council, effort)?,
        },
        Chapter {
            title: "Ledger",
            about: "Durable appends on the disk of the machine, beside what that disk and bare SQLite allow.",
            figures: examples::run(root, "council-ledger", "ledger_bench", effort)?,
        },
        Chapter {
            title: "Plan",
            about: "Desired against observed resources in memory; the network is not in it.",
            figures: examples::run(root, "council-plan", "plan_bench", effort)?,
        },
        Chapter {
            title: "Gate",
            about: "One verdict of the gate, guardrails and all, inside a process that runs; the peers start for each evaluation.",
            figures: examples::run(root, "council-guardrail", "gate_bench", effort)?,
        },
        Chapter {
            title: "On call",
            about: "One schedule and everything that is computed from it: shifts, fairness, double bookings, depth, limits of rest.",
            figures: examples::run(root, "council-reliability", "oncall_bench", effort)?,
        },
        Chapter {
            title: "Objectives",
            about: "Service level objectives lowered and rendered as Prometheus rules, with seven windows and four alerts each.",
            figures: examples::run(root, "council-reliability", "slo_bench", effort)?,
        },
        Chapter {
            title: "Pages and start-up",
            about: "`council up examples/eustartup-staffed`, asked over loopback by one open-loop client.",
            figures: [startup::run(root, &council)?, pages::run(root, &council, effort)?].concat(),
        },
    ];
    let text = report::render(&machine::describe(root), &chapters);
    match effort {
        Effort::Full => std::fs::write(root.join("docs/benchmarks.md"), text)?,
        Effort::Quick => say(&text),
    }
    Ok(())
}
