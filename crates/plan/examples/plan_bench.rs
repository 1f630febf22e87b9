//! Measures the planner on 100,000 desired against 100,000 observed resources, and prints one JSON object a line.
//!
//! Three estates: one that is as it should be (a drift check), one of which a hundredth differs (an ordinary change), and one
//! of which everything differs (a new site, or the day after a disaster). The bar is half a second. Run it in release;
//! `--quick` shortens it.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::time::Instant;

use jiff::Timestamp;
use plan::render::{Context, screen};
use plan::{Desired, Fields, Marks, Observations, Observed, Plan, ResourceId, Terms, plan};
use serde_json::json;

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The size that the figure is about.
const RESOURCES: u32 = 100_000;
/// What it may take.
const BAR_MS: f64 = 500.0;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 3 } else { 11 };
    let at = Timestamp::UNIX_EPOCH;
    let terms = Terms { brake: None, ..Terms::new("8f3c2a1", at) };
    for (differs, words) in [
        (0, "nothing differs"),
        (RESOURCES / 100, "1 % differs"),
        (RESOURCES, "everything differs"),
    ] {
        let desired = desired();
        let observed = observed(differs, at);
        let mut made = None;
        let time =
            median(rounds, || plan(None, &desired, &observed, &terms), |plan| made = Some(plan));
        let Some(made) = made else { return };
        assert_eq!(made.steps().len(), usize::try_from(differs).unwrap_or(0));
        print(&format!("plan, 100,000 desired against 100,000 observed, {words}"), time);
        if differs == RESOURCES {
            faces(&made, rounds);
        }
    }
}

/// What people and files do with the largest of plans.
fn faces(made: &Plan, rounds: usize) {
    let context = Context::default();
    print(
        "the screen of a plan of 100,000 steps",
        median(rounds, || screen(made, &context, 50), |shown| assert!(shown.lines().count() <= 50)),
    );
    let text = made.to_json();
    print(
        "a plan of 100,000 steps read from JSON, its hash checked",
        median(
            rounds,
            || Plan::from_json(&text),
            |read| assert!(read.is_ok_and(|read| read.hash() == made.hash())),
        ),
    );
}

/// The median time of some work in milliseconds; what is done with its result is not timed.
fn median<Made>(rounds: usize, work: impl Fn() -> Made, mut with: impl FnMut(Made)) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            let made = work();
            let time = start.elapsed().as_secs_f64() * 1_000.0;
            with(made);
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn print(name: &str, milliseconds: f64) {
    let value = (milliseconds * 10.0).round() / 10.0;
    let figure = json!({
        "name": name, "value": value, "unit": "ms", "peer": "bar", "peer_value": BAR_MS,
    });
    println!("{figure}");
}

fn id(number: u32) -> ResourceId {
    let rack = number % 400;
    ResourceId::new(
        format!("site-{}", number % 5),
        "port",
        format!("rack-{rack:03}/port-{number:06}"),
    )
}

fn fields(number: u32, mtu: u32) -> Fields {
    Fields::from([
        ("mtu".to_owned(), json!(mtu)),
        ("description".to_owned(), json!(format!("uplink {number}"))),
        ("vlan".to_owned(), json!(number % 4_000)),
        ("enabled".to_owned(), json!(true)),
    ])
}

fn desired() -> Vec<Desired> {
    (0..RESOURCES)
        .map(|number| {
            let mut desired = Desired::new(id(number))
                .label("service", format!("service-{}", number % 40))
                .label("site", format!("site-{}", number % 5));
            desired.fields = fields(number, 9_000);
            desired.marks.failure_domain = Some(format!("rack-{:03}", number % 400));
            if number % 10 != 0 {
                desired.marks.depends_on.insert(id(number - number % 10));
            }
            desired
        })
        .collect()
}

fn observed(differs: u32, at: Timestamp) -> Observations {
    let mut observations = Observations::new();
    for site in 0..5 {
        observations.extend(Observations::complete(format!("site-{site}"), at));
    }
    for number in 0..RESOURCES {
        let mtu = if number < differs { 1_500 } else { 9_000 };
        observations.insert(id(number), Observed::Known { fields: fields(number, mtu), at });
        observations.mark(id(number), Marks::default());
    }
    observations
}
