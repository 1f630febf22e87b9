//! What this room renders, read by the real programs that will read it on a machine.
//!
//! A program that is not installed is said aloud; `cargo xtask test` installs all of them.
#![expect(clippy::print_stderr, reason = "what was left out is said to whoever runs the tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fleet::render::{self, Lan, Links, Setup};
use fleet::{Machine, vocabulary};
use jiff::civil::date;
use playbook::{Typed, Vocabulary, Workspace};
use serde_json::Value;

const PLAYBOOK: &str = include_str!("booting.yaml");

fn workspace() -> Workspace {
    let vocabulary = vocabulary(org::vocabulary(Vocabulary::default()));
    Workspace::of_texts([("council.yaml", PLAYBOOK)], std::sync::Arc::new(vocabulary))
}

fn lans() -> Vec<Lan> {
    let lan = |name: &str, id, subnet: &str, gateway: Option<&str>| Lan {
        name: name.to_owned(),
        id: Some(id),
        sites: Vec::new(),
        subnets: vec![subnet.to_owned()],
        gateway: gateway.map(str::to_owned),
    };
    vec![
        lan("mgmt", 10, "10.10.0.0/22", Some("10.10.0.1")),
        lan("storage", 20, "10.20.0.0/20", None),
    ]
}

/// Renders something for a machine.
fn rendered(machine: &str, render: impl Fn(&Setup<'_>, &Links) -> String) -> String {
    let workspace = workspace();
    let model = workspace.model();
    let machine = model.get::<Machine>(machine).expect("it is declared");
    let setup = Setup::of(model, machine, &lans(), date(2026, 11, 23)).expect("it can boot");
    render(&setup, &Links::shown("http://10.10.0.5:8069", setup.name))
}

/// Runs a program on a file with a text; `None`, said aloud, where it is not installed.
fn judged(program: &str, arguments: &[&str], text: &str) -> Option<Output> {
    let place = tempfile::tempdir().expect("a directory");
    let file = place.path().join("file");
    std::fs::write(&file, text).expect("a file");
    match Command::new(program).args(arguments).arg(&file).output() {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("LEFT OUT: `{program}` did not judge anything: {error}");
            None
        }
    }
}

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// A schema that lies beside this repository where its developers keep specifications.
fn schema(path: &str) -> Option<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs").join(path);
    if let Ok(text) = std::fs::read_to_string(&file) {
        return Some(serde_json::from_str(&text).expect("a schema is JSON"));
    }
    eprintln!("LEFT OUT: no schema `{path}` here");
    None
}

/// YAML as the playbook's own reader would not read it: by the interpreter that comes with cloud-init.
fn as_json(yaml: &str) -> Option<Value> {
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let output = judged("python3", &["-c", script], yaml)?;
    if said(&output).contains("No module named") {
        eprintln!("LEFT OUT: Python has no YAML");
        return None;
    }
    assert!(output.status.success(), "{}\n{yaml}", said(&output));
    Some(serde_json::from_slice(&output.stdout).expect("it is JSON"))
}

#[track_caller]
fn conforms(schema: &Value, value: &Value) {
    let validator = jsonschema::validator_for(schema).expect("a sound schema");
    let problems: Vec<String> = validator
        .iter_errors(value)
        .map(|problem| format!("{}: {problem}", problem.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{}\n{value:#}", problems.join("\n"));
}

#[test]
fn cloud_init_takes_what_machines_are_set_up_with() {
    for machine in ["cmp-01", "sto-01", "gpu-01"] {
        for text in [
            rendered(machine, render::user_data),
            rendered(machine, |setup, _| render::vendor_data(setup)),
        ] {
            let Some(output) = judged("cloud-init", &["schema", "--config-file"], &text) else {
                return;
            };
            assert!(output.status.success(), "{}\n{text}", said(&output));
        }
    }
    // The judge does judge.
    let wrong = "#cloud-config\npackages: { a: b }\n";
    let output = judged("cloud-init", &["schema", "--config-file"], wrong).expect("it is there");
    assert!(!output.status.success(), "{}", said(&output));
}

#[test]
fn documents_conform_to_the_newest_schemas() {
    let user_data = schema("cloud-init/schema-cloud-config-v1.json");
    let network = schema("cloud-init/schema-network-config-v2.json");
    for machine in ["cmp-01", "sto-01", "gpu-01"] {
        let documents = [
            (&user_data, rendered(machine, render::user_data)),
            (&user_data, rendered(machine, |setup, _| render::vendor_data(setup))),
            (&network, rendered(machine, |setup, _| render::network_config(setup))),
        ];
        for (schema, text) in documents {
            let (Some(schema), Some(value)) = (schema, as_json(&text)) else { continue };
            conforms(schema, &value);
        }
    }
}

#[test]
fn ubuntus_installer_takes_its_answers() {
    let text = rendered("gpu-01", render::autoinstall);
    let Some(value) = as_json(&text) else { return };
    if let Some(schema) = schema("autoinstall/autoinstall-schema.json") {
        conforms(&schema, &value["autoinstall"]);
    }
    let inner = value["autoinstall"]["user-data"].clone();
    if let Some(schema) = schema("cloud-init/schema-cloud-config-v1.json") {
        conforms(&schema, &inner);
    }
}

#[test]
fn debconf_takes_the_answers_for_debians_installer() {
    for machine in ["cmp-01", "sto-01"] {
        let text = rendered(machine, render::preseed);
        let Some(output) = judged("debconf-set-selections", &["-c"], &text) else { return };
        // It succeeds with warnings, too; a sound file has none.
        assert!(output.status.success() && said(&output).is_empty(), "{}\n{text}", said(&output));
    }
    let wrong = "d-i netcfg/get_hostname strange a\n";
    let output = judged("debconf-set-selections", &["-c"], wrong).expect("it is there");
    assert!(!said(&output).is_empty(), "an unknown type is warned of");
}

#[test]
fn the_commands_of_the_installer_are_sound_shell() {
    for machine in ["cmp-01", "sto-01"] {
        let text = rendered(machine, render::preseed).replace("\\\n", "");
        for key in ["preseed/early_command string ", "preseed/late_command string "] {
            let command = text.lines().find_map(|line| line.split_once(key)).expect("a line").1;
            let Some(output) = judged("sh", &["-n"], command) else { return };
            assert!(output.status.success(), "{}\n{command}", said(&output));
        }
    }
}

#[test]
fn keys_and_secrets_arrive_as_they_were_written() {
    let text = rendered("sto-01", render::preseed).replace("\\\n", "");
    let command = text
        .lines()
        .find_map(|line| line.split_once("preseed/late_command string "))
        .expect("a line")
        .1;
    let place = tempfile::tempdir().expect("a directory");
    let target = place.path().join("target");
    // The installed system is elsewhere here, and what would be done in it is only said.
    let command = command.replace("/target", &target.display().to_string());
    let script = format!(
        "in_target() {{ echo \"in-target $*\"; }}\n\
         wget() {{ while [ $# -gt 2 ]; do [ \"$1\" = -O ] && out=\"$2\"; shift; done; \
         if [ \"$out\" = - ]; then echo '$6$hash'; elif [ \"$out\" != /dev/null ]; then echo key > \"$out\"; fi; }}\n\
         {}\n",
        command.replace("in-target", "in_target")
    );
    let output = judged("sh", &[], &script).expect("every system has a shell");
    assert!(output.status.success(), "{}\n{script}", said(&output));
    let read = |path: &str| {
        std::fs::read_to_string(target.join(path))
            .unwrap_or_else(|error| format!("{path}: {error}"))
    };
    assert_eq!(read("home/rescue/.ssh/authorized_keys"), "ssh-ed25519 AAAA it's me\n");
    assert_eq!(read("etc/agent/key"), "key\n");
    assert!(
        said(&output).contains("in-target usermod --password $6$hash rescue"),
        "{}",
        said(&output)
    );
    assert!(read("etc/ssh/sshd_config.d/10-council.conf").contains("\nPermitRootLogin no\n"));
}

fn machines(workspace: &Workspace) -> Vec<Typed<'_, Machine>> {
    workspace.model().all::<Machine>().collect()
}

#[test]
fn dnsmasq_takes_its_snippet() {
    let workspace = workspace();
    for base in ["http://10.10.0.5:8069", "http://boot.example.org:8069"] {
        let text = render::dnsmasq(&machines(&workspace), &Links::shown(base, "dhcp"));
        let whole = format!("dhcp-range=10.10.0.50,10.10.0.99,5m\n{text}");
        let Some(output) = judged_as("dnsmasq", "--conf-file=", &["--test"], &whole) else {
            return;
        };
        assert!(output.status.success(), "{}\n{text}", said(&output));
    }
    let wrong = "dhcp-match=nothing\n";
    let output = judged_as("dnsmasq", "--conf-file=", &["--test"], wrong).expect("it is there");
    assert!(!output.status.success(), "{}", said(&output));
}

#[test]
fn kea_takes_its_snippet() {
    let workspace = workspace();
    for base in ["http://10.10.0.5:8069", "http://boot.example.org:8069"] {
        let text = render::kea(&machines(&workspace), &lans(), &Links::shown(base, "dhcp"));
        let Some(output) = judged("kea-dhcp4", &["-t"], &text) else { return };
        assert!(output.status.success(), "{}\n{text}", said(&output));
    }
    let wrong = r#"{ "Dhcp4": { "client-classes": [{ "name": "a", "test": "nothing(" }] } }"#;
    let output = judged("kea-dhcp4", &["-t"], wrong).expect("it is there");
    assert!(!output.status.success(), "{}", said(&output));
}

/// The same for a program that wants the file's name as a part of an option.
fn judged_as(program: &str, option: &str, more: &[&str], text: &str) -> Option<Output> {
    let place = tempfile::tempdir().expect("a directory");
    let file: PathBuf = place.path().join("file");
    std::fs::write(&file, text).expect("a file");
    match Command::new(program).args(more).arg(format!("{option}{}", file.display())).output() {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("LEFT OUT: `{program}` did not judge anything: {error}");
            None
        }
    }
}
