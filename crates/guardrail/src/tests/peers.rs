//! The programs whose conventions these are judge the same plans by the same policies and find the same: `opa eval` and
//! `conftest test`, where `COUNCIL_TEST_OPA` and `COUNCIL_TEST_CONFTEST` or the search path say where they are.
//!
//! OPA alone knows no exceptions, which are conftest's; so they are taken from what it finds by the same rule. Absent on
//! purpose: rules that cannot be evaluated. There we deny, and they are silent; that is decided, not found out.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::{TEAM, council, plan};
use crate::built_in::KNOWN;
use crate::finding::messages;
use crate::heads::heads;
use crate::{BUILT_IN, Guardrails, Severity};

/// What was found: package, severity, message.
type Found = BTreeSet<(String, Severity, String)>;

#[test]
fn opa_finds_the_same() {
    let Some(opa) = program("COUNCIL_TEST_OPA", "opa") else { return };
    same(|folder, input| by_opa(&opa, folder, input));
}

#[test]
fn conftest_finds_the_same() {
    let Some(conftest) = program("COUNCIL_TEST_CONFTEST", "conftest") else { return };
    same(|folder, input| by_conftest(&conftest, folder, input));
}

/// A program that a variable names or that is on the search path, or a loud word about its absence.
fn program(variable: &str, name: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = || {
        std::env::split_paths(&path).map(|below| below.join(name)).find(|program| program.is_file())
    };
    let found = named.or_else(on_path);
    if found.is_none() {
        let why = format!("`{name}` is not on the path and `{variable}` names none");
        // At once, and around what the test harness holds back of tests that pass.
        let words = format!("LEFT OUT: policies beside the real {name}: {why}\n");
        drop(std::io::stderr().lock().write_all(words.as_bytes()));
    }
    found
}

/// Compares every plan; each finding of any kind is made by some of them, so that the same is not the same nothing.
fn same(theirs: impl Fn(&Path, &Path) -> Found) {
    let policies = [("policies/team.rego".to_owned(), TEAM.to_owned())];
    let guardrails = Guardrails::new(&policies).expect("the policies are sound");
    let folder = tempfile::tempdir().expect("a folder");
    let all = BUILT_IN.iter().chain([&KNOWN, &("team.rego", TEAM)]);
    for (path, text) in all {
        let name = Path::new(path).file_name().expect("a name");
        std::fs::write(folder.path().join(name), text).expect("it is written");
    }
    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("input.json");
    let mut found = Found::new();
    for (input, facts) in plans() {
        let ours: Found = guardrails
            .judge(&input, &facts)
            .into_iter()
            .map(|it| (it.package, it.severity, it.message))
            .collect();
        let mut whole = input;
        whole["council"] = facts;
        std::fs::write(&file, whole.to_string()).expect("it is written");
        assert_eq!(ours, theirs(folder.path(), &file), "{whole}");
        found.extend(ours);
    }
    let packages: BTreeSet<&str> = found.iter().map(|(package, ..)| package.as_str()).collect();
    assert_eq!(packages.len(), BUILT_IN.len() + 1, "{packages:?}");
}

/// Plans that every guardrail denies and lets pass, with values of every sort where texts are usual.
fn plans() -> Vec<(Value, Value)> {
    let production = || council("production", &[]);
    let fields = [
        json!({ "database.password": "hunter2", "api_key": "1234", "a_token": 5, "secret": null }),
        json!({ "database.password": "vault:kv/data/db#password", "token": "${DB_PASSWORD}" }),
        json!({ "content": "-----BEGIN OPENSSH PRIVATE KEY-----" }),
        json!({ "note": format!("use {}{}", "AKIA", "ABCDEFGHIJKLMNOP") }),
        json!({ "rules.0.port": 22, "rules.0.source": "0.0.0.0/0" }),
        json!({ "rules.0.ports": "20-25", "rules.0.cidr": "::/0" }),
        json!({ "ports": [443, "ssh"], "source": ["10.0.0.0/8", "0.0.0.0/0", 7] }),
        json!({ "rules.0.port": 22, "rules.0.source": "any", "rules.0.action": "drop" }),
        json!({ "rules.0.port": 22, "rules.0.source": "any", "rules.0.action": true }),
        json!({ "rules.0.port": 22, "rules.1.source": "0.0.0.0/0" }),
        json!({ "rules.0.port": {"from": 22}, "rules.0.source": {"any": true} }),
        json!({ "rules.0.ports": "22-", "rules.0.source": "a,World" }),
        json!({ "public": true, "größe": "Ä\u{1f512}\n" }),
        json!({ "public": false }),
    ];
    let mut plans: Vec<(Value, Value)> = fields
        .iter()
        .flat_map(|fields| {
            ["update", "create", "replace", "destroy"].map(|action| {
                (plan(action, "vlan", "tenants", fields), council("staging", &["0001-x"]))
            })
        })
        .collect();
    for facts in [production(), json!({}), council("production", &["0001-x"])] {
        for action in ["update", "destroy", "replace"] {
            plans.push((plan(action, "file", "x.yaml", &json!({})), facts.clone()));
        }
    }
    for (kind, name) in [("vlan", "Tenants 2"), ("file", "../etc/passwd"), ("file", "a b")] {
        plans.push((plan("create", kind, name, &json!({})), production()));
    }
    let wants = json!({ "required_labels": ["owner", "service"], "targets": {} });
    plans.push((plan("create", "vlan", "tenants", &json!({})), wants));
    plans.push((plan("update", "vlan", "website", &json!({ "public": true })), production()));
    plans.push((json!({ "steps": [] }), production()));
    plans.push((json!({}), json!({})));
    plans
}

fn answer(command: &mut Command) -> Value {
    let output = command.output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let why = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{command:?}: {text}{why}"))
}

fn by_opa(program: &Path, folder: &Path, input: &Path) -> Found {
    let mut command = Command::new(program);
    command.args(["eval", "--format", "json", "--data"]).arg(folder);
    command.arg("--input").arg(input).arg("data");
    let answer = answer(&mut command);
    let mut found = Found::new();
    walk("", &answer["result"][0]["expressions"][0]["value"], &mut found);
    found
}

/// Goes through packages; what a rule of conftest's names holds is findings.
fn walk(package: &str, value: &Value, found: &mut Found) {
    let Value::Object(names) = value else { return };
    let excepted: BTreeSet<String> = messages(&names.get("exception").cloned().unwrap_or_default())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    for (name, value) in names {
        let below = if package.is_empty() { name.clone() } else { format!("{package}.{name}") };
        match heads(&format!("{name} := 1")).first() {
            Some((rule, _)) if excepted.contains(crate::heads::short(rule)) => {}
            Some((_, severity)) => {
                let said = messages(value).into_iter();
                found.extend(said.map(|(said, _)| (package.to_owned(), *severity, said)));
            }
            None => walk(&below, value, found),
        }
    }
}

fn by_conftest(program: &Path, folder: &Path, input: &Path) -> Found {
    let mut command = Command::new(program);
    command.args(["test", "--all-namespaces", "--no-color", "--output", "json", "--policy"]);
    let answer = answer(command.arg(folder).arg(input));
    let mut found = Found::new();
    for namespace in answer.as_array().expect("a list") {
        let package = namespace["namespace"].as_str().expect("a package");
        for (list, severity) in [("failures", Severity::Deny), ("warnings", Severity::Warn)] {
            for one in namespace[list].as_array().into_iter().flatten() {
                let said = one["msg"].as_str().expect("a message").to_owned();
                found.insert((package.to_owned(), severity, said));
            }
        }
    }
    found
}
