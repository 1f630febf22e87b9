//! Plans of machines, through the engine that plans everything else.

use jiff::Timestamp;
use plan::{Plan, Terms};

use super::moves::{Goal, Move, Verb, next};
use super::*;
use crate::kinds::{HardwareModel, ProvisionerSoftware};
use crate::lifecycle::{Hardware, Power, Sighting};

const AT: Timestamp = Timestamp::UNIX_EPOCH;

fn machine(name: &str, intent: Intent) -> Wanted {
    Wanted {
        name: name.to_owned(),
        intent,
        software: ProvisionerSoftware::Ironic,
        site: "eu-1".to_owned(),
        rack: Some(format!("A{}", name.len())),
        role: "gpu".to_owned(),
        image: Some("gpu-2".to_owned()),
        environment: None,
        owner: Some("team/ml".to_owned()),
        serial: Some(format!("S-{name}")),
        macs: Vec::new(),
        bmc: None,
        bought: Some(bought()),
    }
}

fn bought() -> HardwareModel {
    serde_json::from_value(serde_json::json!({ "memory_gib": 512 })).expect("a model")
}

fn seen(name: &str, state: &str, image: Option<&str>) -> Sighting {
    Sighting {
        provisioner: "ironic".to_owned(),
        software: ProvisionerSoftware::Ironic,
        id: format!("id-{name}"),
        name: name.to_owned(),
        state: state.to_owned(),
        power: Power::On,
        last_error: None,
        maintenance: None,
        since: Some(AT),
        seen_at: AT,
        image: image.map(str::to_owned),
        hardware: Hardware {
            memory_mib: Some(512 * 1024),
            serial: Some(format!("S-{name}")),
            ..Hardware::default()
        },
        simulated: false,
    }
}

fn planned(machines: &[Wanted], sightings: Vec<Sighting>) -> Plan {
    let observed = observe("ironic", machines, sightings, AT);
    against(machines, &observed)
}

fn against(machines: &[Wanted], observed: &Observations) -> Plan {
    let wish = desired("ironic", machines, observed);
    let mut terms = Terms::new("r1", AT);
    terms.held = wish.held;
    plan::plan(None, &wish.desired, observed, &terms)
}

/// Steps as `create ironic/readiness/a`, held ones with `held` before.
fn words(plan: &Plan) -> Vec<String> {
    let steps = plan.steps().iter().map(|step| format!("{} {}", step.action, step.resource));
    let held =
        plan.report().iter().map(|held| format!("held {} ({:?})", held.resource, held.reason));
    steps.chain(held).collect()
}

#[test]
fn a_new_machine_is_enrolled_and_made_ready_and_not_installed_before_it_was_inspected() {
    let machines = [machine("a", Intent::InService)];
    assert_eq!(
        words(&planned(&machines, Vec::new())),
        [
            "create ironic/enrolment/a",
            "create ironic/readiness/a",
            "held ironic/installation/a (Unfit)"
        ]
    );
    let ready = planned(&machines, vec![seen("a", "available", None)]);
    assert_eq!(words(&ready), ["create ironic/installation/a"]);
    let done = planned(&machines, vec![seen("a", "active", Some("gpu-2"))]);
    assert_eq!(words(&done), [""; 0]);
}

#[test]
fn what_is_not_as_bought_is_not_installed_and_says_what_is_missing() {
    let machines = [machine("a", Intent::InService)];
    let mut short = seen("a", "available", None);
    short.hardware.memory_mib = Some(480 * 1024);
    let plan = planned(&machines, vec![short]);
    assert_eq!(words(&plan), ["held ironic/installation/a (Unfit)"]);
    assert!(plan.report()[0].text.contains("memory: 480 GiB instead of 512 GiB"), "{plan:?}");
    // One that works already goes on working: nothing is taken away because of it.
    let mut works = seen("a", "active", Some("gpu-1"));
    works.hardware.memory_mib = Some(480 * 1024);
    assert_eq!(words(&planned(&machines, vec![works])), ["held ironic/installation/a (Unfit)"]);
}

#[test]
fn silence_and_words_that_nobody_knows_destroy_nothing() {
    let retired = [machine("a", Intent::Retired)];
    let silent = Observations::silent("ironic", None, "no route to host");
    assert_eq!(words(&against(&retired, &silent)), [""; 0]);
    let strange = planned(&retired, vec![seen("a", "levitating", Some("gpu-2"))]);
    assert!(strange.steps().is_empty() && strange.report().len() == 2, "{:?}", words(&strange));
    assert!(strange.report()[0].text.contains("levitating"), "{strange:?}");
    let busy = planned(&retired, vec![seen("a", "deploying", None)]);
    assert!(busy.steps().is_empty() && busy.report().len() == 2, "{:?}", words(&busy));
}

#[test]
fn retiring_erases_then_forgets_and_cannot_be_taken_back() {
    let machines = [machine("a", Intent::Retired), machine("bb", Intent::InService)];
    let sightings = vec![seen("a", "active", Some("gpu-2")), seen("bb", "active", Some("gpu-2"))];
    let plan = planned(&machines, sightings);
    assert_eq!(words(&plan), ["destroy ironic/installation/a", "destroy ironic/enrolment/a"]);
    assert!(!plan.steps()[0].is_reversible() && plan.steps()[0].disruptive);
    assert_eq!(plan.steps()[0].failure_domain.as_deref(), Some("eu-1/A1"));
    assert_eq!(plan.steps()[1].depends_on, [plan.steps()[0].id]);
}

#[test]
fn a_machine_with_a_new_name_is_the_same_machine_and_one_that_left_the_playbook_is_left_alone() {
    let mut renamed = machine("new", Intent::InService);
    renamed.serial = Some("S-old".to_owned());
    let sightings = vec![seen("old", "active", Some("gpu-2")), seen("gone", "active", None)];
    assert_eq!(words(&planned(&[renamed], sightings)), [""; 0]);
}

#[test]
fn a_role_is_written_over_one_machine_after_the_other_rack_by_rack() {
    let names = ["c", "bb", "a", "dd"];
    let machines = names.map(|name| machine(name, Intent::InService));
    let sightings = names.map(|name| seen(name, "active", Some("gpu-1"))).to_vec();
    let plan = planned(&machines, sightings);
    let mut steps: Vec<(String, usize)> = plan
        .steps()
        .iter()
        .map(|step| (format!("{} {}", step.action, step.resource.name), step.depends_on.len()))
        .collect();
    let expected = [("replace c", 0), ("replace a", 1), ("replace bb", 1), ("replace dd", 1)];
    let mut expected = expected.map(|(words, before)| (words.to_owned(), before));
    expected.sort();
    steps.sort();
    assert_eq!(steps, expected);
    assert!(plan.steps().iter().all(|step| !step.is_reversible()));
    let racks: Vec<_> = plan.steps().iter().map(|step| step.failure_domain.clone()).collect();
    assert!(racks.is_sorted(), "{racks:?}");
}

#[test]
fn a_machine_out_of_work_is_kept_and_otherwise_left_as_it_is() {
    let machines = [machine("a", Intent::Maintenance)];
    let mut off = seen("a", "active", Some("gpu-1"));
    off.power = Power::Off;
    let plan = planned(&machines, vec![off]);
    assert_eq!(words(&plan), ["update ironic/enrolment/a"]);
    assert_eq!(plan.steps()[0].fields[0].name, "maintenance");
}

#[test]
fn a_machine_without_power_is_switched_on_and_one_that_does_not_say_is_not() {
    let machines = [machine("a", Intent::InService)];
    let with = |power| Sighting { power, ..seen("a", "active", Some("gpu-2")) };
    assert_eq!(
        words(&planned(&machines, vec![with(Power::Off)])),
        ["update ironic/installation/a"]
    );
    assert_eq!(words(&planned(&machines, vec![with(Power::Unknown)])), [""; 0]);
}

#[test]
fn a_deed_that_the_playbook_does_not_want_says_what_to_write_there() {
    let why = Deed::Retire.check(&machine("a", Intent::InService)).expect_err("it is in service");
    assert_eq!(
        why,
        "`a` has `lifecycle: in-service` in the playbook; to retire it, write `lifecycle: retired` there"
    );
    assert_eq!(Deed::PowerOff.check(&machine("a", Intent::InService)), Ok(()));
    for deed in Deed::ALL {
        assert_eq!(Deed::of(deed.word()), Some(deed));
    }
}

/// Every state in which a machine can rest or wait, as each provisioner writes it.
const STATES: [(ProvisionerSoftware, &[&str]); 2] = [
    (
        ProvisionerSoftware::Ironic,
        &[
            "enroll",
            "verifying",
            "manageable",
            "inspecting",
            "inspect wait",
            "inspect failed",
            "available",
            "cleaning",
            "clean wait",
            "clean failed",
            "deploying",
            "wait call-back",
            "deploy failed",
            "active",
            "deleting",
            "error",
            "adopting",
            "adopt failed",
            "levitating",
        ],
    ),
    (
        ProvisionerSoftware::Maas,
        &[
            "New",
            "Commissioning",
            "Failed commissioning",
            "Missing",
            "Testing",
            "Failed testing",
            "Broken",
            "Ready",
            "Allocated",
            "Deploying",
            "Failed deployment",
            "Deployed",
            "Releasing",
            "Releasing failed",
            "Disk erasing",
            "Failed disk erasing",
            "Levitating",
        ],
    ),
];

const GOALS: [Goal; 10] = [
    Goal::Enrolled,
    Goal::Ready,
    Goal::Inspected,
    Goal::Installed,
    Goal::Free,
    Goal::Gone,
    Goal::Powered(true),
    Goal::Powered(false),
    Goal::Reset,
    Goal::Kept(true),
];

/// Nothing that is installed is erased, forgotten or taken out but for a goal that says so; and nobody asks for ever.
#[test]
fn no_state_leads_to_a_move_that_the_goal_does_not_allow() {
    let all: BTreeSet<Verb> = [
        Verb::Enrol,
        Verb::Manage,
        Verb::Inspect,
        Verb::Provide,
        Verb::Deploy,
        Verb::Release,
        Verb::Forget,
        Verb::PowerOn,
        Verb::PowerOff,
        Verb::Reset,
        Verb::Keep,
        Verb::Unkeep,
    ]
    .into();
    for (software, states) in STATES {
        let machine = Wanted { software, ..machine("a", Intent::InService) };
        for (state, goal) in states.iter().flat_map(|state| GOALS.map(|goal| (state, goal))) {
            let sighting = Sighting { software, ..seen("a", state, Some("gpu-1")) };
            let first = next(goal, &machine, Some(&sighting), &BTreeSet::new());
            let wipes = matches!(first, Move::Ask(Verb::Release | Verb::Forget | Verb::Deploy));
            let may = matches!(goal, Goal::Installed | Goal::Free | Goal::Gone);
            assert!(!wipes || may, "{state}: {goal:?} → {first:?}");
            let forgets = first == Move::Ask(Verb::Forget);
            assert!(!forgets || goal == Goal::Gone, "{state}: {goal:?} → {first:?}");
            let last = next(goal, &machine, Some(&sighting), &all);
            assert!(!matches!(last, Move::Ask(_)), "{state}: {goal:?} asks for ever");
        }
    }
}

#[test]
fn what_came_back_to_where_it_began_has_failed_and_says_why() {
    let mut broken = seen("a", "enroll", None);
    broken.last_error = Some("certificate verify failed".to_owned());
    let machine = machine("a", Intent::Ready);
    let first = next(Goal::Ready, &machine, Some(&broken), &BTreeSet::new());
    assert_eq!(first, Move::Ask(Verb::Manage));
    let Move::Stop(why) = next(Goal::Ready, &machine, Some(&broken), &[Verb::Manage].into()) else {
        panic!("it goes on")
    };
    assert!(why.contains("certificate verify failed"), "{why}");
}
