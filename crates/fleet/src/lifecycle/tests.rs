//! Every state of both provisioners, and what becomes of it.

use jiff::ToSpan as _;

use super::*;
use crate::kinds::{Disks, Gpus, HardwareModel};

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

fn sighting(software: ProvisionerSoftware, state: &str) -> Sighting {
    Sighting {
        provisioner: "p".to_owned(),
        software,
        id: "1".to_owned(),
        name: "m".to_owned(),
        state: state.to_owned(),
        power: Power::On,
        last_error: None,
        maintenance: None,
        since: Some(now() - 40.minutes()),
        seen_at: now(),
        image: None,
        hardware: Hardware::default(),
        simulated: false,
    }
}

#[track_caller]
fn check(software: ProvisionerSoftware, expected: &[(&str, Stage, Option<Waiting>)]) {
    for (state, stage, waits) in expected {
        let standing = judge(&sighting(software, state), Intent::Ready, now());
        assert_eq!((standing.stage, standing.waits), (*stage, *waits), "{state}");
    }
}

#[test]
fn every_state_of_ironic_has_its_meaning() {
    use Waiting::{
        Agent, Cleaning, Inspection, Installation, ManagementController, Person, Release, Service,
    };
    check(
        ProvisionerSoftware::Ironic,
        &[
            ("enroll", Stage::Enrolled, None),
            ("verifying", Stage::Enrolled, Some(ManagementController)),
            ("manageable", Stage::Enrolled, None),
            ("inspecting", Stage::Enrolled, Some(Inspection)),
            ("inspect wait", Stage::Enrolled, Some(Inspection)),
            ("inspect failed", Stage::Enrolled, Some(Person)),
            ("adopting", Stage::Enrolled, Some(ManagementController)),
            ("adopt failed", Stage::Enrolled, Some(Person)),
            ("available", Stage::Ready, None),
            ("cleaning", Stage::Inspected, Some(Cleaning)),
            ("clean wait", Stage::Inspected, Some(Cleaning)),
            ("clean hold", Stage::Inspected, Some(Person)),
            ("clean failed", Stage::Inspected, Some(Person)),
            ("deploying", Stage::Ready, Some(Installation)),
            ("wait call-back", Stage::Ready, Some(Agent)),
            ("deploy hold", Stage::Ready, Some(Person)),
            ("deploy failed", Stage::Ready, Some(Person)),
            ("active", Stage::Deployed, None),
            ("deleting", Stage::Draining, Some(Release)),
            ("error", Stage::Draining, Some(Person)),
            ("rescue", Stage::Maintenance, Some(Service)),
            ("unrescue failed", Stage::Maintenance, Some(Person)),
            ("servicing", Stage::Maintenance, Some(Service)),
            ("service failed", Stage::Maintenance, Some(Person)),
            ("teleporting", Stage::Unknown, None),
        ],
    );
}

#[test]
fn every_status_of_maas_has_its_meaning() {
    use Waiting::{Cleaning, Inspection, Installation, Person, Release, Service, Test};
    check(
        ProvisionerSoftware::Maas,
        &[
            ("New", Stage::Enrolled, None),
            ("Commissioning", Stage::Enrolled, Some(Inspection)),
            ("Failed commissioning", Stage::Enrolled, Some(Person)),
            ("Missing", Stage::Racked, Some(Person)),
            ("Testing", Stage::Inspected, Some(Test)),
            ("Failed testing", Stage::Inspected, Some(Person)),
            ("Broken", Stage::Inspected, Some(Person)),
            ("Ready", Stage::Ready, None),
            ("Reserved", Stage::Ready, None),
            ("Allocated", Stage::Ready, None),
            ("Deploying", Stage::Ready, Some(Installation)),
            ("Failed deployment", Stage::Ready, Some(Person)),
            ("Deployed", Stage::Deployed, None),
            ("Releasing", Stage::Draining, Some(Release)),
            ("Releasing failed", Stage::Draining, Some(Person)),
            ("Disk erasing", Stage::Draining, Some(Cleaning)),
            ("Failed disk erasing", Stage::Draining, Some(Person)),
            ("Rescue mode", Stage::Maintenance, Some(Service)),
            ("Entering rescue mode", Stage::Maintenance, Some(Service)),
            ("Failed to enter rescue mode", Stage::Maintenance, Some(Person)),
            ("Exiting rescue mode", Stage::Maintenance, Some(Service)),
            ("Failed to exit rescue mode", Stage::Maintenance, Some(Person)),
            ("Retired", Stage::Retired, None),
            ("Sunbathing", Stage::Unknown, None),
        ],
    );
}

#[test]
fn people_say_whether_what_is_installed_works_rests_or_goes() {
    let active = sighting(ProvisionerSoftware::Ironic, "active");
    let stage = |intent| judge(&active, intent, now()).stage;
    assert_eq!(stage(Intent::InService), Stage::InService);
    assert_eq!(stage(Intent::Maintenance), Stage::Maintenance);
    assert_eq!(stage(Intent::Retired), Stage::Draining);
    assert_eq!(stage(Intent::Ready), Stage::Deployed);
    let off = Sighting { power: Power::Off, ..active.clone() };
    assert_eq!(judge(&off, Intent::InService, now()).stage, Stage::Deployed);
    let kept_out = Sighting { maintenance: Some("fan".to_owned()), ..active };
    assert_eq!(judge(&kept_out, Intent::InService, now()).stage, Stage::Maintenance);
}

#[test]
fn waiting_is_stuck_only_beyond_its_limit() {
    let mut waiting = sighting(ProvisionerSoftware::Ironic, "wait call-back");
    let stuck = judge(&waiting, Intent::InService, now()).stuck.expect("40 minutes are too long");
    assert_eq!(stuck.minutes, Some(40));
    assert!(stuck.because.contains("longer than the 30 minutes"), "{}", stuck.because);
    assert!(stuck.attempt.contains("console"), "{}", stuck.attempt);
    waiting.since = Some(now() - 30.minutes());
    assert_eq!(judge(&waiting, Intent::InService, now()).stuck, None);
    // Nobody knows since when: no accusation.
    waiting.since = None;
    assert_eq!(judge(&waiting, Intent::InService, now()).stuck, None);
}

#[test]
fn the_last_error_is_explained() {
    let told = |state: &str, error: &str| {
        let seen = Sighting {
            last_error: Some(error.to_owned()),
            ..sighting(ProvisionerSoftware::Ironic, state)
        };
        judge(&seen, Intent::InService, now()).stuck.map(|stuck| stuck.because)
    };
    let ssl = "Failed to get power state: HTTPSConnectionPool: certificate verify failed";
    assert!(told("enroll", ssl).is_some_and(|why| why.contains("certificate")));
    assert!(told("deploy failed", "HTTP 401 AccessError").is_some_and(|why| why.contains("user")));
    let strange = told("deploy failed", "the flux capacitor\n  is empty");
    assert!(strange.is_some_and(|why| why.ends_with("the flux capacitor is empty")));
    // A machine that works is not stuck because of an old error.
    assert_eq!(told("active", ssl), None);
}

#[test]
fn what_is_missing_or_wrong_is_named_and_what_nobody_saw_is_not() {
    let bought = HardwareModel {
        vendor: None,
        height: None,
        watts: None,
        cores: Some(64),
        memory_gib: Some(1024),
        disks: vec![Disks { count: 2, gigabytes: 960 }],
        network_cards: Some(2),
        gpus: Some(Gpus { count: 8, named: Some("H100".to_owned()) }),
        boots_within: None,
    };
    assert_eq!(differences(&bought, &Hardware::default()), []);
    let whole = Hardware {
        cores: Some(64),
        memory_mib: Some(1_031_000),
        disks: Some(vec![959, 960]),
        macs: Some(vec!["a".to_owned(), "b".to_owned()]),
        gpus: Some(vec!["NVIDIA H100".to_owned(); 8]),
        serial: None,
    };
    assert_eq!(differences(&bought, &whole), []);
    let one_module_less = Hardware { memory_mib: Some(992 * 1024), ..whole.clone() };
    assert_eq!(differences(&bought, &one_module_less).len(), 1);
    let broken = Hardware {
        memory_mib: Some(960 * 1024),
        disks: Some(vec![960, 480]),
        gpus: Some(vec!["NVIDIA H100".to_owned(); 7]),
        ..whole
    };
    let found: Vec<String> = differences(&bought, &broken)
        .iter()
        .map(|it| format!("{}: {} not {}", it.part, it.found, it.bought))
        .collect();
    assert_eq!(
        found,
        [
            "memory: 960 GiB not 1024 GiB",
            "disks of 960 GB: 1 not 2",
            "disks of 480 GB: 1 not 0",
            "GPUs: 7 H100 not 8 H100"
        ]
    );
}
