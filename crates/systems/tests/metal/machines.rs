//! Machines through plans: the way of every other change, against the simulated Ironic and MAAS and the real Ironic.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use estate::{Begins, Software, Unit, World};
use fleet::plan::{Deed, Wanted, desired};
use fleet::{Intent, ProvisionerSoftware};
use jiff::Timestamp;
use plan::execute::{End, Fence, MemoryJournal, Outcome, Pace, Run, run};
use plan::{
    Artefacts, FaultKind, FingerprintKey, Plan, Scope, StepId, Target as _, Targets, Terms,
};
use serde_json::Value;
use systems::SystemClock;
use systems::ironic::{Access, Ironic};
use systems::maas::Maas;
use systems::machines::{Machines, NewNode, Outside};

use super::{FAST, client, unit};

/// How often a machine is looked at here.
const PAUSE: Duration = Duration::from_millis(20);

/// A minute of the estate in 60 milliseconds: slow enough to be killed in the middle of an installation.
const SLOW: i64 = 1_000;

/// The driver that every Ironic has and that touches no hardware, and its interfaces.
pub(super) const FAKE: (&str, &str) = (
    "fake-hardware",
    r#"{"deploy_interface":"fake","boot_interface":"fake","inspect_interface":"fake"}"#,
);

fn wanted(name: &str, software: ProvisionerSoftware, intent: Intent) -> Wanted {
    Wanted {
        name: name.to_owned(),
        intent,
        software,
        site: "eu-1".to_owned(),
        rack: Some("A01".to_owned()),
        role: "gpu".to_owned(),
        image: Some("golden".to_owned()),
        environment: None,
        owner: None,
        serial: None,
        macs: vec!["52:54:00:00:00:77".to_owned()],
        bmc: None,
        bought: None,
    }
}

fn target(outside: &Outside, machine: &Wanted) -> Arc<Machines> {
    let machines = vec![machine.clone()];
    Arc::new(Machines::new("p", Ok(outside.clone()), machines, Arc::new(SystemClock), PAUSE))
}

async fn planned(target: &Arc<Machines>, machine: &Wanted) -> Plan {
    let observed = target.observe(Scope::All).await;
    let wish = desired("p", std::slice::from_ref(machine), &observed);
    let mut terms = Terms::new("r1", Timestamp::now());
    terms.held = wish.held;
    plan::plan(None, &wish.desired, &observed, &terms)
}

async fn execute(
    target: &Arc<Machines>,
    plan: &Plan,
    journal: &MemoryJournal,
    token: u64,
) -> Outcome {
    let mut targets = Targets::new();
    targets.insert("p", target.clone());
    let fence = Fence { lease: "apply".to_owned(), token, generation: plan.generation() };
    run(Run {
        plan,
        artefacts: &Artefacts::new(),
        targets: &targets,
        journal,
        fence: &fence,
        clock: &SystemClock,
        fingerprints: &FingerprintKey::default(),
        pace: Pace { attempts: 1, ..Pace::default() },
        stop: &AtomicBool::new(false),
    })
    .await
}

/// Plans and carries out; says what was done, and asserts that it went well and that nothing is left to do.
async fn goes(outside: &Outside, machine: &Wanted) -> Vec<String> {
    let target = target(outside, machine);
    let plan = planned(&target, machine).await;
    let outcome = execute(&target, &plan, &MemoryJournal::new(), 1).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    let again = planned(&target, machine).await;
    let left = again
        .steps()
        .iter()
        .filter(|step| plan.steps().iter().any(|done| done.resource == step.resource));
    assert_eq!(left.count(), 0, "{again:?}");
    plan.steps().iter().map(|step| format!("{} {}", step.action, step.resource.kind)).collect()
}

/// From the rack to work, to another image, out of work, and out of the house.
pub(super) async fn lives(ironic: &Ironic, (driver, fields): (&str, &str)) {
    let fields: Value = serde_json::from_str(fields).expect("an object");
    // Ironic asks whether an image is there before it begins.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let images = format!("http://{}/", listener.local_addr().expect("an address"));
    let server = axum::Router::new().route("/{image}", axum::routing::get(async || "an image"));
    let server = tokio::spawn(serve(listener, server));
    let new = NewNode { driver: driver.to_owned(), fields, images: images.clone() };
    let outside = Outside::Ironic(ironic.clone(), new);
    let with = |intent| wanted("life-1", ProvisionerSoftware::Ironic, intent);
    let ready = goes(&outside, &with(Intent::Ready)).await;
    assert_eq!(ready, ["create enrolment", "create readiness"]);
    assert_eq!(goes(&outside, &with(Intent::InService)).await, ["create installation"]);
    assert_eq!(goes(&outside, &with(Intent::InService)).await, [""; 0]);
    let newer = Wanted { image: Some("golden-2".to_owned()), ..with(Intent::InService) };
    assert_eq!(goes(&outside, &newer).await, ["replace installation"]);
    let node = ironic.node("life-1").await.expect("it is there");
    let image = format!("{images}golden-2");
    assert_eq!((node.image(), node.provision_state.as_deref()), (Some(&*image), Some("active")));
    assert_eq!(goes(&outside, &with(Intent::Maintenance)).await, ["update enrolment"]);
    assert!(ironic.node("life-1").await.expect("it is there").maintenance);
    assert_eq!(goes(&outside, &newer).await, ["update enrolment"]);
    let retired = goes(&outside, &with(Intent::Retired)).await;
    assert_eq!(retired, ["destroy installation", "destroy enrolment"]);
    let gone = ironic.node("life-1").await.expect_err("it is forgotten");
    assert!(gone.to_string().contains("404"), "{gone}");
    server.abort();
}

#[tokio::test]
async fn a_machine_lives_its_life_through_plans_at_the_simulated_ironic() {
    let units = vec![unit("other", "p", Software::Ironic)];
    let estate = estate::start(World::new(units, 1, FAST, Timestamp::now())).await.expect("a port");
    let ironic = Ironic::new(&format!("http://{}/p", estate.address), Access::Open, client());
    lives(&ironic, ("redfish", "{}")).await;
    // The machine that the playbook does not declare was there before, and is there now.
    assert_eq!(ironic.nodes().await.expect("it answers").len(), 1);
}

#[tokio::test]
async fn a_machine_lives_its_life_through_plans_at_the_simulated_maas() {
    let estate =
        estate::start(World::new(Vec::new(), 1, FAST, Timestamp::now())).await.expect("a port");
    let address = format!("http://{}/p/MAAS", estate.address);
    let outside = Outside::Maas(Maas::new(&address, "c:t:s".into(), client()));
    let with = |intent| wanted("life-2", ProvisionerSoftware::Maas, intent);
    let ready = goes(&outside, &with(Intent::Ready)).await;
    assert_eq!(ready, ["create enrolment", "create readiness"]);
    assert_eq!(goes(&outside, &with(Intent::InService)).await, ["create installation"]);
    let newer = Wanted { image: Some("golden-2".to_owned()), ..with(Intent::InService) };
    assert_eq!(goes(&outside, &newer).await, ["replace installation"]);
    let retired = goes(&outside, &with(Intent::Retired)).await;
    assert_eq!(retired, ["destroy installation", "destroy enrolment"]);
}

/// A slow estate with one free machine, and how often a provision state was asked for there.
struct Slow {
    address: std::net::SocketAddr,
    app: axum::Router,
    asked: Arc<AtomicUsize>,
    server: tokio::task::JoinHandle<()>,
}

impl Slow {
    async fn start() -> Self {
        let free =
            Unit { begins: Begins::Free, macs: Vec::new(), ..unit("a", "p", Software::Ironic) };
        let healthy = unit("b", "q", Software::Ironic);
        // The seed deals its one fault to the other machine.
        let seed = (0..).find(|seed| is_healthy(&free, &healthy, *seed)).expect("there is one");
        let world = World::new(vec![free, healthy], seed, SLOW, Timestamp::now());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let app = estate::router(world).layer(axum::middleware::from_fn(
            move |request: axum::extract::Request, next: axum::middleware::Next| {
                if request.uri().path().ends_with("/states/provision") {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                next.run(request)
            },
        ));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = tokio::spawn(serve(listener, app.clone()));
        Self { address, app, asked, server }
    }

    async fn goes_down(&mut self) {
        self.server.abort();
        drop((&mut self.server).await);
    }

    async fn comes_back(&mut self) {
        let listener = tokio::net::TcpListener::bind(self.address).await.expect("the port is free");
        self.server = tokio::spawn(serve(listener, self.app.clone()));
    }

    fn ironic(&self) -> Ironic {
        Ironic::new(&format!("http://{}/p", self.address), Access::Open, client())
    }
}

async fn serve(listener: tokio::net::TcpListener, app: axum::Router) {
    drop(axum::serve(listener, app).await);
}

fn is_healthy(free: &Unit, other: &Unit, seed: u64) -> bool {
    let world = World::new(vec![free.clone(), other.clone()], seed, SLOW, Timestamp::now());
    world.fault_of(&free.name).is_none()
}

/// Looks until the node is being installed.
async fn until_installing(ironic: &Ironic) {
    let mut pace = tokio::time::interval(Duration::from_millis(5));
    loop {
        pace.tick().await;
        let node = ironic.node("a").await.expect("it is there");
        if matches!(node.provision_state.as_deref(), Some("deploying" | "wait call-back")) {
            return;
        }
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_an_installation_another_one_goes_on_and_asks_for_nothing_twice() {
    let slow = Slow::start().await;
    let ironic = slow.ironic();
    let machine = wanted("a", ProvisionerSoftware::Ironic, Intent::InService);
    let target = target(&Outside::Ironic(ironic.clone(), NewNode::default()), &machine);
    let (plan, journal) = (planned(&target, &machine).await, MemoryJournal::new());
    assert_eq!(plan.steps().len(), 1, "{plan:?}");
    tokio::select! {
        outcome = execute(&target, &plan, &journal, 1) => panic!("too late: {outcome:?}"),
        () = until_installing(&ironic) => {}
    }
    let asked = slow.asked.load(Ordering::Relaxed);
    let outcome = execute(&target, &plan, &journal, 2).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    assert_eq!(slow.asked.load(Ordering::Relaxed), asked, "it was asked for again");
    assert_eq!(ironic.node("a").await.expect("it is there").image(), Some("golden"));
}

#[tokio::test]
async fn an_api_that_goes_down_in_the_middle_is_waited_for_and_then_the_step_says_so() {
    let mut slow = Slow::start().await;
    let ironic = slow.ironic();
    let machine = wanted("a", ProvisionerSoftware::Ironic, Intent::InService);
    let target = target(&Outside::Ironic(ironic.clone(), NewNode::default()), &machine);
    let (plan, journal) = (planned(&target, &machine).await, MemoryJournal::new());
    let work = execute(&target, &plan, &journal, 1);
    tokio::pin!(work);
    tokio::select! {
        outcome = &mut work => panic!("too late: {outcome:?}"),
        () = until_installing(&ironic) => {}
    }
    slow.goes_down().await;
    let End::Failed { step: StepId(1), fault } = work.await.end else { panic!("it goes on") };
    assert!(matches!(fault.kind, FaultKind::Unreachable | FaultKind::Timeout), "{fault:?}");
    // While it is silent nothing is planned: neither made again nor taken away.
    let silent = planned(&target, &machine).await;
    assert!(silent.steps().is_empty() && !silent.report().is_empty(), "{silent:?}");
    slow.comes_back().await;
    let asked = slow.asked.load(Ordering::Relaxed);
    let outcome = execute(&target, &plan, &MemoryJournal::new(), 1).await;
    // What an executor without the journal finds is no longer what the plan was made for, or it is what it would have made.
    assert!(matches!(outcome.end, End::Done | End::Stale(_)), "{}", outcome.sentence(&plan));
    assert_eq!(slow.asked.load(Ordering::Relaxed), asked, "it was asked for again");
}

#[tokio::test]
async fn power_is_a_step_that_runs_and_is_taken_back() {
    let units = vec![unit("a", "p", Software::Ironic), unit("b", "q", Software::Ironic)];
    let world = |seed| World::new(units.clone(), seed, FAST, Timestamp::now());
    let seed = (0..).find(|seed| world(*seed).fault_of("a").is_none()).expect("there is one");
    let estate = estate::start(world(seed)).await.expect("a port");
    let ironic = Ironic::new(&format!("http://{}/p", estate.address), Access::Open, client());
    let machine = wanted("a", ProvisionerSoftware::Ironic, Intent::InService);
    let target = target(&Outside::Ironic(ironic.clone(), NewNode::default()), &machine);
    let mut terms = Terms::new("r1", Timestamp::now());
    terms.only = Some([].into());
    terms.proposals = Deed::PowerOff.proposal("p", &machine).into_iter().collect();
    let observed = target.observe(Scope::All).await;
    let plan = plan::plan(None, &[], &observed, &terms);
    assert_eq!(plan.steps().len(), 1, "{plan:?}");
    let outcome = execute(&target, &plan, &MemoryJournal::new(), 1).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    let off = ironic.node("a").await.expect("it is there");
    assert_eq!(off.power_state.as_deref(), Some("power off"));
    let work = plan::Work {
        step: &plan.steps()[0],
        key: plan::IdempotencyKey { plan: plan.hash(), step: StepId(1) },
        artefacts: &Artefacts::new(),
    };
    target.undo(work).await.expect("it comes back");
    let on = ironic.node("a").await.expect("it is there");
    assert_eq!(on.power_state.as_deref(), Some("power on"));
}

#[tokio::test]
async fn what_cannot_be_asked_is_silent_and_takes_no_step() {
    let machine = wanted("a", ProvisionerSoftware::Ironic, Intent::Retired);
    let why = "its credentials are missing".to_owned();
    let target = Arc::new(Machines::new(
        "p",
        Err(why.clone()),
        vec![machine.clone()],
        Arc::new(SystemClock),
        PAUSE,
    ));
    let plan = planned(&target, &machine).await;
    assert!(plan.steps().is_empty(), "{plan:?}");
}
