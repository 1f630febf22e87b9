//! Measures how long a thousand artefacts take to render, and what the next run has left to do; prints one JSON object a
//! line.
//!
//! The playbook is generated: a hundred sites with fifty machines, ten VLANs and ten objectives each, and ten targets a site
//! that hold an inventory, VLANs or rules. Everything is rendered anew each time, because pure functions that are fast
//! need no cache that could be stale; what has not changed is no step of the next plan, and nothing is written for it.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use anyhow::ensure;
use jiff::Timestamp;
use jiff::civil::date;
use plan::{Observations, Observed, Terms};
use playbook::Workspace;
use serde_json::json;

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Timed runs of which the best counts: other work on the machine only ever makes a run slower.
const RUNS: usize = 5;

/// What stands beside the time of a thousand: what is promised.
const PROMISED_SECONDS: f64 = 1.0;

fn main() -> anyhow::Result<()> {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let sites = if is_quick { 10 } else { 100 };
    let artefacts = cli::artefacts::artefacts();
    let (before, after) = (playbook(sites, 0)?, playbook(sites, 77)?);
    let (today, now) = (date(2026, 11, 23), "2026-11-23T08:00:00Z".parse::<Timestamp>()?);
    let (mut best, mut rendered) = (f64::INFINITY, None);
    for _ in 0..RUNS {
        let start = Instant::now();
        let made = gitops::plan::desired(before.model(), &artefacts, today);
        best = best.min(start.elapsed().as_secs_f64());
        rendered = Some(made.map_err(|failed| anyhow::anyhow!("{failed:?}"))?);
    }
    let Some(rendered) = rendered else { return Ok(()) };
    ensure!(rendered.desired.len() == sites * 10, "{} artefacts", rendered.desired.len());
    let name = format!("{} artefacts of {} machines rendered", sites * 10, sites * 50);
    let promised = json!({ "peer": "what we promise for 1,000", "peer_value": PROMISED_SECONDS });
    print(&name, best, &promised);

    // Every target holds what was rendered; then one VLAN changes, and somebody plans again.
    let mut observed = Observations::new();
    for desired in &rendered.desired {
        observed.extend(Observations::complete(desired.id.target.clone(), now));
    }
    for desired in &rendered.desired {
        let fields = desired.fields.clone();
        let payload = desired.payload.map(|digest| (plan::PAYLOAD_FIELD.to_owned(), json!(digest)));
        let fields = fields.into_iter().chain(payload).collect();
        observed.insert(desired.id.clone(), Observed::Known { fields, at: now });
    }
    let mut best = f64::INFINITY;
    let mut steps = 0;
    for _ in 0..RUNS {
        let start = Instant::now();
        let made = gitops::plan::desired(after.model(), &artefacts, today);
        let made = made.map_err(|failed| anyhow::anyhow!("{failed:?}"))?;
        let plan = plan::plan(None, &made.desired, &observed, &Terms::new("r2", now));
        best = best.min(start.elapsed().as_secs_f64());
        steps = plan.steps().len();
    }
    let name = format!("the next run after one VLAN changed, with its plan of {steps} of them");
    print(&name, best, &promised);
    Ok(())
}

fn print(name: &str, seconds: f64, peer: &serde_json::Value) {
    let rounded = (seconds * 1e4).round() / 1e4;
    let figure = json!({ "name": name, "value": rounded, "unit": "s", "peer": peer["peer"], "peer_value": peer["peer_value"] });
    println!("{figure}");
}

/// A playbook in which the first VLAN of the first site has a range with this second byte.
fn playbook(sites: usize, second: usize) -> anyhow::Result<Workspace> {
    let mut files = vec![("council.yaml".to_owned(), FRAME.to_owned())];
    for site in 0..sites {
        files.push((
            format!("site-{site}.yaml"),
            of_site(site, if site == 0 { second } else { 0 })?,
        ));
    }
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    Ok(Workspace::of_texts(files, Arc::new(cli::vocabulary())))
}

const FRAME: &str = "
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin}
---
apiVersion: council/v1
kind: Team
metadata: {name: web}
spec: {profile: backend}
---
apiVersion: council/v1
kind: Role
metadata: {name: compute}
spec: {purpose: Runs virtual machines.}
";

fn of_site(site: usize, second: usize) -> anyhow::Result<String> {
    let mut text = String::new();
    writeln!(
        text,
        "apiVersion: council/v1\nkind: Site\nmetadata: {{name: s{site}}}\nspec: {{role: primary}}"
    )?;
    for vlan in 0..10 {
        let subnet = format!("10.{}.{}.0/24", if vlan == 0 { second } else { vlan }, site);
        writeln!(
            text,
            "---\napiVersion: council/v1\nkind: Vlan\nmetadata: {{name: v{site}-{vlan}}}\nspec: {{id: {}, purpose: Tenants., sites: [s{site}], subnets: [{subnet}]}}",
            vlan + 10
        )?;
        writeln!(
            text,
            "---\napiVersion: council/v1\nkind: Service\nmetadata: {{name: service-{site}-{vlan}}}\nspec: {{owner: team/web, sites: [s{site}]}}\n---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: slo-{site}-{vlan}}}\nspec:\n  service: service-{site}-{vlan}\n  indicator:\n    metadata: {{name: i}}\n    spec:\n      ratioMetric:\n        counter: true\n        good: {{metricSource: {{spec: {{query: 'requests_total{{job=\"s{site}-{vlan}\",code!~\"5..\"}}'}}}}}}\n        total: {{metricSource: {{spec: {{query: 'requests_total{{job=\"s{site}-{vlan}\"}}'}}}}}}\n  timeWindow: [{{duration: 30d, isRolling: true}}]\n  budgetingMethod: Occurrences\n  objectives: [{{target: 0.999}}]"
        )?;
    }
    for machine in 0..50 {
        writeln!(
            text,
            "---\napiVersion: council/v1\nkind: Machine\nmetadata: {{name: m{site}-{machine:02}}}\nspec: {{site: s{site}, rack: R{}, role: compute}}",
            machine / 25
        )?;
    }
    for target in 0..10 {
        let artefact = match target % 3 {
            0 => "network/vlans",
            1 => "ansible/inventory",
            _ => "prometheus/rules",
        };
        writeln!(
            text,
            "---\napiVersion: council/v1\nkind: Target\nmetadata: {{name: t{site}-{target}}}\nspec: {{via: {{directory: {{path: x}}}}, site: s{site}, artefacts: [{{name: {artefact}, to: out.yaml}}]}}"
        )?;
    }
    Ok(text)
}
