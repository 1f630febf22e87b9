//! `council inventory`, by itself and under the real Ansible.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use expect_test::expect;

use crate::support::Scratch;
use crate::tools;

const MACHINES: &str = "\
apiVersion: council/v1
kind: Site
metadata: { name: eu-1 }
spec: { role: primary }
---
apiVersion: council/v1
kind: Role
metadata: { name: gpu }
spec: { purpose: Train models. }
---
apiVersion: council/v1
kind: Machine
metadata: { name: gpu-01 }
spec: { site: eu-1, rack: A07, unit: 11, height: 4, role: gpu, owner: seat/finops, address: 10.10.1.21, tags: [nvme] }
---
apiVersion: council/v1
kind: Machine
metadata: { name: gpu-00, retired: 2026-11-01 }
spec: { site: eu-1, rack: A07, unit: 11, role: gpu, address: 10.10.1.21 }
";

fn stage() -> Scratch {
    let scratch = Scratch::staffed();
    scratch.write("machines.yaml", MACHINES);
    scratch
}

#[test]
fn machines_in_service_are_listed_and_retired_ones_are_not() {
    let scratch = stage();
    expect![[r#"
        --- stdout
        Host    Role  Site  Rack  Environment  Team  Address
        gpu-01  gpu   eu-1  A07                      10.10.1.21
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("inventory").shown());
    let list = scratch.council("inventory --list").json();
    assert_eq!(list["role_gpu"]["hosts"], serde_json::json!(["gpu-01"]));
    assert_eq!(
        scratch.council("inventory --host gpu-01").json(),
        serde_json::json!({
            "ansible_host": "10.10.1.21",
            "council_owner": "seat/finops",
            "council_rack": "A07",
            "council_role": "gpu",
            "council_site": "eu-1",
            "council_tags": ["nvme"],
            "council_unit": 11,
        })
    );
}

#[test]
fn an_unknown_host_is_a_failure_with_a_guess() {
    expect![[r#"
        --- stderr
        error: there is no host `gpu-1`
          hint: did you mean `gpu-01`?
          hint: list all with `council inventory`
        --- exit 1
    "#]]
    .assert_eq(&stage().council("inventory --host gpu-1").shown());
}

#[test]
fn what_a_system_reports_fills_in_and_strangers_are_marked() {
    let scratch = stage();
    scratch.write(
        "maas.json",
        r#"[{"name": "gpu-01", "environment": "staging", "address": "10.9.9.9"},
            {"name": "found-7", "site": "eu-1"}]"#,
    );
    expect![[r#"
        --- stdout
        @all:
          |--@ungrouped:
          |--@environment_staging:
          |  |--gpu-01
          |--@role_gpu:
          |  |--gpu-01
          |--@site_eu_1:
          |  |--@rack_eu_1_A07:
          |  |  |--gpu-01
          |  |--found-7
          |--@tag_nvme:
          |  |--gpu-01
          |--@undeclared:
          |  |--found-7
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("inventory --graph --observed maas.json").shown());
    let one = scratch.council("inventory --host gpu-01 --observed maas.json").json();
    assert_eq!(one["ansible_host"], "10.10.1.21", "what is declared wins");
    scratch.write("broken.json", "{}");
    let broken = scratch.council("inventory --observed broken.json");
    assert_eq!(broken.code, 1);
    assert!(broken.err.contains("`broken.json` is not a list of hosts"), "{}", broken.err);
}

/// Writes the two lines that make `council` an inventory, as the documentation shows them.
fn script(scratch: &Scratch) -> PathBuf {
    let council = env!("CARGO_BIN_EXE_council");
    let playbook = scratch.path().display();
    let script = scratch.write(
        "inventory.sh",
        format!("#!/bin/sh\nexec '{council}' --playbook '{playbook}' inventory \"$@\"\n"),
    );
    make_executable(&script);
    script
}

fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs one of Ansible's programs on the playbook's inventory.
fn ansible(scratch: &Scratch, program: &Path, arguments: &[&str]) -> Output {
    Command::new(program)
        .arg("-i")
        .arg(script(scratch))
        .args(arguments)
        .current_dir(scratch.path())
        .env("HOME", scratch.path())
        .env("ANSIBLE_NOCOLOR", "1")
        .output()
        .unwrap()
}

#[test]
fn the_real_ansible_reads_it_as_it_stands() {
    let Some(program) = tools::python("ansible-inventory", "the inventory under the real Ansible")
    else {
        return;
    };
    let scratch = stage();
    let graph = ansible(&scratch, &program, &["--graph"]);
    let complaints = String::from_utf8_lossy(&graph.stderr);
    assert!(graph.status.success() && complaints.is_empty(), "{complaints}");
    assert_eq!(
        String::from_utf8_lossy(&graph.stdout),
        scratch.council("inventory --graph").out,
        "Ansible draws the same tree"
    );
    let list = ansible(&scratch, &program, &["--list"]);
    let theirs: serde_json::Value = serde_json::from_slice(&list.stdout).unwrap();
    let ours = scratch.council("inventory --list").json();
    assert_eq!(theirs["_meta"]["hostvars"], ours["_meta"]["hostvars"]);
    assert_eq!(theirs["rack_eu_1_A07"]["hosts"], ours["rack_eu_1_A07"]["hosts"]);
}

#[test]
fn a_play_runs_against_it() {
    let Some(program) = tools::python("ansible-playbook", "a play against the inventory") else {
        return;
    };
    let scratch = stage();
    scratch.write(
        "play.yml",
        "\
- hosts: role_gpu:&site_eu_1
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: \"{{ council_rack }} {{ ansible_host }}\\n\"
        dest: \"{{ playbook_dir }}/{{ inventory_hostname }}.txt\"
",
    );
    // The machines are not there: every one of them is this one.
    let python = "ansible_python_interpreter={{ ansible_playbook_python }}";
    let run = ansible(&scratch, &program, &["-c", "local", "-e", python, "play.yml"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    let written = std::fs::read_to_string(scratch.path().join("gpu-01.txt")).unwrap();
    assert_eq!(written, "A07 10.10.1.21\n");
}
