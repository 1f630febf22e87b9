//! `council boot`: what the machines of the example read, judged by the real programs, and what is refused.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Run, Scratch};

/// Runs `council` on the example with people in the seats.
fn council(arguments: &str) -> Run {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/eustartup-staffed");
    let scratch = Scratch::empty();
    let mut command = scratch.command();
    command.args(arguments.split_whitespace()).arg("--playbook").arg(example);
    Run::of(&command.output().unwrap(), scratch.path())
}

/// What a program says about a text; `None`, said aloud, where it is not installed.
fn judged(program: &str, arguments: &[&str], text: &str) -> Option<(bool, String)> {
    let scratch = Scratch::empty();
    let file = scratch.write("file", text);
    match Command::new(program).args(arguments).arg(file).output() {
        Ok(output) => {
            let both = [output.stdout, output.stderr].concat();
            Some((output.status.success(), String::from_utf8_lossy(&both).into_owned()))
        }
        Err(error) => {
            println!("LEFT OUT: `{program}` did not judge the example: {error}");
            None
        }
    }
}

#[test]
fn every_machine_of_the_example_with_an_image_can_be_installed() {
    let machines = council("list machine --format json").json();
    let mut installed = 0;
    let mut documents = String::new();
    for machine in machines.as_array().unwrap() {
        let name = machine["id"].as_str().unwrap().trim_start_matches("machine/");
        let run = council(&format!("boot render {name}"));
        if run.err.contains("has no golden image") {
            assert_eq!(run.code, 1, "{}", run.shown());
            continue;
        }
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.shown());
        assert!(run.out.starts_with("==> ipxe\n#!ipxe\n"), "{}", run.out);
        assert!(
            run.out.contains("\nPasswordAuthentication no\n")
                || run.out.contains("  PasswordAuthentication no\n"),
            "{}",
            run.out
        );
        installed += 1;
        documents = name.to_owned();
    }
    assert!(installed > 10, "{installed} machines");
    let user_data = council(&format!("boot render {documents} --what user-data")).out;
    if let Some((is_sound, said)) = judged("cloud-init", &["schema", "--config-file"], &user_data) {
        assert!(is_sound, "{said}\n{user_data}");
    }
}

#[test]
fn dhcp_servers_take_what_the_example_says() {
    let run = council("boot dhcp dnsmasq --site eu-1 --base http://10.10.0.5:8069");
    assert!(
        run.out
            .contains("\ndhcp-host=52:54:00:01:0b:01,52:54:00:01:0b:02,10.10.0.11,eu-1-ctl-01\n"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("eu-2"), "{}", run.out);
    let scratch = Scratch::empty();
    let file = scratch.write("dnsmasq.conf", &run.out);
    match Command::new("dnsmasq").arg("--test").arg("-C").arg(file).output() {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(error) => println!("LEFT OUT: `dnsmasq` did not judge the example: {error}"),
    }
    let run = council("boot dhcp kea --base http://10.10.0.5:8069");
    let part: Value = run.json();
    let management = &part["Dhcp4"]["subnet4"].as_array().unwrap();
    let management = management.iter().find(|subnet| subnet["subnet"] == "10.10.0.0/22").unwrap();
    assert!(management["reservations"].as_array().unwrap().len() > 10, "{management:#}");
    if let Some((is_sound, said)) = judged("kea-dhcp4", &["-t"], &run.out) {
        assert!(is_sound, "{said}");
    }
}

#[test]
fn a_mistyped_name_and_a_role_without_image_are_explained() {
    let run = council("boot render eu-1-cmp-1");
    assert_eq!(run.code, 1, "{}", run.shown());
    assert!(run.err.contains("there is no machine and no role `eu-1-cmp-1`"), "{}", run.err);
    assert!(run.err.contains("did you mean") && run.err.contains("`eu-1-cmp-01`"), "{}", run.err);
    let run = council("boot render role/infra-services");
    assert!(run.err.contains("the role `infra-services` has no golden image"), "{}", run.err);
    let run = council("boot serve --files nowhere");
    assert!(run.err.contains("`nowhere` is no directory"), "{}", run.err);
    let run = council("boot serve --files . --listen 0.0.0.0:0");
    assert_eq!(run.code, 2, "{}", run.shown());
    assert!(run.err.contains("--base"), "{}", run.err);
}
