//! Measures the simulation of ten years of a schedule of twenty people, and prints one JSON object a line.
//!
//! Twenty people in five countries take weeks in turn around the clock, two of them leave and two join on
//! the way, and a second schedule follows the sun in two layers by day; so joins, hours, holidays, double
//! bookings and the limits of rest are all computed.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::date;
use playbook::{Vocabulary, Workspace};
use reliability::oncall::simulate::simulate;
use reliability::oncall::{Window, zone};

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Timed runs of which the best counts: other work on the machine only ever makes a run slower.
const RUNS: usize = 9;

/// What the limit of the speed chapter allows, in milliseconds.
const LIMIT: f64 = 100.0;

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn main() {
    let text = playbook();
    let vocabulary = Arc::new(reliability::vocabulary(org::vocabulary(Vocabulary::new())));
    let workspace = Workspace::of_texts([("council.yaml", text.as_str())], vocabulary);
    let model = workspace.model();
    let schedule = model.get::<reliability::Schedule>("weeks").expect("BUG: it is generated");
    let clock = zone(model, schedule.spec);
    let window = Window::of_days(date(2026, 1, 5), date(2036, 1, 7), &clock);
    let mut best = f64::INFINITY;
    let mut shifts = 0;
    for _ in 0..RUNS {
        let start = Instant::now();
        shifts = simulate(model, schedule, &[], window).shifts;
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let name = format!("ten years of a schedule of 20 people ({shifts} shifts), simulated");
    let figure = serde_json::json!({"name": name, "value": best, "unit": "ms", "peer": "what we promise", "peer_value": LIMIT});
    println!("{figure}");
}

/// The playbook; every part of it is written, so that each run measures the same.
fn playbook() -> String {
    let places = [
        ("Berlin", "DE"),
        ("Lisbon", "PT"),
        ("Athens", "GR"),
        ("Helsinki", "FI"),
        ("Dublin", "IE"),
    ];
    let mut text = String::new();
    let mut add = |kind: &str, name: &str, spec: &str| {
        let head =
            format!("---\napiVersion: council/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n");
        let written = writeln!(text, "{head}spec: {spec}");
        written.expect("BUG: text can be written");
    };
    add(
        "Organization",
        "example",
        "{purpose: x, north_star: Up., currency: EUR, time_zone: Europe/Berlin, public_holidays: [DE]}",
    );
    add(
        "OnCallTerms",
        "terms",
        "{default: true, waiting: at-home, call_outs: {per_week: 2, each: 45m}}",
    );
    let mut people = String::new();
    for number in 0..20 {
        let (city, country) = places[number % places.len()];
        let dates = match number {
            0 | 1 => format!("leaves: {}-06-01, ", 2029 + number),
            2 | 3 => format!("joined: {}-03-01, ", 2025 + number),
            _ => String::new(),
        };
        let spec = format!("{{{dates}time_zone: Europe/{city}, country: {country}}}");
        add("Person", &format!("person-{number:02}"), &spec);
        people += &format!("{{person: person-{number:02}}}, ");
    }
    let start = "starts: 2026-01-05, hand_off: \"10:00\"";
    add(
        "Schedule",
        "weeks",
        &format!(
            "{{layers: [{{{start}, rotation: {{weekly: {{day: mon}}}}, people: [{people}]}}]}}"
        ),
    );
    let day = |zone: &str| {
        format!(
            "{{{start}, time_zone: {zone}, rotation: {{daily: {{}}}}, only: [{{from: \"08:00\", to: \"16:00\"}}], people: [{people}]}}"
        )
    };
    add(
        "Schedule",
        "days",
        &format!("{{layers: [{}, {}]}}", day("Europe/Athens"), day("America/New_York")),
    );
    text
}
