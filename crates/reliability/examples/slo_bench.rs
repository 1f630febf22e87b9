//! Measures how long the rules of many objectives take, and prints one JSON object a line.
//!
//! The playbook is generated: one OpenSLO document an objective, with an indicator of two queries in
//! place. Reading the files is the playbook's business and not counted; lowering (PromQL and all) and
//! rendering are.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use playbook::{Vocabulary, Workspace};
use reliability::render::prometheus::rules;
use reliability::slo::lower;

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Timed runs of which the best counts: other work on the machine only ever makes a run slower.
const RUNS: usize = 3;

fn main() -> anyhow::Result<()> {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let count: usize = if is_quick { 1_000 } else { 10_000 };
    let text = generated(count)?;
    let files: Vec<(String, &str)> = text
        .iter()
        .enumerate()
        .map(|(number, text)| (format!("slo-{number}.yaml"), text.as_str()))
        .collect();
    let vocabulary = Arc::new(reliability::vocabulary(org::vocabulary(Vocabulary::new())));
    let mut best = f64::INFINITY;
    let mut bytes = 0;
    for _ in 0..RUNS {
        // A playbook remembers what was lowered, so that each run has its own.
        let files = files.iter().map(|(name, text)| (name.as_str(), *text));
        let workspace = Workspace::of_texts(files, vocabulary.clone());
        let start = Instant::now();
        let lowered = lower(workspace.model());
        let rendered = rules(&lowered.slos);
        best = best.min(start.elapsed().as_secs_f64());
        anyhow::ensure!(lowered.slos.len() == count, "{} of {count}", lowered.slos.len());
        bytes = rendered.len();
    }
    let name = format!("rules of {count} objectives, {} MB", bytes / 1_000_000);
    let limit = serde_json::json!({
        "name": name, "value": best, "unit": "s",
        "peer": "what we promise for 10,000", "peer_value": 1.0,
    });
    report(&limit);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the benchmark reads it")]
fn report(line: &serde_json::Value) {
    println!("{line}");
}

/// Files of a hundred objectives each.
fn generated(count: usize) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for file in 0..count / 100 {
        let mut text = String::new();
        for number in file * 100..(file + 1) * 100 {
            write!(
                text,
                "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {{ name: slo-{number}, labels: {{ team: t{} }} }}\nspec:\n  service: service-{number}\n  indicator:\n    metadata: {{ name: i }}\n    spec:\n      ratioMetric:\n        counter: true\n        good: {{ metricSource: {{ spec: {{ query: 'http_requests_total{{job=\"service-{number}\",code!~\"5..\"}}' }} }} }}\n        total: {{ metricSource: {{ spec: {{ query: 'http_requests_total{{job=\"service-{number}\"}}' }} }} }}\n  timeWindow: [{{ duration: 30d, isRolling: true }}]\n  budgetingMethod: Occurrences\n  objectives: [{{ target: 0.999 }}]\n",
                number % 50
            )?;
        }
        files.push(text);
    }
    Ok(files)
}
