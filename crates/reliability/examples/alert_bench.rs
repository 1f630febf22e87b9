//! Measures how alerts meet silences, and how alerts that are sent again are sifted; prints one JSON object a line.
//!
//! Each silence asks for a service and a regular expression of pods, as people write them; each alert has eight labels. One silence in a
//! hundred names no value at all, so that it must be looked at for every alert.

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use reliability::alerts::{Compiled, Intake, Labels, Posted, Silences, parse_matchers};

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Alerts, and silences: what the speed chapter promises.
const MANY: usize = 10_000;

/// Timed runs of which the best counts.
const RUNS: usize = 3;

/// What is promised of a pair of alert and silence, in nanoseconds.
const LIMIT: f64 = 1_000.0;

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn main() {
    let alerts: Vec<Labels> = (0..MANY).map(alert).collect();
    let silences = Silences::of((0..MANY).map(|number| (format!("{number:05}"), silence(number))));
    let pairs = 1e8;
    let per_pair =
        best(|| alerts.iter().map(|labels| silences.matching(labels).len()).sum()) / pairs;
    let name = "one alert held against one silence, of 10,000 by 10,000";
    println!(
        "{}",
        serde_json::json!({"name": name, "value": per_pair, "unit": "ns", "peer": "what we promise", "peer_value": LIMIT})
    );
    let now = Timestamp::UNIX_EPOCH;
    let timeout = SignedDuration::from_mins(5);
    let posted = || -> Vec<Posted> {
        let send = |labels: &Labels| Posted {
            labels: labels.clone(),
            annotations: BTreeMap::new(),
            starts_at: None,
            ends_at: None,
            generator_url: None,
        };
        alerts.iter().map(send).collect()
    };
    let mut intake = Intake::default();
    intake.sift(posted(), now, timeout);
    let each = best(|| intake.sift(posted(), now, timeout).fired.len()) / 1e4;
    println!(
        "{}",
        serde_json::json!({"name": "an alert that is sent again, sifted", "value": each, "unit": "ns"})
    );
}

/// Nanoseconds of the best run.
fn best(mut work: impl FnMut() -> usize) -> f64 {
    let runs = (0..RUNS).map(|_| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed().as_secs_f64() * 1e9
    });
    runs.fold(f64::INFINITY, f64::min)
}

fn alert(number: usize) -> Labels {
    let (service, pod) = (format!("service-{}", number % 500), format!("pod-{number}"));
    Labels::of([
        ("alertname", "HighLatency"),
        ("service", service.as_str()),
        ("pod", pod.as_str()),
        ("severity", "page"),
        ("site", "ber"),
        ("cluster", "one"),
        ("namespace", "default"),
        ("job", "web"),
    ])
}

fn silence(number: usize) -> Compiled {
    let text = if number.is_multiple_of(100) {
        format!("pod=~\"none-{number}|other-{number}\"")
    } else {
        format!("service=\"service-{}\",pod=~\"pod-{number}.*\"", number % 5_000)
    };
    let matchers = parse_matchers(&text).expect("BUG: they are ours");
    Compiled::of(&matchers).expect("BUG: they are ours")
}
