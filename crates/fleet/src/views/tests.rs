//! The views over a small playbook with sightings made by hand.

use jiff::ToSpan as _;

use super::*;
use crate::kinds::ProvisionerSoftware;
use crate::lifecycle::{Hardware, Look, Power, Stage};
use crate::vocabulary::TRIAL;

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

const PLAYBOOK: &str = "
    Site/s: {role: primary}
    Role/r: {purpose: x}
    Provisioner/p: {software: ironic, purpose: x, sites: [s]}
    Rack/x: {site: s, label: A1, units: 20, budget_watts: 2000}
    HardwareModel/m: {watts: 600, memory_gib: 64}
    Machine/a: {site: s, rack: A1, unit: 1, height: 2, role: r, model: m}
    Machine/b: {site: s, rack: A1, unit: 19, height: 2, role: r, serial: X2}
    Machine/c: {site: s, rack: A1, role: r}
    Machine/d: {site: s, rack: B1, unit: 3, role: r, lifecycle: planned}
";

fn seen(name: &str, state: &str) -> Sighting {
    Sighting {
        provisioner: "p".to_owned(),
        software: ProvisionerSoftware::Ironic,
        id: format!("id-{name}"),
        name: name.to_owned(),
        state: state.to_owned(),
        power: Power::On,
        last_error: None,
        maintenance: None,
        since: Some(now() - 50.minutes()),
        seen_at: now(),
        image: None,
        hardware: Hardware::default(),
        simulated: true,
    }
}

fn watch(sightings: Vec<Sighting>) -> Watch {
    let look = Look {
        asked_at: Some(now()),
        seen_at: Some(now()),
        silent: None,
        sightings,
        simulated: true,
    };
    Watch { looks: [("p".to_owned(), look)].into() }
}

#[test]
fn machines_are_found_by_name_and_serial_number_and_the_rest_are_strangers() {
    let workspace = TRIAL.read(PLAYBOOK);
    let mut renamed = seen("node-77", "active");
    renamed.hardware.serial = Some("x2".to_owned());
    let watch = watch(vec![seen("a", "active"), renamed, seen("zz", "enroll")]);
    let fleet = Fleet::of(workspace.model(), &watch, now());
    let stages: Vec<_> = fleet.rows().iter().map(|row| (row.name.as_str(), row.stage)).collect();
    assert_eq!(
        stages,
        [
            ("a", Stage::InService),
            ("b", Stage::InService),
            ("c", Stage::Racked),
            ("d", Stage::Planned)
        ]
    );
    let overview = fleet.overview();
    assert!(overview.simulated);
    assert_eq!(overview.strangers.len(), 1);
    assert_eq!(overview.strangers[0].name, "zz");
    // The provisioner answered and does not know `c`; `d` is only planned.
    let problems: Vec<_> = overview.problems.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(problems, ["c"]);
}

#[test]
fn a_rack_is_drawn_from_its_top_and_says_what_it_draws() {
    let workspace = TRIAL.read(PLAYBOOK);
    let watch = watch(vec![seen("a", "active"), seen("b", "active")]);
    let fleet = Fleet::of(workspace.model(), &watch, now());
    let rack = fleet.rack("s", "A1").expect("it is declared");
    assert_eq!((rack.units, rack.watts, rack.budget_watts), (20, 600, Some(2000)));
    let slots: Vec<_> = rack
        .slots
        .iter()
        .map(|slot| (slot.machine.name.as_str(), slot.unit, slot.from_top))
        .collect();
    assert_eq!(slots, [("b", 19, 0), ("a", 1, 18)]);
    assert_eq!(rack.unplaced.len(), 1);
    assert!(fleet.rack("s", "B1").is_some_and(|rack| !rack.is_declared));
    assert!(fleet.rack("s", "Z9").is_none());
}

#[test]
fn what_differs_from_the_bill_and_what_is_stuck_are_problems() {
    let workspace = TRIAL.read(PLAYBOOK);
    let mut short = seen("a", "wait call-back");
    short.hardware.memory_mib = Some(32 * 1024);
    let watch = watch(vec![short, seen("b", "active"), seen("c", "active")]);
    let fleet = Fleet::of(workspace.model(), &watch, now());
    let machine = fleet.machine("a").expect("it is declared");
    assert_eq!(machine.row.health, Health::Problem);
    assert_eq!(machine.row.problems.len(), 2, "{:?}", machine.row.problems);
    assert_eq!(machine.differences[0].found, "32 GiB");
    assert_eq!(machine.row.minutes, Some(50));
}

#[test]
fn nobody_looked_is_no_problem_and_an_old_look_is_no_health() {
    let workspace = TRIAL.read(PLAYBOOK);
    let nothing = Watch::default();
    let fleet = Fleet::of(workspace.model(), &nothing, now());
    assert!(fleet.problems().is_empty());
    assert!(fleet.rows().iter().all(|row| row.health == Health::Unseen));
    let old = watch(vec![seen("a", "active")]);
    let later = now() + 6.minutes();
    let fleet = Fleet::of(workspace.model(), &old, later);
    assert!(fleet.row("a").is_some_and(|row| row.is_stale && row.health == Health::Unseen));
}
