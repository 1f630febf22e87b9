//! Measures a verdict of the gate with 50 rules in Rego, and prints one JSON object a line.
//!
//! What is timed is what a running council does for each verdict: the guardrails look at a plan that is JSON already, and
//! the gate judges. The peers are programs that start for each evaluation, as they do in a pipeline: `opa eval` and
//! `conftest test`, where `COUNCIL_TEST_OPA` and `COUNCIL_TEST_CONFTEST` or the search path say where they are. Beside them
//! starts this program itself (`--once`), reads the same files, judges the same plan, and ends. Run it in release; `--quick`
//! shortens it.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use gitops::gate::{self, Approval, GateFacts, GuardrailFinding, Said, Subject, Touched};
use gitops::kinds::StepAction;
use guardrail::{Guardrails, Severity};
use jiff::Timestamp;
use playbook::{Vocabulary, Workspace};
use serde_json::{Value, json};

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many rules as the figure promises, besides those built in.
const RULES: usize = 50;

/// Steps of the plan that is judged: what one change usually has.
const STEPS: usize = 10;

/// How often each program is started.
const STARTS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, policies, input] = arguments.as_slice()
        && flag == "--once"
    {
        return once(Path::new(policies), Path::new(input));
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let rounds = if quick { 200 } else { 2_000 };
    let policies = policies();
    let guardrails = Guardrails::new(&policies).map_err(|faults| format!("{faults:?}"))?;
    let guardrails = guardrails.on_all_processors();
    let workspace = council();
    let (model, now) = (workspace.model(), "2026-11-23T11:00:00Z".parse::<Timestamp>()?);
    let mut subject = subject(now);
    subject.touched.target(model, "switches");
    let input = plan();
    let mut times: Vec<f64> = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let start = Instant::now();
        let council = gitops::plan::for_guardrails(model, &subject);
        let findings =
            guardrails.judge(&input, &council).into_iter().map(|found| GuardrailFinding {
                policy: found.policy,
                message: found.message,
                denies: found.severity == Severity::Deny,
                resource: found.resource,
            });
        let facts = GateFacts {
            observed: [("switches".to_owned(), now)].into(),
            findings: findings.collect(),
            guardrails_ran: true,
            ..GateFacts::default()
        };
        let verdict = gate::judge(&subject, model, &facts, now);
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if verdict.outcome != gate::Outcome::Allow {
            return Err(verdict.summary().into());
        }
    }
    let ours = median(times);
    let here = format!("gate verdict of a plan of {STEPS} steps with {RULES} Rego rules");
    let started = format!("one start: {RULES} Rego rules read from files and the same plan judged");
    let own = std::env::current_exe()?;
    let own = program(&own, &policies, &input, |command, data, input| {
        command.arg("--once").arg(data).arg(input)
    });
    let own = own.ok_or("this program does not start itself")?;
    for (peer, theirs) in peers(&policies, &input) {
        print(&here, ours, Some((peer, theirs)));
        print(&started, own, Some((peer, theirs)));
    }
    print(
        &format!("reading {RULES} Rego rules and a cold evaluation"),
        cold(&policies, &input)?,
        None,
    );
    Ok(())
}

/// What the peers take for one start.
fn peers(policies: &[(String, String)], input: &Value) -> [(&'static str, Option<f64>); 2] {
    let named = |variable: &str, name: &str| {
        let named = std::env::var_os(variable).filter(|value| !value.is_empty());
        named.map_or_else(|| PathBuf::from(name), PathBuf::from)
    };
    let opa = named("COUNCIL_TEST_OPA", "opa");
    let opa = program(&opa, policies, input, |command, data, input| {
        command.args(["eval", "--data"]).arg(data).arg("--input").arg(input).arg("data.main.deny")
    });
    let conftest = named("COUNCIL_TEST_CONFTEST", "conftest");
    let conftest = program(&conftest, policies, input, |command, data, input| {
        command.args(["test", "--policy"]).arg(data).arg(input)
    });
    [
        ("`opa eval`, the same rules, one start", opa),
        ("`conftest test`, the same rules, one start", conftest),
    ]
}

/// One evaluation by a program that starts for it, files and all.
fn once(folder: &Path, input: &Path) -> Result<(), Box<dyn Error>> {
    let mut policies = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        policies.push((path.display().to_string(), std::fs::read_to_string(&path)?));
    }
    policies.sort();
    let guardrails = Guardrails::new(&policies).map_err(|faults| format!("{faults:?}"))?;
    let input: Value = serde_json::from_slice(&std::fs::read(input)?)?;
    match guardrails.judge(&input, &json!({})).first() {
        Some(found) => Err(found.message.clone().into()),
        None => Ok(()),
    }
}

/// Reading every rule and one evaluation, as a program that starts for it would.
fn cold(policies: &[(String, String)], input: &Value) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        let guardrails = Guardrails::new(policies).map_err(|faults| format!("{faults:?}"))?;
        let found = guardrails.judge(input, &json!({}));
        times.push(start.elapsed().as_secs_f64() * 1e3);
        drop(found);
    }
    Ok(median(times))
}

fn print(name: &str, milliseconds: f64, peer: Option<(&str, Option<f64>)>) {
    let (peer, peer_value) = match peer {
        Some((peer, Some(value))) => (Some(peer), Some(rounded(value))),
        Some((_, None)) | None => (None, None),
    };
    let value = rounded(milliseconds);
    let figure = json!({ "name": name, "value": value, "unit": "ms", "peer": peer, "peer_value": peer_value });
    println!("{figure}");
}

fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How long a program takes for the same; nothing where it is not installed, or does not let the plan pass.
fn program(
    name: &Path,
    policies: &[(String, String)],
    input: &Value,
    arguments: impl for<'a> Fn(&'a mut Command, &Path, &Path) -> &'a mut Command,
) -> Option<f64> {
    let folder = tempfile::tempdir().ok()?;
    for (path, text) in policies {
        std::fs::write(folder.path().join(path), text).ok()?;
    }
    let plan = tempfile::Builder::new().suffix(".json").tempfile().ok()?;
    std::fs::write(plan.path(), input.to_string()).ok()?;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let mut command = Command::new(name);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = arguments(&mut command, folder.path(), plan.path()).status().ok()?;
        if !status.success() {
            return None;
        }
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Some(median(times))
}

/// Rules as teams write them: a field with a limit, and an action that is looked at.
fn policies() -> Vec<(String, String)> {
    let policy = |number: usize| {
        let text = format!(
            "package main\n\nimport rego.v1\n\ndeny contains msg if {{\n\tsome step in input.steps\n\tstep.action != \"destroy\"\n\tsome field in step.fields\n\tfield.name == \"limit_{number}\"\n\tfield.after > {number}\n\tmsg := sprintf(\"%s is above {number}\", [step.resource.name])\n}}\n"
        );
        (format!("limit_{number}.rego"), text)
    };
    (0..RULES).map(policy).collect()
}

fn plan() -> Value {
    let step = |number: usize| {
        let fields: Vec<Value> = (0..5)
            .map(|at| json!({ "name": format!("vlans.v{number}.f{at}"), "before": 1, "after": 2 }))
            .collect();
        json!({
            "id": number + 1, "action": "update", "fields": fields,
            "resource": { "target": "switches", "kind": "file", "name": format!("f{number}.yaml") },
            "labels": { "owner": "network-security" },
        })
    };
    json!({ "hash": "aa", "revision": "r1", "steps": (0..STEPS).map(step).collect::<Vec<_>>() })
}

fn council() -> Workspace {
    const TEXT: &str = "
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin}
---
apiVersion: council/v1
kind: Person
metadata: {name: jonas}
spec: {}
---
apiVersion: council/v1
kind: Seat
metadata: {name: net}
spec: {owns: x, primary: jonas}
---
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: x, primaries: [net], covers: {kinds: [vlan]}}
---
apiVersion: council/v1
kind: RaciArea
metadata: {name: network}
spec: {responsible: [seat/net], accountable: [seat/net], covers: {kinds: [vlan]}}
---
apiVersion: council/v1
kind: Target
metadata: {name: switches}
spec: {via: {directory: {path: x}}, owner: net}
";
    let vocabulary = org::vocabulary(Vocabulary::new());
    let vocabulary = gitops::vocabulary(governance::vocabulary(vocabulary));
    Workspace::of_texts([("council.yaml", TEXT)], Arc::new(vocabulary))
}

fn subject(now: Timestamp) -> Subject {
    let mut touched = Touched::default();
    touched.kinds.insert("vlan".to_owned());
    touched.step(StepAction::Update);
    let approval = Approval {
        seat: "net".to_owned(),
        person: "jonas".to_owned(),
        plan: Some("aa".to_owned()),
        revision: "r1".to_owned(),
        at: now,
        expires: Timestamp::MAX,
    };
    Subject {
        name: "CHG-2026-0001".to_owned(),
        author: "mads".to_owned(),
        revision: "r1".to_owned(),
        plan: Some("aa".to_owned()),
        planned_at: Some(now),
        touched,
        said: Said { description: true, risk: true, rollback: true, ..Said::default() },
        approvals: vec![approval],
        break_glass: None,
    }
}
