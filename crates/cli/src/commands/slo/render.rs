//! `council slo render`: rules, their tests and dashboards as files.

use std::path::PathBuf;

use reliability::render::{grafana, prometheus};
use reliability::slo::{Indicator, Slo, lower};
use serde_json::json;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::{files, guess, printer};

/// Render Prometheus rules, the tests that prove them, and Grafana dashboards
///
/// Without `--out` the rules of all objectives go to stdout as one file. With it, a directory gets
/// `rules/`, `tests/` (run by `promtool test rules`) and `dashboards/`, a file an objective.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Render {
    /// Only these objectives [default: all]
    #[arg(value_name = "SLO")]
    slos: Vec<String>,
    /// Write a file an objective into a directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(render: &Render, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let lowered = lower(workspace.model());
    for skipped in &lowered.skipped {
        context.printer.warn(&format!("no rules for `{}`: {}", skipped.source, skipped.reason));
    }
    let (own, slos): (Vec<_>, Vec<_>) = chosen(lowered.slos.clone(), &render.slos)?
        .into_iter()
        .partition(|slo| matches!(slo.indicator, Indicator::Own(_)));
    for slo in own {
        context
            .printer
            .note(&format!("no rules for `{}`: council counts and watches it itself", slo.id));
    }
    let Some(below) = &render.out else {
        let rules = prometheus::rules(&slos);
        if context.printer.is_machine() {
            context.printer.data(&printer::json(&json!({ "rules": rules })))?;
        } else {
            context.printer.data(&rules)?;
        }
        return Ok(Outcome::Done);
    };
    let root = context.environment.directory.join(below);
    let written = write_all(&slos, &root)?;
    let below = below.display();
    context.printer.note(&format!(
        "wrote {written} files; prove them with `promtool test rules {below}/tests/*.yaml`"
    ));
    Ok(Outcome::Done)
}

/// The named objectives, or all.
pub(super) fn chosen(slos: Vec<Slo>, names: &[String]) -> Result<Vec<Slo>, CommandError> {
    for name in names {
        if !slos.iter().any(|slo| slo.id == *name) {
            let known = slos.iter().map(|slo| slo.id.as_str());
            return Err(CommandError::usage(format!("there is no objective `{name}`"))
                .hints(guess::did_you_mean(name, known)));
        }
    }
    Ok(slos.into_iter().filter(|slo| names.is_empty() || names.contains(&slo.id)).collect())
}

fn write_all(slos: &[Slo], root: &std::path::Path) -> Result<usize, CommandError> {
    for slo in slos {
        let id = &slo.id;
        let rules = prometheus::rules(std::slice::from_ref(slo));
        files::write(&root.join(format!("rules/{id}.yaml")), rules)?;
        let tests = prometheus::tests(slo, &format!("../rules/{id}.yaml"));
        files::write(&root.join(format!("tests/{id}.yaml")), tests)?;
        let dashboard = printer::json(&grafana::of_slo(slo));
        files::write(&root.join(format!("dashboards/{id}.json")), dashboard)?;
    }
    let overview = printer::json(&grafana::overview());
    files::write(&root.join("dashboards/overview.json"), overview)?;
    // Whoever renders into the playbook does not want the files to be read as a part of it.
    files::write(&root.join(".councilignore"), "*\n")?;
    Ok(slos.len() * 3 + 2)
}
